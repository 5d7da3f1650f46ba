/* Queries.  Values are bound, never written into the text of a statement. */
#include "audit/store/reader.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PAGE_ROWS = 256, BUSY_MS = 1000 };

struct reader {
	sqlite3 *database;
};

struct sqlite3 *reader_database(struct reader *reader)
{
	return reader->database;
}

bool reader_fail(struct reader *reader, struct problem *problem)
{
	int error = sqlite3_system_errno(reader->database);

	if ((sqlite3_errcode(reader->database) & 0xFF) == SQLITE_NOTADB ||
	    (sqlite3_errcode(reader->database) & 0xFF) == SQLITE_CORRUPT ||
	    (sqlite3_errcode(reader->database) & 0xFF) == SQLITE_ERROR)
		return problem_set(problem, PROBLEM_SYNTAX, 0, "the audit database is damaged");
	errno = error != 0 ? error : EIO;
	return problem_system(problem, "cannot read the audit database");
}

/* "file:PATH?mode=ro", with what is special in a URI escaped. */
static bool connect_to(struct reader *reader, const char *path, bool immutable)
{
	static const char digits[] = "0123456789abcdef";
	struct outbuf uri;
	bool opened;

	outbuf_init(&uri, 1 << 16);
	outbuf_put(&uri, SPAN("file:"));
	for (const char *at = path; *at != 0; at++) {
		unsigned char byte = (unsigned char)*at;

		if (byte > ' ' && byte < 0x7F && strchr("%?#", *at) == NULL) {
			outbuf_put_byte(&uri, *at);
			continue;
		}
		outbuf_put_byte(&uri, '%');
		outbuf_put_byte(&uri, digits[byte >> 4]);
		outbuf_put_byte(&uri, digits[byte & 15]);
	}
	outbuf_put(&uri, immutable ? SPAN("?immutable=1") : SPAN("?mode=ro"));
	outbuf_put_byte(&uri, 0);
	opened = outbuf_ok(&uri) &&
	         sqlite3_open_v2(uri.ptr, &reader->database,
	                         SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
	                         NULL) == SQLITE_OK;
	outbuf_release(&uri);
	if (!opened)
		return false;
	sqlite3_busy_timeout(reader->database, BUSY_MS);
	sqlite3_db_config(reader->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(reader->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return sqlite3_exec(
		       reader->database,
		       "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA query_only=ON;"
		       "SELECT count(*) FROM sqlite_schema",
		       NULL, NULL, NULL) == SQLITE_OK;
}

/* Whether a WAL that holds something lies beside the database. */
static bool has_wal(const char *path)
{
	char *wal = sqlite3_mprintf("%s-wal", path);
	struct stat status;
	bool has = wal == NULL || (stat(wal, &status) == 0 && status.st_size > 0);

	sqlite3_free(wal);
	return has;
}

struct reader *reader_open(const char *path, struct problem *problem)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	struct stat status;

	if (reader == NULL) {
		problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
		return NULL;
	}
	if (stat(path, &status) != 0) {
		problem_system(problem, "cannot open the audit database");
		free(reader);
		return NULL;
	}
	if (connect_to(reader, path, false))
		return reader;
	/* Where we may not write, SQLite cannot make its index of the WAL; without a WAL none is needed. */
	if (sqlite3_errcode(reader->database) == SQLITE_CANTOPEN && !has_wal(path)) {
		sqlite3_close(reader->database);
		reader->database = NULL;
		if (connect_to(reader, path, true))
			return reader;
	}
	if (reader->database != NULL)
		reader_fail(reader, problem);
	else
		problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	reader_close(reader);
	return NULL;
}

void reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	sqlite3_close(reader->database);
	free(reader);
}

/* ?1 first sequence number, ?2 row limit; a filter that is not used is bound to NULL. */
#define FILTER                                                                                   \
	"(?3 IS NULL OR type=?3) AND (?4 IS NULL OR decision=?4) AND (?5 IS NULL OR session=?5)" \
	" AND (?6 IS NULL OR tool=?6) AND ts_ns>=?7 AND (?8 IS NULL OR ts_ns<?8)"                \
	" AND (?9 IS NULL OR event_id=?9)"
static const char first_sql[] =
	"SELECT min(seq) FROM (SELECT seq FROM entry WHERE seq>=?1 AND " FILTER
	" ORDER BY seq DESC LIMIT ?2)";
static const char page_sql[] =
	"SELECT e.seq, e.hdr, e.chain, b.body FROM entry e LEFT JOIN body b ON b.seq=e.seq"
	" WHERE e.seq>=?1 AND " FILTER " ORDER BY e.seq LIMIT ?2";

static bool bind(sqlite3_stmt *query, const struct reader_filter *filter,
                 const unsigned char session[16])
{
	static const struct uuid none;
	bool bound = sqlite3_bind_int64(query, 7, (sqlite3_int64)filter->since_ns) == SQLITE_OK;

	if (filter->event != AUDIT_EVENT_NONE)
		bound = bound && sqlite3_bind_int64(query, 3, filter->event) == SQLITE_OK;
	if (filter->decision != AUDIT_DECISION_NONE)
		bound = bound && sqlite3_bind_int64(query, 4, filter->decision) == SQLITE_OK;
	if (filter->session.len > 0)
		bound = bound &&
		        sqlite3_bind_blob(query, 5, session, 16, SQLITE_STATIC) == SQLITE_OK;
	if (filter->tool.len > 0)
		bound = bound && sqlite3_bind_text64(query, 6, filter->tool.ptr, filter->tool.len,
		                                     SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
	if (filter->until_ns > 0)
		bound = bound &&
		        sqlite3_bind_int64(query, 8, (sqlite3_int64)filter->until_ns) == SQLITE_OK;
	if (memcmp(&filter->id, &none, sizeof(none)) != 0)
		bound = bound && sqlite3_bind_blob(query, 9, filter->id.bytes, 16, SQLITE_STATIC) ==
		                         SQLITE_OK;
	return bound;
}

static struct span blob(sqlite3_stmt *query, int column)
{
	const char *bytes = sqlite3_column_blob(query, column);

	return (struct span){ bytes,
		              bytes != NULL ? (size_t)sqlite3_column_bytes(query, column) : 0 };
}

static void read_row(sqlite3_stmt *query, struct reader_row *row)
{
	memset(row, 0, sizeof(*row));
	row->seq = (uint64_t)sqlite3_column_int64(query, 0);
	row->readable = header_get(blob(query, 1), &row->header);
	row->chain = blob(query, 2);
	row->body = blob(query, 3);
}

/* The first of the newest `limit` entries. */
static bool find_first(struct reader *reader, const struct reader_filter *filter,
                       const unsigned char session[16], sqlite3_int64 *first,
                       struct problem *problem)
{
	sqlite3_stmt *query = NULL;
	bool found = sqlite3_prepare_v2(reader->database, first_sql, -1, &query, NULL) ==
	                     SQLITE_OK &&
	             bind(query, filter, session) &&
	             sqlite3_bind_int64(query, 1, (sqlite3_int64)filter->from) == SQLITE_OK &&
	             sqlite3_bind_int64(query, 2, (sqlite3_int64)filter->limit) == SQLITE_OK &&
	             sqlite3_step(query) == SQLITE_ROW;

	if (found)
		*first = sqlite3_column_type(query, 0) == SQLITE_NULL
		                 ? -1
		                 : sqlite3_column_int64(query, 0);
	else
		reader_fail(reader, problem);
	sqlite3_finalize(query);
	return found;
}

/* One page is one transaction; *next is where the following one begins, *more whether there is one. */
static bool read_page(sqlite3_stmt *query, sqlite3_int64 *next, uint64_t *left,
                      reader_function *take, void *context, bool *more)
{
	sqlite3_int64 want = *left < PAGE_ROWS ? (sqlite3_int64)*left : PAGE_ROWS, got = 0;
	struct reader_row row;
	int step = SQLITE_ERROR;

	*more = false;
	if (sqlite3_bind_int64(query, 1, *next) == SQLITE_OK &&
	    sqlite3_bind_int64(query, 2, want) == SQLITE_OK)
		while ((step = sqlite3_step(query)) == SQLITE_ROW) {
			read_row(query, &row);
			got++;
			*next = (sqlite3_int64)row.seq + 1;
			if (!take(&row, context)) {
				sqlite3_reset(query);
				return true;
			}
		}
	*left -= (uint64_t)got;
	*more = got == want && *left > 0;
	return step == SQLITE_DONE && sqlite3_reset(query) == SQLITE_OK;
}

bool reader_read(struct reader *reader, const struct reader_filter *filter, reader_function *take,
                 void *context, struct problem *problem)
{
	sqlite3_stmt *query = NULL;
	unsigned char session[16];
	sqlite3_int64 next = (sqlite3_int64)(filter->from & INT64_MAX);
	uint64_t left = filter->limit > 0 ? filter->limit : UINT64_MAX;
	bool more = true, good;

	header_session(filter->session, session);
	if (filter->limit > 0 && !filter->forward) {
		if (!find_first(reader, filter, session, &next, problem))
			return false;
		more = next >= 0;
	}
	good = sqlite3_prepare_v2(reader->database, page_sql, -1, &query, NULL) == SQLITE_OK &&
	       bind(query, filter, session);
	while (good && more)
		good = read_page(query, &next, &left, take, context, &more);
	if (!good)
		reader_fail(reader, problem);
	sqlite3_finalize(query);
	return good;
}
