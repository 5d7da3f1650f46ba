/*
 * What a guarded command can see and do, held by the kernel.
 *
 * Two steps, kept apart: a *plan* is data, made from a request and facts about
 * the file system, printed by `bailiff run --dry-run` and compared in tests; the
 * *launch* carries it out.  What a plan does not name does not exist inside.
 *
 *     S  the caller of sandbox_start(): outside, sees fixed-size messages only
 *     I  PID 1 inside: builds the view, drops everything, reaps, reports
 *     C  the command
 *
 * Levels: FULL has its own user, mount, PID, network, IPC and UTS namespaces with a root
 * made from nothing, and Landlock and seccomp inside it.  LANDLOCK has those two
 * alone.  Which one a machine can do is found by doing it: what fails for want of a
 * namespace or of a mount is reported as such, and the caller decides.
 *
 * Trust: the plan is ours, the file system is not.  Every source of a mount is opened
 * once, without following a link, compared with the device and inode that were
 * planned, and mounted from that descriptor (openat2(2), open_tree(2)).
 */
#ifndef BAILIFF_SANDBOX_SANDBOX_H
#define BAILIFF_SANDBOX_SANDBOX_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/outbuf.h"
#include "base/problem.h"

enum sandbox_level { SANDBOX_NONE = 0, SANDBOX_LANDLOCK = 2, SANDBOX_FULL = 3 };
/* "none", "landlock", "full". */
const char *sandbox_level_name(enum sandbox_level level);

/* Strictest first. */
enum sandbox_network {
	SANDBOX_NETWORK_OFF = 0, /* loopback of its own, nothing else */
	SANDBOX_NETWORK_PROXY,   /* the same, and a listening socket that is served from outside */
	SANDBOX_NETWORK_HOST     /* the caller's network: explicit, recorded */
};
/* "off", "proxy", "host". */
const char *sandbox_network_name(enum sandbox_network network);

/* Protections that can be missing; their names are what policy `sandbox.require` lists. */
enum sandbox_part {
	SANDBOX_PART_USERNS = 0, /* "userns": own namespaces and own view of the files */
	SANDBOX_PART_LANDLOCK,   /* "landlock" */
	SANDBOX_PART_SCOPES,     /* "landlock-scopes": abstract sockets and signals; ABI 6 */
	SANDBOX_PART_SECCOMP,    /* "seccomp" */
	SANDBOX_PART_NETWORK,    /* "network": off, or through the broker only */
	SANDBOX_PART_PROCESSES,  /* "process-limit": not enforced for root without a cgroup */
	SANDBOX_PART_MEMORY,     /* "memory-limit": of the whole tree; needs a cgroup */
	SANDBOX_PART_SECRETS,    /* "project-secrets": the search for .env files was cut short */
	SANDBOX_PART_WATCH,      /* "exec-watch": what is started is not seen (observe.h) */
	SANDBOX_PARTS
};
/* "userns", ... */
const char *sandbox_part_name(enum sandbox_part part);
/* The reverse; false where nothing is called so. */
bool sandbox_part_parse(struct span name, enum sandbox_part *part);
/* The bit of a part in a set of missing parts. */
#define SANDBOX_BIT(part) (1U << (part))

/* ---- the plan ---- */

/* One step of building the view.  Paths are normal, absolute and as seen inside. */
enum sandbox_verb {
	SANDBOX_DIRECTORY, /* an empty directory */
	SANDBOX_FILE,      /* a generated file: content */
	SANDBOX_LINK,      /* a symbolic link: source is its text */
	SANDBOX_COPY,      /* a small file outside, as it is now */
	SANDBOX_READ,      /* source outside, read-only */
	SANDBOX_WRITE,     /* source outside, read-write */
	SANDBOX_PROTECT,   /* what is there already, read-only and not to be replaced */
	SANDBOX_PIN,       /* what is there already, writable but not to be renamed away */
	SANDBOX_HIDE,      /* what is there already, as something empty */
	SANDBOX_DEVICES,   /* /dev: six nodes, pts, shm */
	SANDBOX_PROC,      /* /proc of the own PID namespace, read-only */
	SANDBOX_TEMPORARY, /* an empty, writable directory in memory */
	SANDBOX_SOCKET     /* a datagram socket that S reads: at most one */
};

struct sandbox_step {
	enum sandbox_verb verb;
	const char *target;
	const char *source;     /* COPY, READ, WRITE: a path outside; LINK: the text */
	struct span content;    /* FILE */
	uint64_t device, inode; /* COPY to HIDE: what was found there when planning */
	bool directory;         /* READ, WRITE, PROTECT, PIN, HIDE: it is one */
	const char *why; /* "system", "workspace", "tool", "agent settings" ...: for people */
};

/* 0 is no limit of our own; what the caller has stays. */
struct sandbox_limits {
	uint64_t processes;       /* of the sandbox, threads among them (RLIMIT_NPROC) */
	uint64_t open_files;      /* of a process (RLIMIT_NOFILE) */
	uint64_t file_bytes;      /* of a written file (RLIMIT_FSIZE) */
	uint64_t data_bytes;      /* of a process (RLIMIT_DATA) */
	uint64_t cpu_seconds;     /* of a process (RLIMIT_CPU) */
	uint64_t temporary_bytes; /* /tmp and /dev/shm together */
	uint64_t timeout_ms;      /* wall time of the run */
};
extern const struct sandbox_limits sandbox_default_limits; /* 4096, 65536, 16 GiB, 0, 0, 2 GiB, 0 */

struct sandbox_plan {
	enum sandbox_level level;
	enum sandbox_network network;
	unsigned missing; /* SANDBOX_BIT of the parts that this plan knows it goes without */
	struct sandbox_step *steps; /* the content of a FILE may be filled in later */
	size_t step_count;
	/* What Landlock lets be written, as seen inside; what is executable or readable is the view. */
	const char *const *writable;
	size_t writable_count;
	const char *const *readable; /* for level LANDLOCK only: there the view is the machine's */
	size_t readable_count;
	const char *cwd;
	const char *program;  /* absolute, inside */
	char *const *argv;    /* ends with NULL */
	char *const *environ; /* ends with NULL: all of it */
	const char *hostname;
	struct sandbox_limits limits;
	bool watch; /* S is told of every program before it starts (observe.h) */
	/* Names of the workspace that did not exist and must not come to exist: looked for at the end. */
	const char *const *absent;
	size_t absent_count;
};

/* What a path is, without following a last link. */
struct sandbox_fact {
	enum sandbox_kind {
		SANDBOX_ABSENT = 0,
		SANDBOX_IS_FILE,
		SANDBOX_IS_DIRECTORY,
		SANDBOX_IS_LINK,
		SANDBOX_IS_OTHER
	} kind;
	uint64_t device, inode;
	uint64_t size;    /* of a file */
	const char *link; /* the text of a link */
};

struct sandbox_name {
	const char *name;
	bool directory;
};

/* The file system, seen by the planner; tests put a table in its place. */
struct sandbox_world {
	void *context;
	/* Both: false where it could not be told (not "absent"); errno is ENOMEM where memory ran out. */
	bool (*look)(void *context, const char *path, struct arena *arena,
	             struct sandbox_fact *fact);
	/* The names in a directory and whether each is one. */
	bool (*list)(void *context, const char *path, struct arena *arena,
	             struct sandbox_name **names, size_t *count);
};
/* The running machine. */
extern const struct sandbox_world sandbox_machine;

/* A path outside and where it is to be inside. */
struct sandbox_place {
	const char *source;
	const char *target; /* NULL: the same */
	const char *why;
};

/* A file that is generated inside. */
struct sandbox_text {
	const char *target;
	struct span content;
};

/* What is asked for.  Paths are absolute and real: no link in them. */
struct sandbox_request {
	enum sandbox_level level;
	enum sandbox_network network;
	bool root;             /* the caller is user 0 */
	const char *workspace; /* read-write */
	const char
		*repository; /* the git directory of a linked work tree, outside it; may be NULL */
	const char *home;    /* the real home: where the private one is mounted */
	const char *private_home; /* the folder that is mounted there */
	const char *state;        /* Bailiff's own folder: never visible */
	const char *search_path;  /* PATH, to find tools in */
	const struct sandbox_place *readable;
	size_t readable_count;
	const struct sandbox_place *writable;
	size_t writable_count;
	const struct sandbox_text *texts;
	size_t text_count;
	const struct sandbox_text *links; /* content is the link's text */
	size_t link_count;
	const char *socket; /* a datagram socket at this path inside, and `watch`; NULL: neither */
	bool show_env;      /* --with-env: .env files of the workspace are not hidden */
};

/*
 * Plans the view: steps, writable, readable, absent and `missing`.  The caller
 * fills in the command, its environment and limits.
 *
 * Pure but for `world`.  REFUSED where the request cannot be held: a workspace that
 * is a home or contains one, a protected name that is a link.  `culprit` is the path that it
 * is about, or NULL.
 */
bool sandbox_plan(const struct sandbox_request *request, const struct sandbox_world *world,
                  struct arena *arena, struct sandbox_plan *plan, const char **culprit,
                  struct problem *problem) __attribute__((warn_unused_result));

/* The plan as text for people, or as one JSON object. */
void sandbox_plan_text(const struct sandbox_plan *plan, struct outbuf *out);
void sandbox_plan_json(const struct sandbox_plan *plan, struct outbuf *out);

/* ---- the launch ---- */

/* Where a launch stopped; what is at or before MOUNTS is a matter of the machine, not of the plan. */
enum sandbox_stage {
	SANDBOX_STAGE_START = 0,
	SANDBOX_STAGE_NAMESPACES, /* clone, id maps */
	SANDBOX_STAGE_MOUNTS,     /* the first mounts: a root, /proc */
	SANDBOX_STAGE_VIEW,       /* the steps of the plan */
	SANDBOX_STAGE_NETWORK,
	SANDBOX_STAGE_LOCK, /* capabilities, Landlock, seccomp, limits */
	SANDBOX_STAGE_EXEC,
	SANDBOX_STAGE_READY
};

/* What I tells S before the command is started. */
struct sandbox_report {
	enum sandbox_stage stage; /* READY, or where it failed */
	int sys_errno;
	int step;         /* of the plan; -1 */
	unsigned missing; /* SANDBOX_BITs found missing on the way */
	int landlock_abi; /* 0: none */
	char what[64];    /* the call that failed */
	unsigned sent;    /* which descriptors come with it: for sandbox_await() */
};

/* A launched sandbox. */
struct sandbox {
	pid_t init;      /* I, as seen here */
	int init_fd;     /* its pidfd */
	int control;     /* fixed-size messages with I */
	int listener;    /* network PROXY: the socket to be served, else -1 */
	int socket;      /* of the plan's SOCKET step, to be read; else -1 */
	int watch;       /* for sandbox_exec_take() (observe.h), or -1 */
	bool full;       /* it has a PID namespace */
	bool foreground; /* the terminal was handed to the command */
};

/* None: what a variable begins with that sandbox_close() may get. */
extern const struct sandbox sandbox_none;

/* How a command ended. */
struct sandbox_end {
	bool exited;
	int status;       /* exited: its status; else the signal that ended it */
	bool exec_failed; /* it was never started: status is the errno */
	uint64_t cpu_us;  /* of the command and all that it waited for */
	uint64_t max_rss_kb;
};

/*
 * Builds everything up to the last step before the command.  True also where the launch
 * failed: *report says what happened; then *sandbox is empty and nothing is left behind.
 * False: SYSTEM, nothing could be asked of the kernel.
 */
bool sandbox_start(const struct sandbox_plan *plan, struct sandbox *sandbox,
                   struct sandbox_report *report, struct problem *problem)
	__attribute__((warn_unused_result));
/* In two halves, so that the caller can work meanwhile: start without waiting for the report ... */
bool sandbox_begin(const struct sandbox_plan *plan, struct sandbox *sandbox,
                   struct problem *problem) __attribute__((warn_unused_result));
/* ... and wait for it. */
bool sandbox_await(struct sandbox *sandbox, struct sandbox_report *report, struct problem *problem)
	__attribute__((warn_unused_result));

/* Lets the command run. */
bool sandbox_go(struct sandbox *sandbox, struct problem *problem)
	__attribute__((warn_unused_result));
/* Sends `signal` to the command's process group, through I. */
void sandbox_signal(const struct sandbox *sandbox, int signal);
/*
 * Takes one message once `control` is readable.  *ended: the command has, *end says how, and
 * nothing but I is alive.  Else it was stopped from the terminal, and so was this process.
 */
bool sandbox_end(struct sandbox *sandbox, struct sandbox_end *end, bool *ended,
                 struct problem *problem) __attribute__((warn_unused_result));
/* Ends everything inside, whatever state it is in, and waits for I. */
void sandbox_close(struct sandbox *sandbox);

/* ---- what this machine can do: `bailiff doctor` ---- */

struct sandbox_check {
	const char *name; /* "user namespaces" */
	const char *part; /* what policy calls it, or NULL */
	bool works;
	const char *detail; /* "ABI 7", or why not: static, or in the arena */
	const char *fix;    /* what to do; NULL where it works */
};
/* SANDBOX_BITs of what the kernel lacks for every level, without trying: for the record. */
unsigned sandbox_missing_here(void);
/* Tries each part, in children of this process.  Nothing is left behind. */
bool sandbox_examine(struct arena *arena, struct sandbox_check **checks, size_t *count,
                     struct problem *problem) __attribute__((warn_unused_result));

#endif
