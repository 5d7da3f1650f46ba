/* Appending to the database.  See store.h; the format is in header.h, chain.h and schema.c. */
#include "audit/store/store.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/frame.h"
#include "audit/store/body.h"
#include "audit/store/chain.h"
#include "audit/store/schema.h"
#include "base/utf8.h"

enum { CHECKPOINT_FRAMES = 1000, BODY_ARENA_BYTES = 16 << 20 };

struct chain_state {
	uint64_t size;
	unsigned char head[SHA256_BYTES];
};

struct store {
	sqlite3 *database;
	sqlite3_stmt *insert_entry, *insert_body, *find_entry, *begin, *commit, *rollback;
	struct chain *chain;
	unsigned char log_id[CHAIN_LOG_ID_BYTES];
	struct chain_state now, committed;
	bool open;      /* a transaction */
	int wal_frames; /* in the WAL */
	int wal_moved;  /* of them, handed to a checkpoint */
};

/* SQLite's failure as a problem: what matters is whether it may pass. */
static bool fail(struct store *store, const char *what, struct problem *problem)
{
	int code = sqlite3_errcode(store->database), error = sqlite3_system_errno(store->database);

	if ((code & 0xFF) == SQLITE_FULL)
		error = ENOSPC;
	errno = error != 0 ? error : EIO;
	return problem_system(problem, what);
}

static bool run(struct store *store, const char *sql, struct problem *problem)
{
	return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       fail(store, "cannot set up the audit database", problem);
}

static bool prepare(struct store *store, const char *sql, sqlite3_stmt **statement,
                    struct problem *problem)
{
	return sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
	                          NULL) == SQLITE_OK ||
	       fail(store, "cannot read the audit database", problem);
}

static int note_wal(void *context, sqlite3 *database, const char *name, int frames)
{
	struct store *store = context;

	(void)database;
	(void)name;
	if (frames < store->wal_moved)
		store->wal_moved = 0; /* it began anew */
	store->wal_frames = frames;
	return SQLITE_OK;
}

/* A fresh log: its identity, and where its chain begins. */
static bool create_log(struct store *store, struct problem *problem)
{
	unsigned char id[CHAIN_LOG_ID_BYTES];
	sqlite3_stmt *insert = NULL;
	struct outbuf genesis;
	bool made = random_bytes(id, sizeof(id), problem) && run(store, "BEGIN IMMEDIATE", problem);

	for (size_t i = 0; made && i < schema_object_count; i++)
		made = run(store, schema_objects[i].sql, problem);
	made = made && prepare(store, "INSERT INTO meta(k,v) VALUES('genesis',?1),('log_id',?2)",
	                       &insert, problem);
	outbuf_init(&genesis, 128);
	outbuf_put(&genesis, SPAN("bailiff audit 1\n"));
	outbuf_put_u64(&genesis, clock_wall_ns());
	outbuf_put_byte(&genesis, '\n');
	if (made && !(outbuf_ok(&genesis) &&
	              sqlite3_bind_blob(insert, 1, genesis.ptr, (int)genesis.len, SQLITE_STATIC) ==
	                      SQLITE_OK &&
	              sqlite3_bind_blob(insert, 2, id, sizeof(id), SQLITE_STATIC) == SQLITE_OK &&
	              sqlite3_step(insert) == SQLITE_DONE))
		made = fail(store, "cannot make the audit database", problem);
	sqlite3_finalize(insert);
	outbuf_release(&genesis);
	return made && run(store, "COMMIT", problem);
}

static bool has_tables(struct store *store, bool *has, struct problem *problem)
{
	sqlite3_stmt *count = NULL;
	bool known = prepare(store, "SELECT count(*) FROM sqlite_schema", &count, problem);

	if (known && sqlite3_step(count) != SQLITE_ROW)
		known = fail(store, "cannot read the audit database", problem);
	*has = known && sqlite3_column_int64(count, 0) > 0;
	sqlite3_finalize(count);
	return known;
}

static struct span column(sqlite3_stmt *row, int number)
{
	const char *bytes = sqlite3_column_blob(row, number);

	return (struct span){ bytes,
		              bytes != NULL ? (size_t)sqlite3_column_bytes(row, number) : 0 };
}

/* Exactly `count` bytes, or none. */
static bool copy(struct span from, void *to, size_t count)
{
	if (from.ptr == NULL || from.len != count)
		return false;
	memcpy(to, from.ptr, count);
	return true;
}

/* Identity and, of an empty log, the beginning of the chain. */
static bool load_identity(struct store *store, struct problem *problem)
{
	sqlite3_stmt *row = NULL;
	bool loaded = prepare(
		store, "SELECT a.v, b.v FROM meta a, meta b WHERE a.k='log_id' AND b.k='genesis'",
		&row, problem);

	if (loaded && (sqlite3_step(row) != SQLITE_ROW ||
	               !copy(column(row, 0), store->log_id, sizeof(store->log_id))))
		loaded = problem_set(problem, PROBLEM_REFUSED, 0,
		                     "the audit database has no identity");
	loaded = loaded &&
	         (chain_genesis(store->chain, store->log_id, column(row, 1), store->now.head) ||
	          problem_set(problem, PROBLEM_MEMORY, 0, "cannot hash"));
	sqlite3_finalize(row);
	return loaded;
}

static bool load_head(struct store *store, struct problem *problem)
{
	sqlite3_stmt *row = NULL;
	bool loaded = prepare(store, "SELECT seq, chain FROM entry ORDER BY seq DESC LIMIT 1", &row,
	                      problem);
	int step = loaded ? sqlite3_step(row) : SQLITE_DONE;

	if (step == SQLITE_ROW && sqlite3_column_int64(row, 0) >= 0 &&
	    copy(column(row, 1), store->now.head, SHA256_BYTES))
		store->now.size = (uint64_t)sqlite3_column_int64(row, 0) + 1;
	else if (step != SQLITE_DONE)
		loaded = problem_set(problem, PROBLEM_REFUSED, 0, "the audit database is damaged");
	sqlite3_finalize(row);
	store->committed = store->now;
	return loaded;
}

static bool prepare_all(struct store *store, struct problem *problem)
{
	return prepare(store,
	               "INSERT INTO "
	               "entry(seq,event_id,ts_ns,type,decision,sev,session,tool,actor,hdr,chain)"
	               " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT(event_id) DO "
	               "NOTHING",
	               &store->insert_entry, problem) &&
	       prepare(store, "INSERT INTO body(seq,salt,body) VALUES(?1,?2,?3)",
	               &store->insert_body, problem) &&
	       prepare(store, "SELECT seq,chain FROM entry WHERE event_id=?1", &store->find_entry,
	               problem) &&
	       prepare(store, "BEGIN IMMEDIATE", &store->begin, problem) &&
	       prepare(store, "COMMIT", &store->commit, problem) &&
	       prepare(store, "ROLLBACK", &store->rollback, problem);
}

static bool open_database(struct store *store, const char *directory, struct problem *problem)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
	                  SQLITE_OPEN_NOFOLLOW;
	char *path = sqlite3_mprintf("%s/%s", directory, AUDIT_DATABASE);
	struct stat status;
	bool opened = path != NULL &&
	              sqlite3_open_v2(path, &store->database, flags, NULL) == SQLITE_OK;

	if (path == NULL)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	if (!opened && store->database != NULL)
		fail(store, "cannot open the audit database", problem);
	else if (!opened)
		problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	else if (stat(path, &status) != 0)
		opened = problem_system(problem, "cannot open the audit database");
	else if (status.st_uid != geteuid() || (status.st_mode & 077) != 0)
		opened = problem_set(problem, PROBLEM_REFUSED, 0,
		                     "others can reach the audit database");
	sqlite3_free(path);
	return opened;
}

struct store *store_open(const char *directory, struct problem *problem)
{
	struct store *store = calloc(1, sizeof(*store));
	bool made = false;

	if (store == NULL) {
		problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
		return NULL;
	}
	store->chain = chain_create(problem);
	if (store->chain != NULL && open_database(store, directory, problem)) {
		sqlite3_extended_result_codes(store->database, 1);
		sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		if (run(store, schema_pragmas, problem) && has_tables(store, &made, problem) &&
		    (made || create_log(store, problem)) && load_identity(store, problem) &&
		    load_head(store, problem) && prepare_all(store, problem)) {
			sqlite3_wal_hook(store->database, note_wal, store);
			return store;
		}
	}
	store_close(store);
	return NULL;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	sqlite3_stmt *const statements[] = { store->insert_entry, store->insert_body,
		                             store->find_entry,   store->begin,
		                             store->commit,       store->rollback };

	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		sqlite3_finalize(statements[i]);
	sqlite3_close(store->database);
	chain_destroy(store->chain);
	free(store);
}

uint64_t store_size(const struct store *store)
{
	return store->now.size;
}

const unsigned char *store_head(const struct store *store)
{
	return store->now.head;
}

/* Runs a statement that gives no rows. */
static bool done(sqlite3_stmt *statement)
{
	bool finished = sqlite3_step(statement) == SQLITE_DONE;

	return sqlite3_reset(statement) == SQLITE_OK && finished;
}

static void roll_back(struct store *store)
{
	/* SQLite may have rolled back itself: then this fails, and nothing is lost. */
	if (!sqlite3_get_autocommit(store->database))
		(void)done(store->rollback);
	store->open = false;
	store->now = store->committed;
}

static bool bind_blob(sqlite3_stmt *statement, int number, const void *bytes, size_t count)
{
	return sqlite3_bind_blob64(statement, number, bytes, count, SQLITE_STATIC) == SQLITE_OK;
}

static bool bind_number(sqlite3_stmt *statement, int number, uint64_t value)
{
	return sqlite3_bind_int64(statement, number, (sqlite3_int64)value) == SQLITE_OK;
}

static bool insert(struct store *store, const struct record_header *header, struct span bytes,
                   const unsigned char chain[SHA256_BYTES])
{
	static const unsigned char no_session[16];
	sqlite3_stmt *row = store->insert_entry;
	char actor[16];
	size_t actor_len = header_actor(header->uid, actor);
	struct span tool = utf8_cut(header->tool, HEADER_TEXT_MAX);
	bool bound = bind_number(row, 1, header->seq) &&
	             bind_blob(row, 2, header->event_id.bytes, 16) &&
	             bind_number(row, 3, header->wall_ns) && bind_number(row, 4, header->type) &&
	             bind_number(row, 5, header->decision) &&
	             bind_number(row, 6, header->severity) &&
	             bind_blob(row, 10, bytes.ptr, bytes.len) &&
	             bind_blob(row, 11, chain, SHA256_BYTES) &&
	             sqlite3_bind_text(row, 9, actor, (int)actor_len, SQLITE_STATIC) == SQLITE_OK;

	if (memcmp(header->session, no_session, sizeof(no_session)) == 0)
		bound = bound && sqlite3_bind_null(row, 7) == SQLITE_OK;
	else
		bound = bound && bind_blob(row, 7, header->session, sizeof(header->session));
	bound = bound && (tool.len == 0 ? sqlite3_bind_null(row, 8)
	                                : sqlite3_bind_text(row, 8, tool.ptr, (int)tool.len,
	                                                    SQLITE_STATIC)) == SQLITE_OK;
	return bound && done(row);
}

/* Adds the content; its salt keeps short bodies from being guessed once they are redacted. */
static bool insert_content(struct store *store, uint64_t seq,
                           const unsigned char salt[CHAIN_SALT_BYTES], struct span body)
{
	return bind_number(store->insert_body, 1, seq) &&
	       bind_blob(store->insert_body, 2, salt, CHAIN_SALT_BYTES) &&
	       bind_blob(store->insert_body, 3, body.ptr, body.len) && done(store->insert_body);
}

static bool find(struct store *store, const struct uuid *id, struct store_receipt *receipt)
{
	sqlite3_stmt *row = store->find_entry;
	bool found = bind_blob(row, 1, id->bytes, 16) && sqlite3_step(row) == SQLITE_ROW &&
	             copy(column(row, 1), receipt->head, SHA256_BYTES);

	if (found) {
		receipt->replayed = true;
		receipt->seq = (uint64_t)sqlite3_column_int64(row, 0);
	}
	sqlite3_reset(row);
	return found;
}

static void copy_origin(const struct store_origin *origin, struct record_header *header)
{
	header->event_id = origin->id;
	header->wall_ns = origin->wall_ns & INT64_MAX; /* a column of SQLite is signed */
	header->mono_ns = origin->mono_ns;
	memcpy(header->boot, origin->boot, sizeof(header->boot));
	header->flags = origin->flags;
	header->uid = origin->uid;
	header->pid = origin->pid;
	header->start = origin->start;
}

/* header: complete but for salt and content. */
static bool append(struct store *store, struct record_header *header, struct span body,
                   struct store_receipt *receipt)
{
	unsigned char bytes[HEADER_MAX], salt[CHAIN_SALT_BYTES], head[SHA256_BYTES];
	struct span text;

	if (getrandom(salt, sizeof(salt), 0) != (ssize_t)sizeof(salt) ||
	    !chain_content(store->chain, salt, body, header->content))
		return false;
	text = (struct span){ (const char *)bytes, header_put(header, bytes) };
	if (!chain_next(store->chain, store->now.head, text, head) ||
	    !insert(store, header, text, head))
		return false;
	if (sqlite3_changes(store->database) == 0)
		return find(store, &header->event_id, receipt);
	if (!insert_content(store, header->seq, salt, body))
		return false;
	receipt->seq = header->seq;
	receipt->replayed = false;
	memcpy(receipt->head, head, sizeof(head));
	memcpy(store->now.head, head, sizeof(head));
	store->now.size++;
	return true;
}

bool store_append(struct store *store, const struct store_origin *origin, struct span body,
                  struct store_receipt *receipt, struct problem *problem)
{
	struct record_header header = { 0 };
	struct arena arena;
	bool appended = false;

	assert(body.len <= FRAME_BODY_MAX);
	arena_init(&arena, BODY_ARENA_BYTES);
	if (body_read(body, (origin->flags & HEADER_OWN) != 0, &arena, &header, problem)) {
		copy_origin(origin, &header);
		memcpy(header.log_id, store->log_id, sizeof(header.log_id));
		header.seq = store->now.size;
		header.body_bytes = (uint32_t)body.len;
		store->open = store->open || done(store->begin);
		appended = store->open && append(store, &header, body, receipt);
		if (!appended) {
			fail(store, "cannot write to the audit database", problem);
			roll_back(store);
		}
	}
	arena_release(&arena);
	return appended;
}

bool store_commit(struct store *store, struct problem *problem)
{
	if (!store->open)
		return true;
	if (done(store->commit)) {
		store->open = false;
		store->committed = store->now;
		return true;
	}
	fail(store, "cannot commit to the audit database", problem);
	roll_back(store);
	return false;
}

void store_checkpoint(struct store *store, bool now)
{
	int waiting = store->wal_frames - store->wal_moved;

	if (store->open || waiting == 0 || (!now && waiting < CHECKPOINT_FRAMES))
		return;
	/* A failure (a busy reader, a full disk) costs room in the WAL only. */
	(void)sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
	                                NULL);
	store->wal_moved = store->wal_frames;
}
