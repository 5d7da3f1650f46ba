/* SHA-256 (FIPS 180-4) for the library-free programs, and constant-time comparison. */
#ifndef BAILIFF_BASE_HASH_H
#define BAILIFF_BASE_HASH_H

#include <stdint.h>

#include "base/span.h"

enum { SHA256_BYTES = 32 };

struct sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, struct span bytes);
void sha256_end(struct sha256 *hash, unsigned char digest[SHA256_BYTES]);
/* The three in one. */
void sha256_of(struct span bytes, unsigned char digest[SHA256_BYTES]);
/* CRC-32C (RFC 3720, Castagnoli). */
uint32_t crc32c_of(struct span bytes);
/* Equal length and bytes, in time that depends on the length alone. */
bool hash_equal(struct span a, struct span b);

#endif
