/* Tables that later parts fill (tile, checkpoint, anchor, sink, segment) are made now: the format is one. */
#include "audit/store/schema.h"

/* SQLite 3.40; STRICT tables, so that a column cannot hold another type than verify expects. */
const char *const schema_pragmas =
	"PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	"PRAGMA wal_autocheckpoint=0;"
	"PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;";

/* clang-format off */
const struct schema_object schema_objects[] = {
	{ "meta", "CREATE TABLE meta(k TEXT PRIMARY KEY, v BLOB) STRICT, WITHOUT ROWID" },
	{ "entry",
	  "CREATE TABLE entry(seq INTEGER PRIMARY KEY, event_id BLOB NOT NULL UNIQUE,\n"
	  "  ts_ns INTEGER NOT NULL, type INTEGER NOT NULL, decision INTEGER, sev INTEGER,\n"
	  "  session BLOB, tool TEXT, actor TEXT, hdr BLOB NOT NULL,\n"
	  "  chain BLOB NOT NULL CHECK(length(chain)=32)) STRICT" },
	{ "body", "CREATE TABLE body(seq INTEGER PRIMARY KEY, salt BLOB, body BLOB) STRICT" },
	{ "tile",
	  "CREATE TABLE tile(level INTEGER, idx INTEGER, data BLOB, PRIMARY KEY(level,idx))"
	  " STRICT, WITHOUT ROWID" },
	{ "checkpoint", "CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT" },
	{ "anchor",
	  "CREATE TABLE anchor(sink TEXT, size INTEGER, receipt BLOB, ts_ns INTEGER,"
	  " PRIMARY KEY(sink,size)) STRICT" },
	{ "sink",
	  "CREATE TABLE sink(name TEXT PRIMARY KEY, next_seq INTEGER NOT NULL, state TEXT) STRICT" },
	{ "segment",
	  "CREATE TABLE segment(first INTEGER PRIMARY KEY, last INTEGER, chain_in BLOB, chain_out BLOB,\n"
	  "  root BLOB, archive_sha256 BLOB, state TEXT) STRICT" },
	{ "entry_ts", "CREATE INDEX entry_ts ON entry(ts_ns)" },
	{ "entry_sess", "CREATE INDEX entry_sess ON entry(session,seq)" },
	{ "entry_type", "CREATE INDEX entry_type ON entry(type,seq)" },
};
/* clang-format on */
const size_t schema_object_count = sizeof(schema_objects) / sizeof(schema_objects[0]);
