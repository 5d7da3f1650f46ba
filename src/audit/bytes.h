/* Numbers as big-endian bytes: what is hashed, sent and spooled.  Private to audit/. */
#ifndef BAILIFF_AUDIT_BYTES_H
#define BAILIFF_AUDIT_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline void bytes_put(unsigned char *at, uint64_t number, size_t width)
{
	for (size_t i = width; i > 0; i--, number >>= 8)
		at[i - 1] = (unsigned char)(number & 0xFF);
}

static inline uint64_t bytes_get(const unsigned char *at, size_t width)
{
	uint64_t number = 0;

	for (size_t i = 0; i < width; i++)
		number = number << 8 | at[i];
	return number;
}

#endif
