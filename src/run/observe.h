/*
 * The cross-check of an agent's hooks, which all fail open: a shell that is started in a
 * guarded run without a hook's allow is an incident in the record.
 *
 * Hooks tell what they let run (door/allow.h), the kernel tells what is started
 * (sandbox/observe.h), the agent's profile says how it wraps a command and which shells it
 * starts for itself (wrapping.h).  Nothing is refused here.  What runs inside could tell of
 * an allow itself: this finds hooks that were skipped, it is no wall.
 */
#ifndef BAILIFF_RUN_OBSERVE_H
#define BAILIFF_RUN_OBSERVE_H

#include "run/private.h"

/* A process, from /proc/PID/stat (proc_pid_stat(5)). */
struct observe_process {
	pid_t parent, session;
	uint64_t
		start; /* in clock ticks since boot: with the number it names one process for good */
};
/* Reads that line; false where it is none. */
bool observe_read_stat(struct span line, struct observe_process *process);

struct observer;

/* NULL where memory is short.  Nothing to release: it is in the run's arena. */
struct observer *observe_start(struct run *run, struct sandbox *sandbox);
/* What to poll for POLLIN: the sandbox's `socket` and `watch`, each -1 where there is none. */
void observe_allows(struct observer *observer);
void observe_programs(struct observer *observer);
/* One line on standard error where there were incidents. */
void observe_report(const struct observer *observer);

#endif
