/*
 * The one JSON reader (RFC 8259), strict: UTF-8 only, no duplicate keys, no
 * trailing bytes, no lone surrogates, depth and size bounded.  Writing is outbuf's.
 *
 * Memory: values live in the caller's arena; text without escapes points into
 * `source`, which must outlive them.  Trust: `source` is hostile; time and
 * memory are linear in its length.
 */
#ifndef BAILIFF_BASE_JSON_H
#define BAILIFF_BASE_JSON_H

#include <stdint.h>

#include "base/arena.h"
#include "base/outbuf.h"
#include "base/problem.h"

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json_value {
	enum json_kind kind;
	struct span text;         /* STRING: decoded; NUMBER: as written */
	struct span key;          /* decoded; for members of an object */
	size_t start, end;        /* bytes in the source */
	size_t key_start;         /* for members of an object */
	size_t count;             /* of an array or object */
	struct json_value *first; /* of an array or object, in order of appearance */
	struct json_value *next;
};

struct json_limits {
	size_t source_bytes; /* longest text accepted */
	unsigned depth;      /* deepest nesting accepted; bounds the C stack too */
};
extern const struct json_limits json_default_limits; /* 8 MiB, 128 deep */

/* Reads one value with nothing but white space around it.  limits: NULL for the default. */
bool json_parse(struct span source, const struct json_limits *limits, struct arena *arena,
                struct json_value **value, struct problem *problem)
	__attribute__((warn_unused_result));

/* The member called `key`, or NULL: also where `object` is NULL or no object. */
const struct json_value *json_get(const struct json_value *object, struct span key);
/* A string's text, or false where `value` is NULL or no string. */
bool json_string(const struct json_value *value, struct span *text);
/* True or false; false as a return where `value` is NULL or no boolean. */
bool json_bool(const struct json_value *value, bool *truth);
/* A whole number in the range of int64_t, without a fraction or exponent. */
bool json_int(const struct json_value *value, int64_t *number);
/* Any finite number of at most 320 characters, to the nearest double. */
bool json_double(const struct json_value *value, double *number);

/*
 * Writes a value over several lines, two blanks a level; `depth` is the level it
 * stands at.  Numbers stay as written.  Deeper than 512 latches the failure of `out`.
 */
void json_write(const struct json_value *value, unsigned depth, struct outbuf *out);

#endif
