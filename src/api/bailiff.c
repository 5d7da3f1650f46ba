/* The C library: a door without hands. */
#include <stdlib.h>
#include <string.h>

#include "bailiff/bailiff.h"
#include "door/door.h"

enum {
	OPEN_LIMIT = 64 * 1024 * 1024,
	JUDGE_LIMIT = 256 * 1024 * 1024,
	MAX_VERDICT = 32 * 1024 * 1024
};

struct bailiff {
	struct arena arena; /* holds the policy */
	struct door door;
	bool hypothetical;
};

static char *copy_of(struct span text)
{
	char *copy = malloc(text.len + 1);

	if (copy) {
		if (text.len)
			memcpy(copy, text.ptr, text.len);
		copy[text.len] = '\0';
	}
	return copy;
}

struct bailiff *bailiff_open(const struct bailiff_options *options, char **error)
{
	struct bailiff_options in_force = { 0 };
	struct bailiff *judge = calloc(1, sizeof *judge);
	struct door_request request = { 0 };
	struct span message = SPAN("out of memory");
	int status;

	if (error)
		*error = NULL;
	/* A caller built against an older header knows fewer members. */
	if (options)
		memcpy(&in_force, options,
		       options->size < sizeof in_force ? options->size : sizeof in_force);
	request.state = in_force.state;
	request.project = span_of(in_force.project);
	if (judge) {
		arena_init(&judge->arena, OPEN_LIMIT);
		judge->hypothetical = in_force.hypothetical != 0;
		if (door_open(&request, &judge->arena, &judge->door, &status, &message))
			return judge;
	}
	if (error)
		*error = copy_of(message);
	bailiff_close(judge);
	return NULL;
}

enum bailiff_decision bailiff_judge(struct bailiff *judge, const char *action, size_t length,
                                    char **verdict)
{
	struct action_defaults defaults = { .cwd = SPAN("/"),
		                            .home = judge->door.home,
		                            .state = judge->door.state };
	struct verdict found = { .decision = DECISION_DENY };
	struct problem problem = { 0 };
	const struct json_value *permissions;
	struct json_value *object;
	struct action read;
	struct effects effects;
	struct outbuf out;
	struct arena arena;

	arena_init(&arena, JUDGE_LIMIT);
	outbuf_init(&out, MAX_VERDICT);
	if (json_parse((struct span){ action, length }, NULL, &arena, &object, &problem) &&
	    action_read(object, &defaults, &arena, &read, &permissions, &problem)) {
		read.view = judge->hypothetical ? NULL : &paths_machine;
		door_judge(&judge->door, &read, permissions, &arena, &effects, &found);
		verdict_write(&found, &effects, &out);
	} else {
		refusal_write(&problem, &out);
	}
	if (verdict)
		*verdict = outbuf_ok(&out) ? copy_of(outbuf_span(&out)) : NULL;
	outbuf_release(&out);
	arena_release(&arena);
	return (enum bailiff_decision)found.decision;
}

void bailiff_free(char *text)
{
	free(text);
}

void bailiff_close(struct bailiff *judge)
{
	if (!judge)
		return;
	arena_release(&judge->arena);
	free(judge);
}

const char *bailiff_version(void)
{
	return BAILIFF_VERSION;
}
