/*
 * What is done to the record behind the recorder's back, and which check finds it.
 * LK-015: a SHA-256 chain, and a check of it.  LK-072, LK-073, reading 23.  Each attack works on a record of its own.
 */
#include <sqlite3.h>
#include <sys/stat.h>

#include "audit/store/verify.h"
#include "log.h"
#include "tap.h"

enum { ENTRIES = 20, NONE = -1 };

struct attack {
	const char *name;
	const char *sql;
	enum verify_verdict verdict;
	enum verify_kind kind; /* that finds it */
	int seq;               /* of the first bad entry; NONE: no entry is named */
};

#define SWAP                                                                       \
	"UPDATE entry SET seq=-1 WHERE seq=7; UPDATE entry SET seq=7 WHERE seq=8;" \
	"UPDATE entry SET seq=8 WHERE seq=-1; UPDATE body SET seq=-1 WHERE seq=7;" \
	"UPDATE body SET seq=7 WHERE seq=8; UPDATE body SET seq=8 WHERE seq=-1;"
#define COPY_OF_7                                                                                  \
	"CAST(event_id||x'00' AS BLOB),ts_ns,type,decision,sev,session,tool,actor,hdr,chain FROM " \
	"entry WHERE seq=7"

/* clang-format off */
static const struct attack attacks[] = {
	{ "nothing was touched", "", VERIFY_CONSISTENT, VERIFY_KINDS, NONE },
	{ "one byte of a body", "UPDATE body SET body=CAST(replace(body,'command 7','command 8') AS BLOB) WHERE seq=7",
	  VERIFY_BROKEN, VERIFY_CONTENT, 7 },
	{ "one bit of a header", "UPDATE entry SET hdr=CAST(substr(hdr,1,120)||x'ff'||substr(hdr,122) AS BLOB) WHERE seq=7",
	  VERIFY_BROKEN, VERIFY_CHAIN, 7 },
	{ "a header cut short", "UPDATE entry SET hdr=substr(hdr,1,50) WHERE seq=7", VERIFY_BROKEN, VERIFY_COLUMNS, 7 },
	{ "a header of nothing", "UPDATE entry SET hdr=x'' WHERE seq=7", VERIFY_BROKEN, VERIFY_COLUMNS, 7 },
	{ "only the tool column", "UPDATE entry SET tool='Read' WHERE seq=7", VERIFY_BROKEN, VERIFY_COLUMNS, 7 },
	{ "only the time column", "UPDATE entry SET ts_ns=ts_ns+1 WHERE seq=7", VERIFY_BROKEN, VERIFY_COLUMNS, 7 },
	{ "only the type column", "UPDATE entry SET type=6 WHERE seq=4", VERIFY_BROKEN, VERIFY_COLUMNS, 4 },
	{ "only the decision column", "UPDATE entry SET decision=3 WHERE seq=4", VERIFY_BROKEN, VERIFY_COLUMNS, 4 },
	{ "only the severity column", "UPDATE entry SET sev=NULL WHERE seq=4", VERIFY_BROKEN, VERIFY_COLUMNS, 4 },
	{ "only the session column", "UPDATE entry SET session=NULL WHERE seq=9", VERIFY_BROKEN, VERIFY_COLUMNS, 9 },
	{ "only the actor column", "UPDATE entry SET actor='uid:0' WHERE seq=9", VERIFY_BROKEN, VERIFY_COLUMNS, 9 },
	{ "only the event id column", "UPDATE entry SET event_id=x'00' WHERE seq=9", VERIFY_BROKEN, VERIFY_COLUMNS, 9 },
	{ "a stored hash", "UPDATE entry SET chain=zeroblob(32) WHERE seq=7", VERIFY_BROKEN, VERIFY_CHAIN, 7 },
	{ "a middle entry taken out", "DELETE FROM entry WHERE seq=7; DELETE FROM body WHERE seq=7",
	  VERIFY_BROKEN, VERIFY_SEQUENCE, 8 },
	{ "a middle entry taken out and the rest renumbered",
	  "DELETE FROM entry WHERE seq=7; DELETE FROM body WHERE seq=7;"
	  "UPDATE entry SET seq=-seq WHERE seq>7; UPDATE entry SET seq=-seq-1 WHERE seq<0;"
	  "UPDATE body SET seq=-seq WHERE seq>7; UPDATE body SET seq=-seq-1 WHERE seq<0;",
	  VERIFY_BROKEN, VERIFY_CHAIN, 7 },
	{ "the first entry taken out", "DELETE FROM entry WHERE seq=0; DELETE FROM body WHERE seq=0",
	  VERIFY_BROKEN, VERIFY_SEQUENCE, 1 },
	{ "two entries exchanged", SWAP, VERIFY_BROKEN, VERIFY_CHAIN, 7 },
	{ "an entry put in before the first", "INSERT INTO entry SELECT -1," COPY_OF_7, VERIFY_BROKEN, VERIFY_SEQUENCE, NONE },
	{ "an entry put in behind the last", "INSERT INTO entry SELECT 20," COPY_OF_7, VERIFY_BROKEN, VERIFY_CHAIN, 20 },
	{ "a body taken out", "DELETE FROM body WHERE seq=7", VERIFY_BROKEN, VERIFY_CONTENT, 7 },
	{ "a body and its salt emptied", "UPDATE body SET body=NULL, salt=NULL WHERE seq=7", VERIFY_BROKEN, VERIFY_CONTENT, 7 },
	{ "all bodies taken out", "DELETE FROM body", VERIFY_BROKEN, VERIFY_CONTENT, 0 },
	{ "a salt changed", "UPDATE body SET salt=zeroblob(16) WHERE seq=7", VERIFY_BROKEN, VERIFY_CONTENT, 7 },
	{ "a body without an entry", "INSERT INTO body VALUES(99,zeroblob(16),x'78')", VERIFY_BROKEN, VERIFY_CONTENT, 99 },
	{ "two bodies exchanged",
	  "UPDATE body SET seq=-1 WHERE seq=7; UPDATE body SET seq=7 WHERE seq=8; UPDATE body SET seq=8 WHERE seq=-1",
	  VERIFY_BROKEN, VERIFY_CONTENT, 7 },
	{ "another beginning", "UPDATE meta SET v=CAST('bailiff audit 1\n0\n' AS BLOB) WHERE k='genesis'", VERIFY_BROKEN, VERIFY_CHAIN, 0 },
	{ "another log id", "UPDATE meta SET v=zeroblob(32) WHERE k='log_id'", VERIFY_BROKEN, VERIFY_COLUMNS, 0 },
	{ "no identity", "DELETE FROM meta", VERIFY_BROKEN, VERIFY_SCHEMA, NONE },
	{ "a trigger", "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE decision=1; END",
	  VERIFY_BROKEN, VERIFY_SCHEMA, NONE },
	{ "a view that hides refusals",
	  "ALTER TABLE entry RENAME TO entry2; CREATE VIEW entry AS SELECT * FROM entry2 WHERE type<>2",
	  VERIFY_BROKEN, VERIFY_SCHEMA, NONE },
	{ "an index taken out", "DROP INDEX entry_type", VERIFY_BROKEN, VERIFY_SCHEMA, NONE },
	{ "the schema changed under SQLite",
	  "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql=replace(sql,'STRICT','') WHERE name='entry'",
	  VERIFY_BROKEN, VERIFY_SCHEMA, NONE },
	{ "an index that lacks an entry",
	  "CREATE TEMP TABLE kept AS SELECT * FROM entry WHERE seq=7;"
	  "CREATE TEMP TABLE ours AS SELECT * FROM sqlite_schema WHERE name='entry_ts'; DELETE FROM entry WHERE seq=7;"
	  "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE name='entry_ts'; PRAGMA writable_schema=RESET;"
	  "INSERT INTO entry SELECT * FROM kept; PRAGMA writable_schema=ON; INSERT INTO sqlite_schema SELECT * FROM ours",
	  VERIFY_BROKEN, VERIFY_STORE, NONE },
	{ "the end cut by one: the chain alone does not find it",
	  "DELETE FROM entry WHERE seq=19; DELETE FROM body WHERE seq=19", VERIFY_CONSISTENT, VERIFY_KINDS, NONE },
	{ "all cut: the chain alone does not find it", "DELETE FROM entry; DELETE FROM body",
	  VERIFY_CONSISTENT, VERIFY_KINDS, NONE },
};
/* clang-format on */

static bool change(const struct log *log, const char *sql)
{
	sqlite3 *database = NULL;
	bool changed = sqlite3_open_v2(log->path, &database, SQLITE_OPEN_READWRITE, NULL) ==
	                       SQLITE_OK &&
	               sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;

	if (!changed)
		printf("# %s\n", sqlite3_errmsg(database));
	sqlite3_close(database);
	return changed;
}

static void run_attack(const struct attack *attack)
{
	const struct verify_options options = { .quick = false };
	struct store_receipt last;
	struct verify_report report;
	struct problem problem;
	struct log log;
	bool good = log_make(&log) && log_fill(&log, ENTRIES, &last) && change(&log, attack->sql) &&
	            verify(log.path, &options, &report, &problem);

	OK(good && report.verdict == attack->verdict, "%s: %s", attack->name,
	   attack->verdict == VERIFY_CONSISTENT ? "not found by the chain" : "found");
	if (good && attack->kind < VERIFY_KINDS) {
		const struct verify_check *check = &report.checks[attack->kind];

		OK(check->broken > 0, "%s: by the check of the %s", attack->name,
		   verify_kind_name(attack->kind));
		OK(attack->seq == NONE || (check->has_seq && check->seq == (uint64_t)attack->seq),
		   "%s: from entry %d (%d)", attack->name, attack->seq, (int)check->seq);
	}
	log_remove(&log);
}

/* With a receipt that was kept, a cut end, an older copy and a record forged anew are found. */
static void test_receipts(void)
{
	struct verify_options options = { .has_receipt = true, .size = ENTRIES };
	struct store_receipt last, ignored;
	struct verify_report report;
	struct problem problem;
	struct log log, forged;

	OK(log_make(&log) && log_fill(&log, ENTRIES, &last), "a record with a receipt");
	memcpy(options.head, last.head, sizeof(options.head));
	OK(verify(log.path, &options, &report, &problem) && report.verdict == VERIFY_CONSISTENT &&
	           report.checks[VERIFY_RECEIPT].done,
	   "the receipt holds");
	OK(change(&log, "DELETE FROM entry WHERE seq=19; DELETE FROM body WHERE seq=19") &&
	           verify(log.path, &options, &report, &problem) &&
	           report.verdict == VERIFY_ROLLED_BACK,
	   "a cut end is found against the receipt");
	OK(log_make(&forged) && log_fill(&forged, ENTRIES + 5, &ignored) &&
	           verify(forged.path, &options, &report, &problem) &&
	           report.verdict == VERIFY_FORKED,
	   "a record made anew with the same story is found against the receipt");
	log_remove(&log);
	log_remove(&forged);
}

/* A bit of the file itself, everywhere: no flip is called clean without being harmless. */
static void test_flips(void)
{
	const struct verify_options options = { .quick = false };
	struct store_receipt last;
	struct verify_report report;
	struct problem problem;
	struct log log;
	struct stat status;
	unsigned found = 0, tried = 0, harmless = 0;
	FILE *file;

	OK(log_make(&log) && log_fill(&log, 200, &last), "a record to damage");
	file = fopen(log.path, "r+b");
	if (!OK(file != NULL && fstat(fileno(file), &status) == 0, "its file"))
		return;
	for (long at = 4096 + 33; at < status.st_size; at += 1021, tried++) {
		int byte;

		fseek(file, at, SEEK_SET);
		byte = fgetc(file);
		fseek(file, at, SEEK_SET);
		fputc(byte ^ 0x10, file);
		fflush(file);
		if (!verify(log.path, &options, &report, &problem) ||
		    report.verdict != VERIFY_CONSISTENT)
			found++;
		else
			harmless += report.entries == 200 &&
			            memcmp(report.head, last.head, sizeof(last.head)) == 0;
		fseek(file, at, SEEK_SET);
		fputc(byte, file);
		fflush(file);
	}
	fclose(file);
	OK(found + harmless == tried && found > tried / 3,
	   "%u flipped bits: %u found, %u in bytes that are not used", tried, found, harmless);
	log_remove(&log);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		run_attack(&attacks[i]);
	test_receipts();
	test_flips();
	return tap_done();
}
