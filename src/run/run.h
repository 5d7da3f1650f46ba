/*
 * `bailiff run`: a command, or a whole agent, inside a sandbox, from its plan to its record.
 *
 * The supervisor is this process, outside.  It reads the policy, has the command
 * judged, plans, launches, records start and end, and ends everything when it
 * ends.  It parses nothing that comes from inside but fixed-size messages.
 *
 * Inside, /run/bailiff (read-only) holds
 *     run.json      facts of this run (door/facts.h)
 *     policy/       copies of the policy's layers, and the folder of session grants, live
 * and for an agent, whose hooks need them,
 *     recorder.sock the door of the recorder
 *     bin/bailiff   this program
 */
#ifndef BAILIFF_RUN_RUN_H
#define BAILIFF_RUN_RUN_H

#include "base/arena.h"
#include "base/outbuf.h"
#include "base/problem.h"
#include "sandbox/sandbox.h"

/* The run's own exit statuses; every other one is the command's, or 128 + its signal. */
enum run_status { RUN_TIMEOUT = 124, RUN_FAILED = 125, RUN_DENIED = 126 };

/* What the command line asks for.  Zeroed: defaults. */
struct run_options {
	const char *agent;     /* --agent NAME; NULL: by the command's base name */
	const char *workspace; /* --workspace DIR; NULL: where we are, or its repository's root */
	const char *network;   /* --network off|proxy|host; NULL: the profile's */
	const char *const *readable; /* --read PATH: further places, read-only */
	size_t readable_count;
	const char *const *writable; /* --write PATH */
	size_t writable_count;
	const char *const *variables; /* --env NAME or NAME=VALUE */
	size_t variable_count;
	const char *const *hosts; /* --allow-host HOST[:PORT] */
	size_t host_count;
	uint64_t timeout_ms; /* --timeout */
	int level;           /* --level 2|3; 0: the highest that works */
	bool with_env;       /* --with-env: do not hide .env files */
	bool allow_unconfined;
	bool safe;
	bool dry_run;
	bool json;
	bool verbose;
	char *const *command; /* ends with NULL */
	/* The caller's world, read by the door: libraries read no environment. */
	char *const *environ;
	const char *self; /* path of this program */
};

/* Runs it; gives the status for exit(2).  Messages go to standard error. */
int run_guarded(const struct run_options *options);

#endif
