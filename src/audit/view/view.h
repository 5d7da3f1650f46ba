/* bailiff audit: reading the record.  Private to view/. */
#ifndef BAILIFF_AUDIT_VIEW_VIEW_H
#define BAILIFF_AUDIT_VIEW_VIEW_H

#include <stdio.h>

#include "audit/store/reader.h"
#include "base/json.h"

/* Exit status: design contract, and of verify: 3 unanchored, 4 broken, 5 rolled back, 6 forked. */
enum view_exit {
	EXIT_GOOD = 0,
	EXIT_NONE = 1, /* no such entry */
	EXIT_UNANCHORED = 3,
	EXIT_BROKEN = 4,
	EXIT_ROLLED_BACK = 5,
	EXIT_FORKED = 6,
	EXIT_USAGE = 64,
	EXIT_DATA = 65,
	EXIT_INTERNAL = 70
};

/* What the command line says; each command uses what it knows. */
struct view_options {
	const char *state;    /* NULL: BAILIFF_HOME, else ~/.bailiff */
	const char *database; /* a file that lies elsewhere; NULL: the state's */
	struct reader_filter filter;
	bool has_limit;
	bool json;
	bool follow;
	bool quick;
	bool require_anchor;
	const char *fields; /* NULL: all */
	bool has_receipt;
	uint64_t receipt_size;
	unsigned char receipt_head[SHA256_BYTES];
	const char *argument; /* of show */
};

/* Each reads the database at `path` and returns the exit status. */
int view_list(const char *path, const struct view_options *options);
int view_show(const char *path, const struct view_options *options);
int view_tail(const char *path, const struct view_options *options);
int view_verify(const char *path, const struct view_options *options);

/* "bailiff: audit: PATH: what: why" */
void view_complain(const char *path, const struct problem *problem);

/* How entries are written out. */
struct view_printer {
	struct outbuf out;
	bool json;
	bool colour;
	unsigned width;     /* of the table, in columns */
	const char *fields; /* of JSON; NULL: all */
	char day[11];       /* last one printed as a heading */
	bool headed;        /* the names of the columns are printed */
	bool failed;        /* nobody reads any more */
};
void view_printer_init(struct view_printer *printer, const struct view_options *options);
void view_printer_release(struct view_printer *printer);
/* One line of JSON, or one of the table; reader_function. */
bool view_print(const struct reader_row *row, void *printer);
/* All fields, one a line. */
void view_print_whole(const struct reader_row *row, struct view_printer *printer);
/* Whether all of `fields`, with commas between them, are known; else *unknown is the first that is not. */
bool view_fields_known(const char *fields, struct span *unknown);
/* The entry as one line of JSON without a line end: the names of the seed, aliases where `fields` has them. */
void view_json(const struct reader_row *row, const char *fields, struct outbuf *out);

#endif
