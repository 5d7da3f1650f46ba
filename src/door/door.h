/*
 * What every door does alike: find the places, load the policy in force, judge an
 * action, record it.  The doors themselves (hook, run, check) only translate.
 *
 * This is where I/O, the clock and the machine's facts come in; the environment is
 * read by the programs and handed over.
 */
#ifndef BAILIFF_DOOR_DOOR_H
#define BAILIFF_DOOR_DOOR_H

#include "audit/audit.h"
#include "door/facts.h"
#include "judge/action.h"
#include "judge/judge.h"
#include "policy/grants.h"

/*
 * The folder inside a guarded run, read-only: its facts, sockets and policy.  Below
 * policy/ lie copies of the layers as they were checked when the run began (system/,
 * user/) and the caller's state as far as it counts (state/: settings and grants, live).
 */
#define DOOR_RUN_FOLDER "/run/bailiff"

struct door_request {
	const char *state;   /* value of BAILIFF_HOME; NULL: ~/.bailiff */
	struct span project; /* root whose .bailiff/settings.json counts; empty: none */
	struct span session; /* whose grants count; empty: none */
	const char *program; /* /proc/self/exe: beside it lies libexec/bailiff */
	const struct policy_override *overrides; /* may be NULL */
	bool records; /* soon, and then ends: the recorder is told to be ready, audit_reach() */
};

struct door {
	struct arena *arena; /* for what lives as long as the door */
	bool guarded;        /* inside a guarded run: then `facts` is filled */
	struct run_facts facts;
	struct span home;    /* the passwd entry's, or the run's */
	struct span state;   /* Bailiff's own folder */
	struct span project; /* whose settings and grants count; empty: none */
	struct policy_file *files;
	struct grant *grants; /* that count here; also among the policy's rules */
	struct policy policy;
	const struct policy_override *overrides;
	struct judge_context context;
	struct audit_target audit;
};

/*
 * Opens: places, facts of the run, policy, grants.  On false *status is the exit
 * status (77 for the policy, 70 else) and *message, in the arena, says why.
 */
bool door_open(const struct door_request *request, struct arena *arena, struct door *door,
               int *status, struct span *message) __attribute__((warn_unused_result));

/*
 * Works out and judges.  `permissions` (may be NULL) are rules that come with the action.
 * A problem on the way (limit, memory) becomes a verdict of deny that says so.
 */
void door_judge(const struct door *door, const struct action *action,
                const struct json_value *permissions, struct arena *arena, struct effects *effects,
                struct verdict *verdict);

/* An entry for the record with what action and verdict say; the caller adds event and outcome. */
struct audit_entry door_entry(const struct door *door, const struct action *action,
                              const struct effects *effects, const struct verdict *verdict);

/*
 * Records every attempt of a lower layer to loosen what a higher one set
 * (policy_violation, KC-044), for `session`; `name` is the door's.  False: could not be recorded.
 */
bool door_record_violations(const struct door *door, struct span name, struct span session,
                            struct arena *arena) __attribute__((warn_unused_result));

/*
 * Whether a workspace root is acceptable: a home folder, or what contains one, or a
 * system folder, is not: everything in it would count as the project's.
 */
bool door_workspace_ok(struct span root, struct span home);

/* The root of the work tree that holds `cwd`: the nearest parent with .git or .bailiff, else cwd. */
bool door_project_root(struct span cwd, struct span home, struct arena *arena, struct span *root)
	__attribute__((warn_unused_result));

#endif
