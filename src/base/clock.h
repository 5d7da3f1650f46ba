/* Time and identifiers: for the doors.  The pure core takes both as values. */
#ifndef BAILIFF_BASE_CLOCK_H
#define BAILIFF_BASE_CLOCK_H

#include <stdint.h>

#include "base/problem.h"

/* Nanoseconds since 1970-01-01T00:00:00Z. */
uint64_t clock_wall_ns(void);
/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t clock_mono_ns(void);
/* "2026-11-21T09:08:07.123456Z": 27 bytes and a NUL. */
void clock_format(uint64_t wall_ns, char out[28]);

/* Fills `bytes` from getrandom(2). */
bool random_bytes(void *bytes, size_t count, struct problem *problem)
	__attribute__((warn_unused_result));

struct uuid {
	unsigned char bytes[16];
};
/* A version 7 UUID (RFC 9562, 5.7) of this moment. */
bool uuid_v7(uint64_t wall_ns, struct uuid *uuid, struct problem *problem)
	__attribute__((warn_unused_result));
/* 36 characters and a NUL. */
void uuid_format(const struct uuid *uuid, char out[37]);
/* The reverse; any version.  False where `text` is no UUID. */
bool uuid_parse(struct span text, struct uuid *uuid);

#endif
