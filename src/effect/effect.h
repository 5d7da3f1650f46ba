/*
 * What an action would do, as a list of effects.
 *
 * Shell text is parsed (shell/), each simple command's argv is worked out as far
 * as it is known, matched with the tables (command/), its targets are placed
 * (paths/), and everything that runs something else is followed: wrappers,
 * substitutions, functions, `bash -c`, heredocs, pipes into a shell.  Nothing
 * is run.  Nothing here knows what is dangerous.
 *
 * What cannot be known is an effect of its own, never left out: a word that
 * expands to something unknown, a program that is not in the tables, text that
 * did not parse.
 */
#ifndef BAILIFF_EFFECT_EFFECT_H
#define BAILIFF_EFFECT_EFFECT_H

#include "base/json.h"
#include "paths/paths.h"

enum effect_kind {
	EFFECT_UNKNOWN = 0, /* something that cannot be told; `what` says what and why */
	EFFECT_OUTPUT,      /* prints; touches nothing */
	EFFECT_RUN,         /* starts a program: target is its name or path */
	EFFECT_LIST,
	EFFECT_READ,
	EFFECT_WRITE, /* creates, replaces, appends to, or changes contents */
	EFFECT_DELETE,
	EFFECT_MOVE,
	EFFECT_MODE,
	EFFECT_OWNER,
	EFFECT_LINK,
	EFFECT_DEVICE,
	EFFECT_MOUNT,
	EFFECT_CONNECT, /* target: URL or host */
	EFFECT_LISTEN,
	EFFECT_UPLOAD, /* data leaves by the network; `source` says whose: a path, "environment", text */
	EFFECT_CODE,    /* text is run by an interpreter: target is the language */
	EFFECT_REMOTE,  /* runs on another machine: target is the host */
	EFFECT_PROJECT, /* runs the project's own code */
	EFFECT_ENVIRONMENT, /* sets a variable that changes what later programs do: target is NAME=value */
	EFFECT_SETTING, /* sets configuration of a program that can run code: target is KEY[=VALUE] */
	EFFECT_PRIVILEGE,
	EFFECT_PACKAGE_ADD,
	EFFECT_PACKAGE_REMOVE,
	EFFECT_SERVICE,
	EFFECT_FIREWALL,
	EFFECT_CONFIGURE,
	EFFECT_POWER,
	EFFECT_KERNEL,
	EFFECT_ACCOUNT,
	EFFECT_SIGNAL,
	EFFECT_CONTAINER,
	EFFECT_CLOUD,
	EFFECT_DATABASE,
	EFFECT_HISTORY,
	EFFECT_PUBLISH,
	EFFECT_SCHEDULE,
	EFFECT_SECRET,
	EFFECT_REDEFINE, /* a function, alias or hash entry takes a known program's name */
	EFFECT_BOMB,     /* a function that starts itself without end: fork bomb */
	EFFECT_AGENT,    /* starts a sub-agent or uses a tool of an agent that has no effect here */
	EFFECT_KINDS
};

enum effect_certainty { CERTAINTY_UNKNOWN = 0, CERTAINTY_PARTLY, CERTAINTY_KNOWN };

enum effect_flag {
	EFFECT_RECURSIVE = 1 << 0,
	EFFECT_FORCE = 1 << 1,
	EFFECT_SYSTEM = 1 << 2, /* for the whole machine */
	EFFECT_ALL = 1 << 3,
	EFFECT_INSECURE = 1 << 4,
	EFFECT_APPEND = 1 << 5,
	EFFECT_CREATE = 1 << 6,        /* only makes something new: mkdir, touch */
	EFFECT_REDIRECT = 1 << 7,      /* by a redirection rather than an argument */
	EFFECT_GLOB = 1 << 8,          /* the target is a pattern; `target` is its known part */
	EFFECT_FROM_NET = 1 << 9,      /* what is run, written or sent came from the network */
	EFFECT_FROM_SECRET = 1 << 10,  /* what is sent or written came from a secret */
	EFFECT_FROM_UNKNOWN = 1 << 11, /* what is run came from somewhere unknown */
	EFFECT_DEAD = 1 << 12,         /* in a branch that cannot be reached */
	EFFECT_TO_SOCKET =
		1 << 13, /* an interactive program joined to a network socket: reverse shell */
	EFFECT_LATER = 1 << 14,  /* runs later rather than now: trap, cron, at, hook */
	EFFECT_BENEATH = 1 << 15 /* the target is unknown but lies below `target` */
};

struct effect;
struct effect_command;

/* One word of an argv, as far as it is known. */
struct effect_word {
	struct span text;  /* known bytes from the start */
	bool complete;     /* that is all of it */
	size_t start, end; /* in the action's text */
};

/*
 * One simple command that would be run: what rules match against.  Commands that
 * other commands run (sudo x, bash -c 'x', find -exec x) are commands too, with
 * `parent` set.
 */
struct effect_command {
	struct effect_word *argv; /* after expansion; argv[0] is the program */
	size_t argc;
	bool open_ended;               /* more words may follow (xargs, "$@") */
	struct span name;              /* the program's base name where known, else empty */
	struct span sub;               /* sub-command words: "remote add" */
	struct effect_command *parent; /* the command that runs this one; NULL at the top */
	bool transparent_parent;       /* that parent only passes it on: nice, timeout, nohup */
	struct span *assignments;      /* NAME=value before the command, as far as known */
	size_t assignment_count;
	bool builtin;
	bool known;        /* the program is in the tables and its arguments were understood */
	size_t start, end; /* in the action's text */
	struct effect_command *next;
};

struct effect {
	enum effect_kind kind;
	enum effect_certainty certainty; /* of the target */
	unsigned flags;
	struct span target;      /* normal absolute path, host, URL, program, language ... */
	struct path_facts facts; /* of paths; place UNKNOWN for what is no path */
	struct span source;      /* of UPLOAD, CODE: where the data is from */
	const char *what;  /* static text: why it is unknown, what makes it special; or NULL */
	size_t start, end; /* bytes in the action's text */
	struct effect_command *command; /* whose effect it is; NULL for tools other than a shell */
	struct effect *next;
};

struct effect_limits {
	unsigned depth; /* deepest chain of commands that run commands */
	size_t effects; /* in all */
	size_t steps;   /* simple commands worked through, functions and loops counted each time */
};
extern const struct effect_limits effect_default_limits; /* 24, 20,000, 20,000 */

/* One action, as the doors hand it over.  Spans live with the caller. */
struct action {
	struct span tool;               /* "Bash", "Read", "mcp__server__tool" ... */
	const struct json_value *input; /* the tool's own arguments */
	struct paths_context paths;
	const struct paths_view *view; /* NULL: nothing is asked of the machine */
	struct span session, user, agent, org, model, tool_use_id; /* may be empty */
};

struct effects {
	struct span text; /* what `start` and `end` count in: the command, path or URL */
	bool shell;       /* `text` is the command that a shell is given */
	struct effect *first;
	struct effect_command *commands; /* in order of appearance */
	size_t count;
	const char
		*not_understood; /* static text where the action's text did not parse, else NULL */
	size_t not_understood_at;
};

/*
 * Works out what an action would do.  limits: NULL for the default.
 *
 * False: MEMORY or LIMIT only.  Text that does not parse gives an UNKNOWN effect
 * and `not_understood`.
 */
bool effect_of_action(const struct action *action, const struct effect_limits *limits,
                      struct arena *arena, struct effects *effects, struct problem *problem)
	__attribute__((warn_unused_result));

/* "delete", "package-add" ...: the name used in JSON. */
struct span effect_kind_name(enum effect_kind kind);

#endif
