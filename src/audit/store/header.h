/*
 * The header of an entry: what the chain is made of.
 *
 * A length-prefixed run of bytes, numbers big-endian: u32 bytes behind it; u8
 * format (1); log id [32]; u64 sequence; event id [16]; u64 wall clock, u64
 * monotonic clock (nanoseconds); boot id [16]; u8 type, decision, severity, flags;
 * u32 uid, u32 pid, u64 start of that process (clock ticks since boot);
 * session [16]; u16 length and text of: tool use id, agent, tool, rule; SHA-256 of
 * the policy [32]; u16 length and text of the model; content commitment [32];
 * u32 length of the body.  Fixed: old records are read for ever.
 */
#ifndef BAILIFF_AUDIT_STORE_HEADER_H
#define BAILIFF_AUDIT_STORE_HEADER_H

#include "audit/audit.h"

enum {
	HEADER_FORMAT = 1,
	HEADER_TEXT_MAX = 128,
	HEADER_FIXED_BYTES = 4 + 1 + 32 + 8 + 16 + 8 + 8 + 16 + 4 + 4 + 4 + 8 + 16 + 32 + 32 + 4,
	HEADER_MAX = HEADER_FIXED_BYTES + 5 * (2 + HEADER_TEXT_MAX)
};

enum header_flag {
	HEADER_SPOOLED = 1, /* came through the spool: times and pid are the writer's word */
	HEADER_GUEST =
		2, /* the writer lives in another pid namespace than the recorder: a guarded run */
	HEADER_OWN = 4 /* written by the recorder itself */
};

struct record_header {
	unsigned char log_id[32];
	uint64_t seq;
	struct uuid event_id;
	uint64_t wall_ns;
	uint64_t mono_ns;
	unsigned char boot[16];
	unsigned char type; /* enum audit_event; likewise below */
	unsigned char decision;
	unsigned char severity;
	unsigned char flags;
	uint32_t uid;
	uint32_t pid;
	uint64_t start;
	unsigned char session[16]; /* all zero: none */
	struct span tool_use_id;
	struct span agent;
	struct span tool;
	struct span rule;
	unsigned char policy_sha256[SHA256_BYTES];
	struct span model;
	unsigned char content[SHA256_BYTES]; /* SHA256(0x02 || salt || body) */
	uint32_t body_bytes;
};

/* Writes at most HEADER_MAX bytes; longer texts are cut between characters.  Returns the length. */
size_t header_put(const struct record_header *header, unsigned char out[HEADER_MAX]);
/* Reads; texts point into `bytes`.  False: not a header, all of it. */
bool header_get(struct span bytes, struct record_header *header);

/* The key of a session: a UUID's own bytes, else the first half of the text's SHA-256. */
void header_session(struct span session, unsigned char key[16]);
/* "uid:1000": the actor column. */
size_t header_actor(uint32_t uid, char out[16]);

#endif
