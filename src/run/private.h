/* Between the files of run/: one guarded run, from the command line to its record. */
#ifndef BAILIFF_RUN_PRIVATE_H
#define BAILIFF_RUN_PRIVATE_H

#include "door/door.h"
#include "run/profile.h"
#include "run/run.h"

struct run {
	const struct run_options *options;
	struct arena arena;
	struct door door;
	char id[37];
	bool agent; /* then `profile` is filled */
	struct profile profile;
	const char *cwd;        /* real */
	const char *workspace;  /* real */
	const char *repository; /* the main one of a linked work tree, or NULL */
	const char *home;       /* real; where the private one will be */
	const char *state;      /* Bailiff's own folder, real */
	const char *private_home;
	const char *program; /* as found in PATH */
	const char *real_program;
	const char *search_path; /* PATH, each directory real */
	char *const *argv;
	char *const *environ;
	enum sandbox_network network;
	uint64_t timeout_ms;
	struct sandbox_request request;
	struct sandbox_plan plan;
	struct sandbox_report report;
	unsigned missing; /* SANDBOX_BITs: what this run goes without */
	struct span degraded[SANDBOX_PARTS];
	size_t degraded_count;
	const char *share; /* STATE/runs/ID, for the hooks of an agent; else NULL */
	int share_fd;      /* holds its lock, or -1 */
	int changes;       /* inotify(7) on the state folder, or -1 */
	int held;          /* a connection that keeps the recorder, or -1 */
	pid_t broker;      /* 0: none */
	int broker_control;
};

/* Prints "bailiff run: ..." and returns `status`. */
int run_say(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The value of a variable in the caller's environment, or NULL. */
const char *run_variable(const struct run *run, const char *name);
/* Text in the arena, or NULL. */
const char *run_format(struct run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Each gives 0, or prints what is wrong and gives the exit status. */

/* places.c: home, state, cwd and workspace; then, with the policy known, the program and its home. */
int places_find(struct run *run);
int places_find_program(struct run *run);
int places_make_home(struct run *run);
/* environment.c: what the command gets of the caller's environment, and what is set. */
int environment_make(struct run *run);
/* share.c: what the hooks of an agent see of the state folder. */
int share_make(struct run *run);
void share_update(struct run *run);
void share_end(struct run *run);
/* view.c: the request for a level, and the plan for it. */
int view_plan(struct run *run, enum sandbox_level level);
/* judging.c: whether the command may run at all. */
int command_judge(struct run *run);
/* broker.c: starts the broker with the sandbox's listening socket, which it takes over. */
int broker_start(struct run *run, int listener);
void broker_end(struct run *run);
/* record.c */
int record_begin(struct run *run);
void record_finish(struct run *run, int status, uint64_t duration_us);
void record_incident(struct run *run, struct span rule, struct span reason, const char *path);
/* A program that was started without a hook's allow (observe.h). */
void record_unmatched(struct run *run, struct span reason, struct span program, struct span text);
/* guard.c: names that were not there and have come to exist are put aside. */
void guard_workspace(struct run *run);
/* supervise.c: from the plan to the end of the command; the exit status. */
int supervise(struct run *run);

#endif
