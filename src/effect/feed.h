/*
 * What a few programs do that no table row can say: find and xargs put names into another command,
 * cp carries contents from file to file, a container sees our folders under other names.
 */
#ifndef BAILIFF_EFFECT_FEED_H
#define BAILIFF_EFFECT_FEED_H

#include "effect/engine.h"

/* Before and after the uses of a command. */
bool feed_start(struct running *run) __attribute__((warn_unused_result));
bool feed_end(struct running *run) __attribute__((warn_unused_result));
/* A command line within the arguments, with the names that find or xargs put into it. */
bool feed_words(struct running *run, size_t first, size_t count, bool more)
	__attribute__((warn_unused_result));
/* Shell text within the arguments; the words behind it are its $0, $1 ... */
bool feed_shell(struct running *run, const struct command_use *use, const struct value *text)
	__attribute__((warn_unused_result));
/* find DIR -name PATTERN -delete: only what has that name.  *narrowed says whether. */
bool feed_narrow(struct running *run, struct field *field, bool *narrowed)
	__attribute__((warn_unused_result));
/* KEY=VALUE where the value is a command. */
bool feed_setting(struct running *run, const struct value *setting)
	__attribute__((warn_unused_result));

/* ---- feed_special.c ---- */

/* git's ext::COMMAND transport. */
bool feed_transport(struct running *run, struct span text) __attribute__((warn_unused_result));
/* docker run -v OUTSIDE:INSIDE IMAGE COMMAND: our folders under other names. */
bool feed_is_container(const struct running *run);
void feed_outside(struct field *mount);
bool feed_container(struct running *run, const struct command_use *use)
	__attribute__((warn_unused_result));
/* SQL with a client's own commands in it: \! of psql. */
bool feed_statement(struct running *run, const struct value *text)
	__attribute__((warn_unused_result));
/* The project's own code, where this action wrote it. */
bool feed_project(struct running *run) __attribute__((warn_unused_result));
/* nc -e: the program's input and output are the network's. */
bool feed_socket(struct running *run) __attribute__((warn_unused_result));
/* An address of socat(1). */
bool feed_address(struct running *run, const struct field *field)
	__attribute__((warn_unused_result));

#endif
