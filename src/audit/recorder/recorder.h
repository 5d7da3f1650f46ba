/*
 * The recorder: the only process that writes the audit database.
 *
 * One thread and one loop: take everything that waits (256 entries or 1 ms of
 * work at most, never waiting for more), commit once, answer all.  Trust: every
 * byte of a writer is hostile; who it is comes from the kernel (SO_PEERCRED).
 * Private to recorder/.
 */
#ifndef BAILIFF_AUDIT_RECORDER_RECORDER_H
#define BAILIFF_AUDIT_RECORDER_RECORDER_H

#include "audit/store/store.h"

enum {
	BATCH_ENTRIES = 256,
	BATCH_NS = 1000000,
	PEERS_MAX = 1024,
	PEERS_OF_ONE = 64 /* connections of one process */
};

struct recorder_options {
	const char *state;
	const char *socket; /* NULL: below the state directory */
	int lock_fd;        /* a lock that the starter took; -1: take it */
	int idle_s;         /* leave after so long without a connection or an entry; 0: stay */
};

struct peer {
	int fd;
	uint32_t uid;
	uint32_t pid;
	uint64_t start;      /* of the process, in clock ticks since boot; 0: unknown */
	unsigned char flags; /* of enum header_flag */
	bool gone;           /* to be closed after the answers */
};

/* A batch that waits for its commit. */
struct pending {
	struct peer *peer;
	struct uuid id;
	struct store_receipt receipt;
};

/* What could not be stored, until it is told in an audit_gap. */
struct gap {
	uint64_t entries;
	uint64_t bytes;
	uint64_t first_ns, last_ns;
	const char *why; /* NULL: nothing */
};

struct recorder {
	struct store *store;
	char *directory; /* STATE/audit, without links */
	int spool_fd;
	int damaged_fd;
	int lock_fd;
	int listen_fd;
	char *socket_path;
	int epoll_fd;
	int signal_fd;
	int watch_fd; /* inotify on the spool; -1: none */
	unsigned char boot[16];
	uint64_t pid_namespace;
	struct peer *peers[PEERS_MAX];
	size_t peer_count;
	struct pending pending[BATCH_ENTRIES];
	size_t pending_count;
	struct gap gap;   /* not told yet */
	struct gap noted; /* told in the open batch */
	bool batch_open;
	bool started; /* daemon_start is written */
	bool stopping;
	uint64_t look_ns;   /* when to look into the spool, monotonic; 0: not */
	uint64_t active_ns; /* when something last happened */
	int64_t skew_ns;    /* wall clock less monotonic clock, last seen; 0: not yet */
	unsigned char buffer[256 * 1024];
};

/* Opens everything; the caller has gone to no state that recorder_close() cannot undo. */
bool recorder_open(struct recorder *recorder, const struct recorder_options *options,
                   struct problem *problem) __attribute__((warn_unused_result));
void recorder_close(struct recorder *recorder);
/* Takes the socket's name away; connections stay. */
void recorder_close_door(struct recorder *recorder);
/* What recorder_open() says where the lock is taken. */
#define RECORDER_OTHER_RUNS "another recorder runs here"
/* Runs until idle for `idle_s` or told to stop. */
bool recorder_serve(struct recorder *recorder, int idle_s, struct problem *problem)
	__attribute__((warn_unused_result));

/* Who is at the other end; NULL where it has gone. */
struct peer *peer_accept(struct recorder *recorder, int fd);

/* An entry of the recorder's own, into the open batch. */
bool recorder_note(struct recorder *recorder, const struct audit_entry *entry,
                   struct problem *problem) __attribute__((warn_unused_result));
/* Before a batch's first entry: tells of the start, of gaps and of a clock that was set. */
bool recorder_open_batch(struct recorder *recorder, struct problem *problem)
	__attribute__((warn_unused_result));
/*
 * Appends one entry, whoever brought it.  REFUSED or SYNTAX: the entry is not
 * acceptable, the batch goes on; else the batch is undone.
 */
bool recorder_append(struct recorder *recorder, const struct store_origin *origin, struct span body,
                     struct store_receipt *receipt, struct problem *problem)
	__attribute__((warn_unused_result));
/* Makes the batch durable; on false all of it is undone. */
bool recorder_commit(struct recorder *recorder, struct problem *problem)
	__attribute__((warn_unused_result));
/* The store has rolled the batch back: what it told has to be told again. */
void recorder_undone(struct recorder *recorder);
/* Remembers that an entry was not stored. */
void recorder_missed(struct recorder *recorder, const char *why, uint64_t bytes);

/* Takes in all spool files; no batch is open before or after. */
void recorder_take_spool(struct recorder *recorder);

#endif
