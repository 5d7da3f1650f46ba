/*
 * What a door inside a guarded run may know about that run: run.json in the
 * read-only folder /run/bailiff, written by the supervisor, outside.
 */
#ifndef BAILIFF_DOOR_FACTS_H
#define BAILIFF_DOOR_FACTS_H

#include "base/arena.h"
#include "base/outbuf.h"
#include "base/problem.h"

struct run_facts {
	struct span run;     /* UUID */
	struct span session; /* the session grants belong to: the same UUID unless resumed */
	struct span workspace;
	struct span home;
	struct span state; /* the caller's state folder, outside: for messages */
	struct span level; /* "full", "landlock" */
	struct span network;
	struct span profile; /* "claude-code", or "" */
	const struct span *degraded;
	size_t degraded_count;
};

/* As one JSON object. */
void run_facts_json(const struct run_facts *facts, struct outbuf *out);
/* The reverse; strict: every member must be there. */
bool run_facts_parse(struct span json, struct arena *arena, struct run_facts *facts,
                     struct problem *problem) __attribute__((warn_unused_result));

#endif
