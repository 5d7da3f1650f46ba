/*
 * Checking the record from the stored bytes alone.
 *
 * The result is a set, not a yes: what was checked against what.  The chain
 * finds what was changed, taken out, put in or moved inside the record.  It
 * does not find a cut tail, an older copy or a record forged anew from the
 * beginning: for that a receipt (or, later, a signed checkpoint) that was kept
 * elsewhere is needed.
 */
#ifndef BAILIFF_AUDIT_STORE_VERIFY_H
#define BAILIFF_AUDIT_STORE_VERIFY_H

#include "audit/store/reader.h"

enum verify_kind {
	VERIFY_SCHEMA,   /* tables and indexes are ours, nothing beside them */
	VERIFY_STORE,    /* SQLite's own integrity check: pages, indexes */
	VERIFY_SEQUENCE, /* numbers from 0 without a gap */
	VERIFY_COLUMNS,  /* what is searched and shown is what the header says */
	VERIFY_CONTENT,  /* bodies are what the headers commit to */
	VERIFY_CHAIN,    /* each header follows the one before */
	VERIFY_RECEIPT,  /* a receipt that the caller kept */
	VERIFY_KINDS
};

struct verify_check {
	bool done;
	uint64_t broken;  /* places */
	bool has_seq;     /* the first place is an entry */
	uint64_t seq;     /* ... this one */
	const char *what; /* the first place: static storage */
};

enum verify_verdict {
	VERIFY_BROKEN = 0,
	VERIFY_ROLLED_BACK, /* shorter than the receipt */
	VERIFY_FORKED,      /* another record than the receipt's */
	VERIFY_CONSISTENT
};

struct verify_options {
	bool quick; /* a shorter check of the pages: indexes are not compared with their tables */
	bool has_receipt;
	uint64_t size; /* of the receipt */
	unsigned char head[SHA256_BYTES];
	void (*progress)(uint64_t done, uint64_t total, void *context); /* may be NULL */
	void *context;
};

struct verify_report {
	enum verify_verdict verdict;
	struct verify_check checks[VERIFY_KINDS];
	unsigned char log_id[32];
	uint64_t entries;
	unsigned char head[SHA256_BYTES];    /* the chain at the last entry, as stored */
	uint64_t by_type[AUDIT_EVENT_COUNT]; /* for the coverage: requests, decisions, gaps */
	uint64_t spooled, guests;
};

const char *verify_kind_name(enum verify_kind kind);

/*
 * False where it could not be read at all; a broken record is a report.  The file
 * is mapped: where somebody cuts it short meanwhile, SIGBUS is raised, which the
 * program has to turn into "broken".
 */
bool verify(const char *path, const struct verify_options *options, struct verify_report *report,
            struct problem *problem) __attribute__((warn_unused_result));

#endif
