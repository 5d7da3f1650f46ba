/*
 * One pass over two tables side by side, in the order of their sequence
 * numbers; SQLite's own check runs beside it on a second connection and thread.
 */
#include "audit/store/verify.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "audit/store/chain.h"
#include "audit/store/schema.h"

enum { PAGE_ROWS = 65536 };

struct pass {
	struct reader *reader;
	const struct verify_options *options;
	struct verify_report *report;
	struct chain *chain;
	sqlite3_stmt *entries, *bodies;
	bool body_left;                   /* `bodies` stands on a row that is not matched yet */
	sqlite3_int64 expected;           /* next sequence number */
	unsigned char head[SHA256_BYTES]; /* chain before it */
	sqlite3_int64 last;               /* where the pass ends */
};

const char *verify_kind_name(enum verify_kind kind)
{
	static const char *const names[VERIFY_KINDS] = { "schema",  "store", "sequence", "columns",
		                                         "content", "chain", "receipt" };

	return names[kind];
}

static void broken(struct pass *pass, enum verify_kind kind, sqlite3_int64 seq, const char *what)
{
	struct verify_check *check = &pass->report->checks[kind];

	if (check->broken++ > 0)
		return;
	check->has_seq = seq >= 0;
	check->seq = (uint64_t)seq;
	check->what = what;
}

static struct span blob(sqlite3_stmt *row, int column)
{
	const char *bytes = sqlite3_column_type(row, column) == SQLITE_BLOB
	                            ? sqlite3_column_blob(row, column)
	                            : NULL;

	return (struct span){ bytes,
		              bytes != NULL ? (size_t)sqlite3_column_bytes(row, column) : 0 };
}

static bool holds(sqlite3_stmt *row, int column, const void *bytes, size_t count)
{
	struct span held = blob(row, column);

	return held.len == count && memcmp(held.ptr, bytes, count) == 0;
}

static bool holds_number(sqlite3_stmt *row, int column, uint64_t number)
{
	return sqlite3_column_type(row, column) == SQLITE_INTEGER &&
	       (uint64_t)sqlite3_column_int64(row, column) == number;
}

/* An empty text is kept as NULL. */
static bool holds_text(sqlite3_stmt *row, int column, struct span text)
{
	if (text.len == 0)
		return sqlite3_column_type(row, column) == SQLITE_NULL;
	return sqlite3_column_type(row, column) == SQLITE_TEXT &&
	       (size_t)sqlite3_column_bytes(row, column) == text.len &&
	       memcmp(sqlite3_column_text(row, column), text.ptr, text.len) == 0;
}

static const char entries_sql[] =
	"SELECT seq,event_id,ts_ns,type,decision,sev,session,tool,actor,hdr,chain"
	" FROM entry WHERE seq>=?1 AND seq<=?2 ORDER BY seq";
static const char bodies_sql[] =
	"SELECT seq,salt,body FROM body WHERE seq>=?1 AND seq<=?2 ORDER BY seq";

/* The first column that does not say what the header says; NULL: none. */
static const char *wrong_column(const struct pass *pass, const struct record_header *header)
{
	static const unsigned char no_session[16];
	sqlite3_stmt *row = pass->entries;
	char actor[16];
	struct span actor_text = { actor, header_actor(header->uid, actor) };
	bool has_session = memcmp(header->session, no_session, sizeof(no_session)) != 0;

	if (header->seq != (uint64_t)sqlite3_column_int64(row, 0))
		return "the sequence number is not the header's";
	if (memcmp(header->log_id, pass->report->log_id, sizeof(header->log_id)) != 0)
		return "the entry belongs to another log";
	if (!holds(row, 1, header->event_id.bytes, sizeof(header->event_id.bytes)))
		return "the event id is not the header's";
	if (!holds_number(row, 2, header->wall_ns))
		return "the time is not the header's";
	if (!holds_number(row, 3, header->type))
		return "the event type is not the header's";
	if (!holds_number(row, 4, header->decision))
		return "the decision is not the header's";
	if (!holds_number(row, 5, header->severity))
		return "the severity is not the header's";
	if (has_session ? !holds(row, 6, header->session, sizeof(header->session))
	                : sqlite3_column_type(row, 6) != SQLITE_NULL)
		return "the session is not the header's";
	if (!holds_text(row, 7, header->tool))
		return "the tool is not the header's";
	if (!holds_text(row, 8, actor_text))
		return "the actor is not the header's";
	return NULL;
}

static bool next_body(struct pass *pass)
{
	int step = sqlite3_step(pass->bodies);

	pass->body_left = step == SQLITE_ROW;
	return step == SQLITE_ROW || step == SQLITE_DONE;
}

/* Bodies that no entry was found for, up to before `seq`. */
static bool skip_bodies(struct pass *pass, sqlite3_int64 seq)
{
	while (pass->body_left && sqlite3_column_int64(pass->bodies, 0) < seq) {
		broken(pass, VERIFY_CONTENT, sqlite3_column_int64(pass->bodies, 0),
		       "a body without an entry");
		if (!next_body(pass))
			return false;
	}
	return true;
}

static bool check_content(struct pass *pass, sqlite3_int64 seq, const struct record_header *header)
{
	unsigned char digest[SHA256_BYTES];
	struct span salt, body;

	if (!skip_bodies(pass, seq))
		return false;
	if (!pass->body_left || sqlite3_column_int64(pass->bodies, 0) != seq) {
		broken(pass, VERIFY_CONTENT, seq, "the body is missing");
		return true;
	}
	salt = blob(pass->bodies, 1);
	body = blob(pass->bodies, 2);
	if (salt.len != CHAIN_SALT_BYTES)
		broken(pass, VERIFY_CONTENT, seq, "the salt of the body is missing");
	else if (!chain_content(pass->chain, (const unsigned char *)salt.ptr, body, digest))
		return false;
	else if (header != NULL && (memcmp(digest, header->content, sizeof(digest)) != 0 ||
	                            body.len != header->body_bytes))
		broken(pass, VERIFY_CONTENT, seq, "the body was changed");
	return next_body(pass);
}

static bool check_chain(struct pass *pass, sqlite3_int64 seq, struct span header)
{
	unsigned char digest[SHA256_BYTES];
	struct span stored = blob(pass->entries, 10);

	if (!chain_next(pass->chain, pass->head, header, digest))
		return false;
	if (stored.len != sizeof(digest) || memcmp(stored.ptr, digest, sizeof(digest)) != 0)
		broken(pass, VERIFY_CHAIN, seq,
		       "the hash does not follow from the entry and the one before");
	/* From the stored hash on, so that one change is one place. */
	memcpy(pass->head,
	       stored.len == sizeof(digest) ? (const unsigned char *)stored.ptr : digest,
	       sizeof(digest));
	return true;
}

static void check_receipt(struct pass *pass, sqlite3_int64 seq)
{
	const struct verify_options *options = pass->options;

	if (!options->has_receipt || (uint64_t)seq + 1 != options->size)
		return;
	pass->report->checks[VERIFY_RECEIPT].done = true;
	if (memcmp(pass->head, options->head, sizeof(pass->head)) != 0) {
		broken(pass, VERIFY_RECEIPT, seq, "this is another record than the receipt's");
		pass->report->verdict = VERIFY_FORKED;
	}
}

static void count_entry(struct verify_report *report, const struct record_header *header)
{
	if (header->type < AUDIT_EVENT_COUNT)
		report->by_type[header->type]++;
	report->spooled += (header->flags & HEADER_SPOOLED) != 0;
	report->guests += (header->flags & HEADER_GUEST) != 0;
}

static bool check_row(struct pass *pass)
{
	sqlite3_int64 seq = sqlite3_column_int64(pass->entries, 0);
	struct span bytes = blob(pass->entries, 9);
	struct record_header header;
	bool readable = header_get(bytes, &header);
	const char *wrong = readable ? wrong_column(pass, &header) : "the header cannot be read";

	if (seq != pass->expected)
		broken(pass, VERIFY_SEQUENCE, seq,
		       seq > pass->expected ? "entries before this one are missing"
		                            : "a number that cannot be");
	pass->expected = seq + 1;
	if (wrong != NULL)
		broken(pass, VERIFY_COLUMNS, seq, wrong);
	if (readable)
		count_entry(pass->report, &header);
	pass->report->entries++;
	if (!check_content(pass, seq, readable ? &header : NULL) || !check_chain(pass, seq, bytes))
		return false;
	check_receipt(pass, seq);
	return true;
}

/* A page in one short transaction. */
static bool check_page(struct pass *pass, sqlite3_int64 first, sqlite3_int64 last,
                       struct problem *problem)
{
	int step = SQLITE_DONE;
	bool good = sqlite3_exec(reader_database(pass->reader), "BEGIN", NULL, NULL, NULL) ==
	            SQLITE_OK;

	sqlite3_bind_int64(pass->entries, 1, first);
	sqlite3_bind_int64(pass->entries, 2, last);
	sqlite3_bind_int64(pass->bodies, 1, first);
	sqlite3_bind_int64(pass->bodies, 2, last);
	good = good && next_body(pass);
	while (good && (step = sqlite3_step(pass->entries)) == SQLITE_ROW)
		good = check_row(pass);
	good = good && step == SQLITE_DONE &&
	       skip_bodies(pass, last == INT64_MAX ? last : last + 1);
	if (!good)
		reader_fail(pass->reader, problem);
	sqlite3_reset(pass->entries);
	sqlite3_reset(pass->bodies);
	sqlite3_exec(reader_database(pass->reader), "COMMIT", NULL, NULL, NULL);
	return good;
}

static bool prepare(struct pass *pass, const char *sql, sqlite3_stmt **statement,
                    struct problem *problem)
{
	return sqlite3_prepare_v2(reader_database(pass->reader), sql, -1, statement, NULL) ==
	               SQLITE_OK ||
	       reader_fail(pass->reader, problem);
}

static bool is_ours(const char *name, const char *sql)
{
	for (size_t i = 0; i < schema_object_count; i++)
		if (strcmp(name, schema_objects[i].name) == 0)
			return strcmp(sql, schema_objects[i].sql) == 0;
	return false;
}

/* A view or trigger that hides entries, or a table that is not ours, is found here. */
static bool check_schema(struct pass *pass, struct problem *problem)
{
	sqlite3_stmt *row = NULL;
	size_t ours = 0;

	pass->report->checks[VERIFY_SCHEMA].done = true;
	if (!prepare(pass, "SELECT name, sql FROM sqlite_schema", &row, problem))
		return false;
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(row, 0);
		const char *sql = (const char *)sqlite3_column_text(row, 1);

		if (sql == NULL && name != NULL && strncmp(name, "sqlite_autoindex_", 17) == 0)
			continue;
		if (name == NULL || sql == NULL || !is_ours(name, sql))
			broken(pass, VERIFY_SCHEMA, -1,
			       "the database holds something that is not the record's");
		else
			ours++;
	}
	sqlite3_finalize(row);
	if (ours != schema_object_count)
		broken(pass, VERIFY_SCHEMA, -1, "a table or an index is missing");
	return true;
}

static bool holds_id(struct span stored, unsigned char id[CHAIN_LOG_ID_BYTES])
{
	if (stored.ptr == NULL || stored.len != CHAIN_LOG_ID_BYTES)
		return false;
	memcpy(id, stored.ptr, CHAIN_LOG_ID_BYTES);
	return true;
}

/* Who the log is, where its chain begins, and how far it reaches now. */
static bool find_range(struct pass *pass, struct problem *problem)
{
	sqlite3_stmt *row = NULL;
	bool found = prepare(pass,
	                     "SELECT a.v, b.v, coalesce((SELECT max(seq) FROM entry),-1),"
	                     " coalesce((SELECT max(seq) FROM body),-1)"
	                     " FROM meta a, meta b WHERE a.k='log_id' AND b.k='genesis'",
	                     &row, problem);

	if (!found)
		return false;
	if (sqlite3_step(row) == SQLITE_ROW && holds_id(blob(row, 0), pass->report->log_id)) {
		found = chain_genesis(pass->chain, pass->report->log_id, blob(row, 1), pass->head);
		pass->last = sqlite3_column_int64(row, 2);
		if (sqlite3_column_int64(row, 3) > pass->last)
			broken(pass, VERIFY_CONTENT, sqlite3_column_int64(row, 3),
			       "a body without an entry");
	} else {
		broken(pass, VERIFY_SCHEMA, -1, "the record has no identity");
	}
	sqlite3_finalize(row);
	return found || problem_set(problem, PROBLEM_MEMORY, 0, "cannot hash");
}

static bool check_entries(struct pass *pass, struct problem *problem)
{
	const struct verify_options *options = pass->options;
	sqlite3_int64 first = INT64_MIN;
	bool good = prepare(pass, entries_sql, &pass->entries, problem) &&
	            prepare(pass, bodies_sql, &pass->bodies, problem);

	for (int kind = VERIFY_SEQUENCE; kind <= VERIFY_CHAIN; kind++)
		pass->report->checks[kind].done = good;
	for (sqlite3_int64 last = PAGE_ROWS - 1; good; last += PAGE_ROWS) {
		if (last > pass->last)
			last = pass->last;
		good = check_page(pass, first, last, problem);
		if (options->progress != NULL)
			options->progress((uint64_t)(last + 1), (uint64_t)(pass->last + 1),
			                  options->context);
		if (last == pass->last)
			break;
		first = last + 1;
	}
	memcpy(pass->report->head, pass->head, sizeof(pass->head));
	sqlite3_finalize(pass->entries);
	sqlite3_finalize(pass->bodies);
	return good;
}

struct integrity {
	const char *path;
	bool quick;
	bool ran, clean;
};

/* A quarter of the time is copying pages, else.  A file that is cut short meanwhile raises SIGBUS. */
static void map_file(struct reader *reader)
{
	(void)sqlite3_exec(reader_database(reader), "PRAGMA mmap_size=17179869184", NULL, NULL,
	                   NULL);
}

static void *check_pages(void *context)
{
	struct integrity *integrity = context;
	struct problem problem;
	struct reader *reader = reader_open(integrity->path, &problem);
	sqlite3_stmt *row = NULL;

	if (reader == NULL)
		return NULL;
	map_file(reader);
	integrity->ran = sqlite3_prepare_v2(reader_database(reader),
	                                    integrity->quick ? "PRAGMA quick_check(1)"
	                                                     : "PRAGMA integrity_check(1)",
	                                    -1, &row, NULL) == SQLITE_OK;
	integrity->clean = integrity->ran && sqlite3_step(row) == SQLITE_ROW &&
	                   strcmp((const char *)sqlite3_column_text(row, 0), "ok") == 0;
	sqlite3_finalize(row);
	reader_close(reader);
	return NULL;
}

static void conclude(struct pass *pass)
{
	struct verify_report *report = pass->report;

	if (pass->options->has_receipt && !report->checks[VERIFY_RECEIPT].done) {
		report->checks[VERIFY_RECEIPT].done = true;
		broken(pass, VERIFY_RECEIPT, -1,
		       "the record is shorter than the receipt says: its end is missing");
		report->verdict = VERIFY_ROLLED_BACK;
	}
	for (int kind = 0; kind < VERIFY_RECEIPT; kind++)
		if (report->checks[kind].broken > 0)
			report->verdict = VERIFY_BROKEN;
}

/* Beside the pages: all that can be said of the entries. */
static bool check_all(struct pass *pass, struct problem *problem)
{
	return check_schema(pass, problem) && find_range(pass, problem) &&
	       check_entries(pass, problem);
}

bool verify(const char *path, const struct verify_options *options, struct verify_report *report,
            struct problem *problem)
{
	struct pass pass = { .options = options, .report = report, .last = -1 };
	struct integrity integrity = { .path = path, .quick = options->quick };
	struct problem damage = { 0 };
	pthread_t thread;
	bool beside;

	memset(report, 0, sizeof(*report));
	report->verdict = VERIFY_CONSISTENT;
	pass.reader = reader_open(path, problem);
	if (pass.reader == NULL)
		return false;
	map_file(pass.reader);
	pass.chain = chain_create(problem);
	if (pass.chain == NULL) {
		reader_close(pass.reader);
		return false;
	}
	beside = pthread_create(&thread, NULL, check_pages, &integrity) == 0;
	if (!check_all(&pass, &damage))
		broken(&pass, VERIFY_STORE, -1, damage.what);
	if (beside)
		pthread_join(thread, NULL);
	else
		check_pages(&integrity);
	report->checks[VERIFY_STORE].done = true;
	if (!integrity.clean)
		broken(&pass, VERIFY_STORE, -1, "SQLite finds the file damaged");
	conclude(&pass);
	chain_destroy(pass.chain);
	reader_close(pass.reader);
	return true;
}
