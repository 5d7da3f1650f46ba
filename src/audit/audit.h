/*
 * The audit record, seen from those who write it: hook, run and the gateways.
 *
 * Nobody but the recorder opens the database.  A writer builds an entry, sends
 * it over the recorder's SOCK_SEQPACKET socket and waits, 50 ms at most, for
 * the receipt that is sent after the commit.  Where there is no recorder it is
 * started for the next writer, and this entry goes into a synced spool file
 * that the recorder takes in.  Either way: once audit_record() has returned
 * true, the entry survives kill -9 of everybody and, where the disk honours a
 * flush, the loss of power.  Each entry carries an id of its own, so that one
 * that arrives twice (sent, not answered in time, spooled) is stored once.
 *
 * Library-free; reads no environment: all places come in struct audit_target.
 * What must not be stored is taken out here, before it leaves the process: of
 * an input only a redacted summary and the SHA-256 are kept (reading 17), and
 * every free text is redacted (KM-69).
 *
 * In a guarded run, mount the *directory* of the socket (not the socket: a
 * restarted recorder binds a new one) at /run/bailiff, use audit_target_guarded,
 * and let the supervisor keep a connection from audit_hold().
 */
#ifndef BAILIFF_AUDIT_AUDIT_H
#define BAILIFF_AUDIT_AUDIT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/outbuf.h"
#include "base/problem.h"

/*
 * The numbers are hashed and stored: never change one, add at the end.
 * Names: audit_event_name(), "tool_execute" for AUDIT_TOOL_EXECUTE.
 */
enum audit_event {
	AUDIT_EVENT_NONE = 0,          /* not acceptable in an entry */
	AUDIT_TOOL_EXECUTE = 1,        /* a tool ran, or may run now: KC-037 */
	AUDIT_TOOL_BLOCKED = 2,        /* the policy refused: KC-038 */
	AUDIT_PERMISSION_DENIED = 3,   /* a person said no: KC-039 */
	AUDIT_PERMISSION_GRANTED = 4,  /* a person said yes: KC-040 */
	AUDIT_MODEL_SWITCH = 5,        /* KC-041 */
	AUDIT_SESSION_START = 6,       /* KC-042, LK-063 */
	AUDIT_SESSION_END = 7,         /* KC-043 */
	AUDIT_POLICY_VIOLATION = 8,    /* an attempt to get round the policy: KC-044 */
	AUDIT_SECURITY_EVENT = 9,      /* KC-045, KO-096 */
	AUDIT_TOOL_REQUEST = 10,       /* a tool was asked for, not yet judged */
	AUDIT_CONFIG_CHANGE = 11,      /* settings, hooks or grants were changed */
	AUDIT_AUDIT_GAP = 12,          /* entries may be missing before this one */
	AUDIT_DAEMON_START = 13,       /* the recorder began to write */
	AUDIT_DAEMON_STOP = 14,        /* the recorder left in good order */
	AUDIT_APPROVAL_REQUESTED = 15, /* somebody was asked */
	AUDIT_APPROVAL_DECIDED = 16,   /* ... and answered */
	AUDIT_APPROVAL_EXPIRED = 17,   /* ... or did not */
	AUDIT_POLICY_LOADED = 18,
	AUDIT_POLICY_CHANGED = 19,
	AUDIT_POLICY_STALE = 20,
	AUDIT_API_REQUEST = 21, /* endpoint, method, status: LK-064 */
	AUDIT_TOKEN_USED = 22,  /* LK-065 */
	AUDIT_ERROR = 23,       /* LK-066 */
	AUDIT_CLOCK_SKEW = 24,  /* the clock went back */
	AUDIT_AUDIT_READ = 25,  /* somebody read the record */
	AUDIT_EVENT_COUNT
};

enum audit_decision { AUDIT_DECISION_NONE = 0, AUDIT_DENY = 1, AUDIT_ASK = 2, AUDIT_ALLOW = 3 };

/* What came of it; "decision" is what was judged (reading 18 keeps both). */
enum audit_outcome {
	AUDIT_OUTCOME_NONE = 0,
	AUDIT_SUCCESS = 1,
	AUDIT_FAILURE = 2, /* "error" */
	AUDIT_BLOCKED = 3,
	AUDIT_DENIED = 4,
	AUDIT_PENDING = 5, /* asked, not answered yet */
	AUDIT_TIMEOUT = 6
};

enum audit_severity {
	AUDIT_INFO = 0,
	AUDIT_LOW = 1,
	AUDIT_MEDIUM = 2,
	AUDIT_HIGH = 3,
	AUDIT_CRITICAL = 4
};

/* A number that may be absent; absent is zero. */
struct audit_number {
	bool known;
	uint64_t value;
};

/* Something that has no field of its own; stored under "details". */
struct audit_detail {
	struct span name;
	struct span value;
};

/*
 * One entry.  Zeroed: everything absent.  Texts may hold any bytes and are cut
 * to audit_limits.  Only `event` is required.
 */
struct audit_entry {
	enum audit_event event;
	enum audit_decision decision;
	enum audit_outcome outcome;
	enum audit_severity severity;
	struct uuid id;          /* zero: audit_record() makes one */
	struct span session;     /* the host's session id, as text */
	struct span tool_use_id; /* joins request, decision and result */
	struct span agent;       /* "claude-code" */
	struct span org;
	struct span user; /* as claimed; who it was for the kernel is recorded apart */
	struct span model;
	struct span tool;
	struct span action; /* what was done, in few words: "execute", "write /etc/hosts" */
	struct span status; /* empty: the outcome's name */
	struct span reason; /* for a person */
	struct span rule;   /* id of the deciding rule */
	struct span source; /* "built-in", or file:line of that rule */
	struct span input;  /* all of it: only a summary and the hash are stored */
	struct span cwd;
	struct span run;   /* id of a guarded run */
	struct span level; /* approval level */
	struct span door;  /* "hook", "run", "mcp" */
	struct span risk;
	struct audit_number cost; /* millionths of a US dollar */
	struct audit_number tokens;
	struct audit_number duration_us; /* microseconds; printed in milliseconds */
	bool has_policy;
	unsigned char policy_sha256[SHA256_BYTES]; /* of the policy in force */
	const struct span *degraded;               /* protections that this machine lacks */
	size_t degraded_count;
	const struct audit_detail *details;
	size_t detail_count;
};

struct audit_limits {
	size_t summary_characters; /* of an input: 200 */
	size_t id_bytes;   /* longest session, tool use, agent, organisation, user, model, rule */
	size_t text_bytes; /* longest other text */
	size_t list_items; /* most degraded protections or details */
	size_t body_bytes; /* longest entry as JSON: what a recorder accepts */
	int wait_ms;       /* for a receipt */
};
extern const struct audit_limits audit_limits; /* 200, 128, 1024, 16, 98,304, 50 */

/* Where to record.  Borrowed strings; audit_target_in() fills it. */
struct audit_target {
	const char *socket;   /* the recorder's */
	const char *spool;    /* directory for spool files; NULL: none, refuse instead */
	const char *recorder; /* program to start where none runs; NULL: start none */
	const char *state;    /* the state directory that a started recorder is given */
	bool reached;         /* by audit_reach(): */
	int fd;               /* the connection, for every entry to come */
};

/* The places below the state directory `state`, e.g. ~/.bailiff; recorder in `libexec`. */
bool audit_target_in(const char *state, const char *libexec, struct arena *arena,
                     struct audit_target *target, struct problem *problem)
	__attribute__((warn_unused_result));
/* Inside a guarded run: /run/bailiff/recorder.sock, no spool, no start. */
extern const struct audit_target audit_target_guarded;

/*
 * Connects ahead of audit_record(), for a process that will record and end soon: the recorder
 * wakes up and looks at who comes while that process still works out what to record.  Where
 * no recorder answers, nothing has happened.
 */
void audit_reach(struct audit_target *target);

enum audit_how { AUDIT_NOT_RECORDED = 0, AUDIT_COMMITTED, AUDIT_SPOOLED };

/* What the writer may keep as a proof: with it a cut tail or an older copy is found. */
struct audit_receipt {
	enum audit_how how;
	struct uuid id;
	uint64_t seq;                     /* COMMITTED only: from 0 */
	uint64_t size;                    /* COMMITTED only: entries up to and with this one */
	unsigned char head[SHA256_BYTES]; /* COMMITTED only: the chain at this entry */
};

/*
 * Records one entry durably.
 *
 * receipt  set on success only
 * problem  REFUSED: the recorder did not accept the entry; SYSTEM: neither the
 *          recorder nor the spool could take it
 *
 * A false return means that there is no record: a caller that lets something
 * happen must treat it as policy `audit.onFailure` says, by default as a denial.
 */
bool audit_record(const struct audit_target *target, const struct audit_entry *entry,
                  struct audit_receipt *receipt, struct problem *problem)
	__attribute__((warn_unused_result));

/*
 * Makes sure that a recorder runs and answers, waiting `wait_ms` at most, and
 * keeps a connection: it does not leave for idleness while *fd is open.  *fd
 * gets readable with end-of-file when the recorder has gone: call again.
 */
bool audit_hold(const struct audit_target *target, int wait_ms, int *fd, struct problem *problem)
	__attribute__((warn_unused_result));

/* The entry as the JSON text that is stored and hashed; ask outbuf_ok(). */
void audit_entry_json(const struct audit_entry *entry, struct outbuf *out);

/* "tool_execute"; "unknown" for a number without a name. */
const char *audit_event_name(enum audit_event event);
/* The other spelling: "tool.execute" (LK-070). */
const char *audit_event_dotted(enum audit_event event);
const char *audit_decision_name(enum audit_decision decision); /* "" for none */
const char *audit_outcome_name(enum audit_outcome outcome);    /* "" for none */
const char *audit_severity_name(enum audit_severity severity);
/* The reverse, in both spellings; false where nothing is called so. */
bool audit_event_parse(struct span name, enum audit_event *event);
bool audit_decision_parse(struct span name, enum audit_decision *decision);
bool audit_outcome_parse(struct span name, enum audit_outcome *outcome);
bool audit_severity_parse(struct span name, enum audit_severity *severity);

/*
 * Puts `text` with obvious secrets replaced by "[redacted:KIND]": keys with a known
 * prefix, private keys, values after password=, token= and their like, bearer
 * tokens, and the user info and query of URLs.  Linear in the length of `text`.
 */
void audit_redact(struct span text, struct outbuf *out);

#endif
