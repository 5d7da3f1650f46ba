/* Between the files of sandbox/: what runs as I, PID 1 of the sandbox, and what talks to it. */
#ifndef BAILIFF_SANDBOX_PRIVATE_H
#define BAILIFF_SANDBOX_PRIVATE_H

#include "sandbox/sandbox.h"

/* What I is given when it starts. */
struct sandbox_init {
	const struct sandbox_plan *plan;
	int control;
	int parent; /* pidfd of S */
	uid_t uid;
	gid_t gid;
	bool foreground;             /* S has the terminal: the command gets it */
	int terminal;                /* its descriptor, 0 to 2; -1: none */
	int listener, socket, watch; /* for S; -1: none */
	struct sandbox_report report;
};

/* Descriptors that may come with the report: listener, socket, watch; `sent` has their bits. */
enum { SANDBOX_SENT = 3 };

/* From I to S, behind the report. */
struct sandbox_message {
	enum sandbox_news { SANDBOX_NEWS_NONE = 0, SANDBOX_STOPPED, SANDBOX_ENDED } news;
	struct sandbox_end end;
};

/* From S to I. */
enum sandbox_order { SANDBOX_ORDER_GO = 'g', SANDBOX_ORDER_CONTINUE = 'c' };

/* Notes the call that failed and returns false. */
bool init_failed(struct sandbox_init *init, enum sandbox_stage stage, const char *what);

/* init.c: the life of I; never returns. */
_Noreturn void init_main(struct sandbox_init *init);

/* view.c: makes the root of the plan and goes there.  Needs the namespaces. */
bool view_apply(struct sandbox_init *init);
/* network.c: loopback, and the listening socket where the plan says so. */
bool network_apply(struct sandbox_init *init);
/* lock.c: descriptors, limits, capabilities, Landlock, system calls: for good. */
bool lock_apply(struct sandbox_init *init);

/* landlock.c: confines this process to the plan's places; what is missing goes to `missing`. */
bool landlock_apply(const struct sandbox_plan *plan, int *abi, unsigned *missing);
/* seccomp.c */
bool seccomp_apply(enum sandbox_level level);
/* observe.c: has the kernel tell of every exec from now on; the descriptor to ask, or -1. */
int observe_apply(void);

#endif
