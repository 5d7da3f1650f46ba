/*
 * The hashes of the record (SHA-256, OpenSSL's for its speed):
 *
 *   content    SHA256(0x02 || salt[16] || body)
 *   genesis    SHA256(0x04 || log id[32] || genesis text)
 *   chain      SHA256(0x03 || chain before || header); before the first: genesis
 *
 * The leading byte keeps the kinds apart; 0x00 and 0x01 are the leaves and nodes of
 * the Merkle tree (RFC 6962, 2.1).  Stored bytes are hashed, never re-made ones.
 */
#ifndef BAILIFF_AUDIT_STORE_CHAIN_H
#define BAILIFF_AUDIT_STORE_CHAIN_H

#include "base/hash.h"
#include "base/problem.h"

enum { CHAIN_SALT_BYTES = 16, CHAIN_LOG_ID_BYTES = 32 };

/* A hash context that is used again and again.  Not for two threads at once. */
struct chain;
struct chain *chain_create(struct problem *problem);
void chain_destroy(struct chain *chain);

/* False only where OpenSSL fails, which is a reason to stop. */
bool chain_content(struct chain *chain, const unsigned char salt[CHAIN_SALT_BYTES],
                   struct span body, unsigned char digest[SHA256_BYTES])
	__attribute__((warn_unused_result));
bool chain_genesis(struct chain *chain, const unsigned char log_id[CHAIN_LOG_ID_BYTES],
                   struct span genesis, unsigned char digest[SHA256_BYTES])
	__attribute__((warn_unused_result));
/* before and digest may be the same array. */
bool chain_next(struct chain *chain, const unsigned char before[SHA256_BYTES], struct span header,
                unsigned char digest[SHA256_BYTES]) __attribute__((warn_unused_result));

#endif
