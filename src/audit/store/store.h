/*
 * The writer's side of the database: one process, one connection (SQLite 3.7.0 to
 * 3.51.2 can corrupt a WAL that two connections write or checkpoint at once).
 *
 * Entries are appended inside a transaction; nothing is acknowledged before
 * store_commit() has returned true.  After a false return from store_append() or
 * store_commit() the transaction is gone and the chain is where it was before it.
 */
#ifndef BAILIFF_AUDIT_STORE_STORE_H
#define BAILIFF_AUDIT_STORE_STORE_H

#include "audit/store/header.h"

struct store;

/*
 * Opens the database in `directory`, an absolute path without links, and makes
 * it where there is none.  NULL on failure: REFUSED where it is not ours.
 */
struct store *store_open(const char *directory, struct problem *problem);
/* Checkpoints and closes.  store_close(NULL) does nothing. */
void store_close(struct store *store);

/* Entries so far, uncommitted ones among them, and the chain at the last one. */
uint64_t store_size(const struct store *store);
const unsigned char *store_head(const struct store *store);

/* What the recorder knows of an entry beside its body. */
struct store_origin {
	struct uuid id;
	uint64_t wall_ns;
	uint64_t mono_ns;
	unsigned char boot[16];
	uint32_t uid;
	uint32_t pid;
	uint64_t start;
	unsigned char flags; /* of enum header_flag */
};

struct store_receipt {
	uint64_t seq;
	unsigned char head[SHA256_BYTES];
	bool replayed; /* was there already: the first receipt */
};

/*
 * Appends one entry; begins a transaction where none is open.
 *
 * body     JSON of a writer; hostile.  SYNTAX or REFUSED where it is not an entry:
 *          nothing happened, the transaction goes on
 * problem  SYSTEM (disk full and the like): the transaction is rolled back
 */
bool store_append(struct store *store, const struct store_origin *origin, struct span body,
                  struct store_receipt *receipt, struct problem *problem)
	__attribute__((warn_unused_result));
/* Makes durable what was appended.  On false it is rolled back. */
bool store_commit(struct store *store, struct problem *problem) __attribute__((warn_unused_result));
/* Moves committed pages into the database file: after many of them, or `now`. */
void store_checkpoint(struct store *store, bool now);

#endif
