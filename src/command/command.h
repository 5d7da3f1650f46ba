/*
 * What programs do with their arguments, as data.
 *
 * The facts live in data/commands/<family>.commands, plain text in the format of
 * bailiff-commands(5), compiled at build time to sorted tables.  This module
 * finds the program, reads its argv as getopt_long(3) (or that program) would,
 * and says which argument is used for what.  It knows no file system, no shell,
 * and nothing about what is dangerous.
 */
#ifndef BAILIFF_COMMAND_COMMAND_H
#define BAILIFF_COMMAND_COMMAND_H

#include "base/arena.h"
#include "base/problem.h"

/* What is done with a target: the words of the data format, in its order. */
enum command_verb {
	COMMAND_UNKNOWN = 0, /* unknown     does something these tables cannot say */
	COMMAND_LIST,        /* list X      names and metadata of a path */
	COMMAND_READ,        /* read X      contents of a path */
	COMMAND_WRITE,       /* write X     creates or replaces a path's contents */
	COMMAND_APPEND,      /* append X */
	COMMAND_MODIFY,      /* modify X    changes contents in place */
	COMMAND_CREATE,      /* create X    a directory, an empty file, a node */
	COMMAND_DELETE,      /* delete X */
	COMMAND_MOVE,   /* move X      takes X away from where it is (its destination is a write) */
	COMMAND_MODE,   /* mode X      permission bits, attributes, ACLs of a path */
	COMMAND_OWNER,  /* owner X */
	COMMAND_LINK,   /* link X      X becomes reachable under another name */
	COMMAND_DEVICE, /* device X    formats, partitions or overwrites a block device */
	COMMAND_MOUNT,  /* mount X */
	COMMAND_CONNECT, /* connect X   to a host or URL */
	COMMAND_LISTEN,  /* listen X */
	COMMAND_SEND,    /* send X      argument text that goes to the network */
	COMMAND_UPLOAD, /* upload X    a file whose contents go to the network ("-" is standard input) */
	COMMAND_FETCH,  /* fetch       standard output comes from the network */
	COMMAND_RUN,    /* run X       the words X... are a command line, already split */
	COMMAND_SHELL,  /* shell X     X is shell text */
	COMMAND_SCRIPT, /* script X    X is a file run as a program (by `language`, where named) */
	COMMAND_CODE,   /* code LANG X X is program text in LANG */
	COMMAND_REMOTE, /* remote X    X (words or text) runs on another machine */
	COMMAND_STDIN_SHELL, /* stdin-shell standard input is run as shell text */
	COMMAND_STDIN_CODE,  /* stdin-code LANG */
	COMMAND_STDIN_READ, /* stdin       standard input is read (a pipe into this program is data) */
	COMMAND_PROJECT, /* project     runs the project's own code: build, test, package script */
	COMMAND_CHDIR,   /* chdir X     what follows sees directory X */
	COMMAND_ENVIRONMENT, /* environment X   X is NAME=VALUE for what it runs */
	COMMAND_PRIVILEGE,   /* privilege   what it runs has another user's rights */
	COMMAND_PACKAGE_ADD, /* package-add X      installs software for the system or the project */
	COMMAND_PACKAGE_REMOVE, /* package-remove X */
	COMMAND_SERVICE,        /* service X   starts, stops, enables, disables */
	COMMAND_FIREWALL,       /* firewall    packet filter, routes, interfaces, names */
	COMMAND_CONFIGURE,      /* configure X system configuration other than by writing a file */
	COMMAND_POWER,          /* power       reboot, halt, suspend */
	COMMAND_KERNEL,         /* kernel      modules, parameters, boot loader */
	COMMAND_ACCOUNT,        /* account     users, groups, passwords */
	COMMAND_SIGNAL,         /* signal X    sends a signal to a process */
	COMMAND_CONTAINER,      /* container X starts or changes a container or virtual machine */
	COMMAND_CLOUD,          /* cloud X     changes something behind a remote API */
	COMMAND_DATABASE,       /* database X  statement text X goes to a database */
	COMMAND_HISTORY, /* history     rewrites version-control history or drops uncommitted work */
	COMMAND_PUBLISH,  /* publish X   pushes or publishes to others */
	COMMAND_SCHEDULE, /* schedule X  runs something later */
	COMMAND_SECRET,   /* secret      prints or hands over a credential */
	COMMAND_SETTING, /* setting X   X is KEY or KEY=VALUE of the program's own configuration that can run code */
	COMMAND_EXIT /* exit        nothing after it in this shell runs */
};

enum command_flag {
	COMMAND_RECURSIVE = 1 << 0, /* recursive */
	COMMAND_FORCE = 1 << 1,     /* force     does not ask, overrides a protection */
	COMMAND_PREVIEW = 1 << 2,   /* preview   dry run: nothing is changed */
	COMMAND_INFORM = 1 << 3,    /* inform    --help, --version: nothing at all is done */
	COMMAND_SYSTEM = 1 << 4,    /* system    for the whole machine rather than the project */
	COMMAND_ALL = 1 << 5, /* all       everything of that kind: --all, a wildcard by meaning */
	COMMAND_INSECURE = 1 << 6, /* insecure  switches a check of identity off */
	COMMAND_MORE = 1 << 7 /* more      further words, which cannot be known, follow: xargs */
};

/* One argument, as far as it is known.  argv[0] is the program's name. */
struct command_arg {
	struct span text; /* the known bytes from its start */
	bool complete;    /* text is the whole argument; else something unknown follows */
};

/* One thing that an invocation does. */
struct command_use {
	enum command_verb verb;
	unsigned flags; /* enum command_flag, options of the whole invocation among them */
	bool has_target;
	size_t arg;           /* index in argv of the target, or of its first word */
	size_t offset;        /* bytes of that argument before the target: 9 for "--output=x" */
	size_t trail;         /* bytes of that argument behind the target: ";type=x" of curl -F */
	size_t count;         /* words from there: more than 1 for run, remote and shell only */
	struct span fixed;    /* a target that stands in the data rather than in argv: "." for ls */
	struct span language; /* of code, stdin-code, script */
	size_t by; /* index in argv of what qualifies it: chmod's mode, kill's signal; 0: nothing */
	size_t by_offset; /* bytes of that argument before it */
	size_t option;    /* index in argv of the option that asked for it; 0: an operand did */
};

/*
 * Already settled for the caller: "-" is standard input (COMMAND_STDIN_READ, or
 * "-" of UPLOAD) or output (no use) where the program takes it so; `scp a h:b`
 * gives UPLOAD a and CONNECT h:b; `curl -d @f` gives UPLOAD f; after --dry-run
 * nothing that changes anything is left, after --help nothing at all.
 */

struct command_spec; /* a program's row; see private.h */

struct command_match {
	const struct command_spec *spec; /* NULL: no such program in the tables */
	struct span name;                /* its first name: "rm" */
	struct span sub;  /* the sub-command by its first name: "remote add"; may be empty */
	size_t sub_words; /* how many argv words lead up to and include the sub-command */
	bool understood; /* every option and operand was placed; else `puzzle` says which was not */
	size_t puzzle; /* index in argv; 0: an operand is missing or the sub-command is not known */
	bool maybe_option; /* an argument that is wholly unknown was taken for an operand */
	bool wrapper; /* only runs another command, with its own meaning unchanged: nice, timeout */
	bool builtin; /* of the shell */
	struct command_use *uses;
	size_t count;
};

/*
 * Matches one invocation.
 *
 * argv[0].text may hold a path: its last component is looked up.  An argument
 * that is not complete is an operand unless its known start is an option's.
 * False: out of memory only; a program that is not known is a success with
 * spec NULL and understood false.
 */
bool command_match(const struct command_arg *argv, size_t argc, struct arena *arena,
                   struct command_match *match, struct problem *problem)
	__attribute__((warn_unused_result));

/* "delete", "package-add" ...: the verb as the data files spell it. */
struct span command_verb_name(enum command_verb verb);

/* How many programs the tables hold; for tests and `bailiff version`. */
size_t command_count(void);

#endif
