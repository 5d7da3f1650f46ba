/*
 * A borrowed, read-only run of bytes.
 *
 * Not NUL-terminated; may hold any byte, NUL and 0xFF among them.  `ptr` may
 * be NULL only when `len` is 0.  A span never owns: whoever owns the bytes
 * must outlive it.  Pass by value.
 */
#ifndef BAILIFF_BASE_SPAN_H
#define BAILIFF_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *ptr;
	size_t len; /* bytes */
};

/* A span over a string literal, without its terminator. */
#define SPAN(literal) ((struct span){ "" literal, sizeof(literal) - 1 })
/* The same for static initialisers. */
/* clang-format off */
#define SPAN_INIT(literal) { "" literal, sizeof(literal) - 1 }
/* clang-format on */

/* A span over a C string; NULL gives the empty span. */
struct span span_of(const char *string);

/* The bytes from `start` to before `end`; both are clamped to the span. */
static inline struct span span_slice(struct span text, size_t start, size_t end)
{
	if (end > text.len)
		end = text.len;
	if (start > end)
		start = end;
	return (struct span){ text.len ? text.ptr + start : text.ptr, end - start };
}

/* The bytes from `start` on. */
static inline struct span span_from(struct span text, size_t start)
{
	return span_slice(text, start, text.len);
}

static inline bool span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool span_starts(struct span text, struct span prefix)
{
	return text.len >= prefix.len && span_equal((struct span){ text.ptr, prefix.len }, prefix);
}

/* The same, without regard to ASCII case. */
bool span_equal_nocase(struct span a, struct span b);
/* Less than 0, 0, more than 0: byte order, the shorter first where one is a prefix. */
int span_compare(struct span a, struct span b);
bool span_ends(struct span text, struct span suffix);
/* Whether `byte` occurs; *at is its first place, set on success only; at may be NULL. */
bool span_find_byte(struct span text, char byte, size_t *at);
/* Whether `part` occurs; *at is its first place, set on success only; at may be NULL. */
bool span_find(struct span text, struct span part, size_t *at);
/* Without ASCII blanks, tabs and line ends at either side. */
struct span span_trim(struct span text);
/* Cuts the part before `separator` off *rest and stores it in *part; false once *rest is used up. */
bool span_split(struct span *rest, char separator, struct span *part);

#endif
