/*
 * Which kind of place a path is.
 *
 * Places are told by tables of globs over normal absolute paths (base/path.h),
 * seen against the workspace, the home folder and the system.  What only the
 * file system can tell (is this a link out of the workspace?) comes through
 * struct paths_view, which tests replace and `--hypothetical` leaves out.
 */
#ifndef BAILIFF_PATHS_PATHS_H
#define BAILIFF_PATHS_PATHS_H

#include "base/arena.h"
#include "base/problem.h"

/* Zero is the place nothing may be assumed of. */
enum place {
	PLACE_UNKNOWN = 0,
	PLACE_SINK,           /* /dev/null, /dev/stdout, /dev/tty ... : nothing is kept */
	PLACE_WORKSPACE,      /* inside a workspace root, nothing special */
	PLACE_WORKSPACE_ROOT, /* the root itself */
	PLACE_BUILD_OUTPUT,   /* node_modules, target, build, __pycache__ ... inside a workspace */
	PLACE_PROJECT_SECRET, /* .env*, keys inside a workspace */
	PLACE_PROJECT_CODE, /* runs by itself later: .envrc, .vscode/tasks.json, package scripts' hooks */
	PLACE_VCS,          /* version control internals: .git/hooks, .git/config ... */
	PLACE_AGENT,   /* agents' settings: .claude, .codex, .mcp.json, CLAUDE hooks ... anywhere */
	PLACE_BAILIFF, /* Bailiff's own policy, state and record */
	PLACE_TEMP,    /* below /tmp, /var/tmp, $TMPDIR */
	PLACE_HOME,    /* elsewhere in the user's home */
	PLACE_HOME_ROOT, /* the home folder itself */
	PLACE_STARTUP,   /* ~/.bashrc, ~/.profile, autostart, systemd user units, cron */
	PLACE_SECRET,    /* credentials: ~/.ssh, ~/.aws, ~/.netrc, browser profiles, keyrings ... */
	PLACE_OTHER_HOME,    /* another user's home, /root for a non-root user */
	PLACE_TOOLCHAIN,     /* world-readable system: /usr, /opt, /lib ... */
	PLACE_SYSTEM_CONFIG, /* /etc, but for its secrets */
	PLACE_SYSTEM_SECRET, /* /etc/shadow, host keys of ssh, /proc/N/environ, /proc/kcore ... */
	PLACE_SYSTEM_STATE,  /* /var, /srv, /run, /boot, /sys and what is not named elsewhere */
	PLACE_PROC,          /* facts under /proc and /sys that are fine to read */
	PLACE_KERNEL,        /* /proc/sys, /proc/sysrq-trigger, /sys knobs, /boot */
	PLACE_DEVICE,        /* block devices and memory under /dev */
	PLACE_SOCKET,        /* sockets that give away the machine: docker.sock, dbus, ssh-agent */
	PLACE_ROOT /* "/" and its top-level system folders themselves: /, /home, /etc, /usr ... */
};

/* "workspace", "system-secret" ...: the name used in JSON and in rules. */
struct span place_name(enum place place);

struct paths_context {
	struct span cwd;              /* normal absolute path */
	struct span home;             /* normal absolute path; empty where there is none */
	const struct span *workspace; /* normal absolute paths */
	size_t workspace_count;
	struct span state; /* Bailiff's own folder; empty: HOME/.bailiff */
};

struct path_facts {
	enum place place;
	const char *why; /* "SSH keys": what makes it special; NULL where nothing does */
};

/* Classifies a normal absolute path.  Pure. */
struct path_facts paths_classify(const struct paths_context *context, struct span path);

/*
 * The stricter of a path and everything below it, for what is recursive: a tree
 * that *contains* a home, a secret or the workspace counts as that.
 */
struct path_facts paths_classify_tree(const struct paths_context *context, struct span path);

/*
 * The strictest place of what a normal absolute path with * ? and [..] in it may match, as far
 * as the tables name it: "/etc/sh?dow" is a secret.
 */
struct path_facts paths_classify_pattern(const struct paths_context *context, struct span glob);

/* The stricter of two facts about one target: a link and what it leads to, say. */
struct path_facts path_facts_stricter(struct path_facts a, struct path_facts b);

/*
 * path_normalise() that also follows what the kernel alone makes of a path: /proc/self/root,
 * /proc/self/cwd and /proc/N/root (proc(5)), before ".." takes them away.  `path` is seen
 * from `cwd`; /proc/self/cwd is `cwd` too.  False: out of memory.
 */
bool paths_normalise(struct span cwd, struct span path, struct arena *arena, struct span *normal)
	__attribute__((warn_unused_result));

/* What the file system adds.  resolve() gives the path with every link followed (the deepest
 * existing ancestor's, where it does not exist yet); false: could not be told. */
struct paths_view {
	void *context;
	bool (*resolve)(void *context, struct span path, struct arena *arena, struct span *real);
};
/* The running machine, by openat2(2) and readlink(2). */
extern const struct paths_view paths_machine;

#endif
