/*
 * The reader's side of the database: read-only, in short transactions, never
 * checkpointing, so that no reader holds the recorder up.  What is read may
 * have been changed by somebody: nothing of it is trusted to be well-formed.
 */
#ifndef BAILIFF_AUDIT_STORE_READER_H
#define BAILIFF_AUDIT_STORE_READER_H

#include "audit/store/header.h"

struct sqlite3;

struct reader;
/* Opens the database file at `path`.  NULL on failure; SYSTEM with ENOENT where there is none. */
struct reader *reader_open(const char *path, struct problem *problem);
void reader_close(struct reader *reader);
struct sqlite3 *reader_database(struct reader *reader);
/* Fills a problem from the database's last error. */
bool reader_fail(struct reader *reader, struct problem *problem);

/* One entry; spans are valid until the next one is read. */
struct reader_row {
	uint64_t seq;
	bool readable; /* the header could be read; else only seq and chain mean something */
	struct record_header header;
	struct span body;  /* empty: missing */
	struct span chain; /* 32 bytes, if nobody changed it */
};

/* Which entries.  Zeroed: the newest `limit` of all. */
struct reader_filter {
	uint64_t limit;         /* 0: all (KC-060) */
	bool forward;           /* the first `limit` from `from` on, instead of the newest */
	uint64_t from;          /* first sequence number */
	enum audit_event event; /* NONE: any (KC-061) */
	enum audit_decision decision;
	struct span session; /* KC-062 */
	struct span tool;
	uint64_t since_ns, until_ns; /* until 0: no end; until is not included */
	struct uuid id;              /* all zero: any */
};

/* Called for each entry, the oldest first; false ends the reading. */
typedef bool reader_function(const struct reader_row *row, void *context);

bool reader_read(struct reader *reader, const struct reader_filter *filter, reader_function *take,
                 void *context, struct problem *problem) __attribute__((warn_unused_result));

#endif
