/*
 * Two matchers for two things (reading 5 of the specification): paths, where
 * `*` stops at a slash, and plain text (models, tools, hosts, command words),
 * where it does not.  Both are linear in text times stars: no backtracking
 * beyond the last star of a kind.
 */
#ifndef BAILIFF_BASE_GLOB_H
#define BAILIFF_BASE_GLOB_H

#include "base/span.h"

enum glob_case { GLOB_CASE_SENSITIVE, GLOB_CASE_FOLD /* ASCII */ };

/*
 * Paths: `*` and `?` stop at '/', `**` as a whole component is any number of
 * components (none too), `[a-z]`, `[!a]`, `[[:digit:]]` classes, `\x` is x.  A pattern that
 * ends in "/<two stars>" does not match the directory itself.  `?` and a class take
 * one code point, or one byte where `path` is not UTF-8.  Slashes at the end and
 * doubled ones count for nothing; a relative pattern matches relative paths only,
 * unless it begins with `**`.
 */
bool glob_path(struct span pattern, struct span path);
/*
 * One component, or any text in which a slash is nothing special: `*`, `?`, classes with
 * [:named:] ones, `\x`.  These are also the shell's patterns (bash manual, 3.5.8.1, without extglob).
 */
bool glob_component(struct span pattern, struct span text);
/* Text: `*` is any run of bytes, nothing else is special. */
bool glob_text(struct span pattern, struct span text, enum glob_case fold);

#endif
