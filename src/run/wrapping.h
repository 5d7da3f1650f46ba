/*
 * How agents wrap a command in the text that they give to a shell, as data: the "shells" of a
 * profile.
 *
 *     *        one word, as agents quote it: plain, or '...' with each ' as '\'' or '"'"'
 *     {word}   the same: the command
 *     {text}   the rest as it is: the command
 *     **       anything, up to what the shape ends with
 *
 * Everything else stands for itself.  A shape without a command is a shell that the agent starts
 * for itself.  Linear: nothing is tried twice.
 */
#ifndef BAILIFF_RUN_WRAPPING_H
#define BAILIFF_RUN_WRAPPING_H

#include "base/hash.h"

enum wrapping {
	WRAPPING_NONE = 0, /* the text has not this shape */
	WRAPPING_OWN,      /* it has, and there is no command in it */
	WRAPPING_COMMAND   /* it has; then its command's digest is set */
};

/* Takes `text` apart by `shape`. */
enum wrapping wrapping_match(struct span shape, struct span text,
                             unsigned char sha256[SHA256_BYTES]);

#endif
