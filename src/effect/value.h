/*
 * What is known of a piece of text: all of it, or its beginning and its end, or nothing, and
 * where it came from.  The empty, complete value is zero-initialised with `complete` set.
 */
#ifndef BAILIFF_EFFECT_VALUE_H
#define BAILIFF_EFFECT_VALUE_H

#include "base/arena.h"

enum origin {
	ORIGIN_ENVIRONMENT = 1 << 0, /* a variable that the script does not set */
	ORIGIN_FILE = 1 << 1,        /* contents of a file, names in a folder */
	ORIGIN_NET = 1 << 2,         /* came by the network */
	ORIGIN_COMMAND = 1 << 3,     /* output of a program */
	ORIGIN_SECRET = 1 << 4,      /* credentials, or the environment as a whole */
	ORIGIN_INPUT = 1 << 5,       /* standard input, arguments of the script */
	ORIGIN_TEMP = 1 << 6,        /* a name that mktemp made */
	ORIGIN_GLOB = 1 << 7         /* names that a pattern matched: no slash in them */
};

struct value {
	struct span head;   /* the known bytes from the start */
	struct span tail;   /* the known bytes at the end; empty where complete */
	bool complete;      /* head is all of it */
	unsigned origins;   /* enum origin, of the unknown part; of the whole for NET and SECRET */
	struct span source; /* what a secret or a download came from: a path, a host */
};

struct value value_of(struct span text);
struct value value_unknown(unsigned origins);
/* Equal in everything that is known. */
bool value_equal(const struct value *a, const struct value *b);

/* Text that grows in the arena. */
struct text {
	char *ptr;
	size_t len, cap;
};
bool text_add(struct arena *arena, struct text *text, struct span bytes)
	__attribute__((warn_unused_result));
struct span text_span(const struct text *text);

/* A value that grows at its end. */
struct value_builder {
	struct text head, tail;
	bool open; /* something unknown was added */
	unsigned origins;
	struct span source;
};
bool builder_add(struct arena *arena, struct value_builder *builder, const struct value *value)
	__attribute__((warn_unused_result));
bool builder_add_text(struct arena *arena, struct value_builder *builder, struct span text)
	__attribute__((warn_unused_result));
struct value builder_value(const struct value_builder *builder);

/* The part of a known number of bytes: decimal text into the arena. */
bool value_number(struct arena *arena, long long number, struct value *value)
	__attribute__((warn_unused_result));

#endif
