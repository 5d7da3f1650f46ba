/* The facts of a run, as one table of members both ways. */
#include "door/facts.h"

#include <stddef.h>

#include "base/json.h"

static const struct {
	struct span key;
	size_t at; /* of a struct span in struct run_facts */
} members[] = {
	{ SPAN_INIT("run"), offsetof(struct run_facts, run) },
	{ SPAN_INIT("session"), offsetof(struct run_facts, session) },
	{ SPAN_INIT("workspace"), offsetof(struct run_facts, workspace) },
	{ SPAN_INIT("home"), offsetof(struct run_facts, home) },
	{ SPAN_INIT("state"), offsetof(struct run_facts, state) },
	{ SPAN_INIT("level"), offsetof(struct run_facts, level) },
	{ SPAN_INIT("network"), offsetof(struct run_facts, network) },
	{ SPAN_INIT("profile"), offsetof(struct run_facts, profile) },
};

/* Through void, as offsetof fields are reached: the alignment is the field's own. */
static const struct span *member(const struct run_facts *facts, size_t i)
{
	const void *at = (const char *)facts + members[i].at;

	return at;
}

void run_facts_json(const struct run_facts *facts, struct outbuf *out)
{
	outbuf_put_byte(out, '{');
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		outbuf_put_json(out, members[i].key);
		outbuf_put_byte(out, ':');
		outbuf_put_json(out, *member(facts, i));
		outbuf_put_byte(out, ',');
	}
	outbuf_put(out, SPAN("\"degraded\":["));
	for (size_t i = 0; i < facts->degraded_count; i++) {
		if (i)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, facts->degraded[i]);
	}
	outbuf_put(out, SPAN("]}\n"));
}

static bool parse_degraded(const struct json_value *list, struct arena *arena,
                           struct run_facts *facts, struct problem *problem)
{
	struct span *names;
	size_t count = 0;

	if (!list || list->kind != JSON_ARRAY)
		return problem_set(problem, PROBLEM_SYNTAX, list ? list->start : 0,
		                   "degraded must be a list");
	names = arena_array(arena, struct span, list->count);
	if (!names)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	for (const struct json_value *item = list->first; item; item = item->next) {
		if (!json_string(item, &names[count++]))
			return problem_set(problem, PROBLEM_SYNTAX, item->start,
			                   "this must be a string");
	}
	facts->degraded = names;
	facts->degraded_count = count;
	return true;
}

bool run_facts_parse(struct span json, struct arena *arena, struct run_facts *facts,
                     struct problem *problem)
{
	struct run_facts read = { 0 };
	struct json_value *object;

	if (!json_parse(json, NULL, arena, &object, problem))
		return false;
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		void *at = (char *)&read + members[i].at;

		if (!json_string(json_get(object, members[i].key), at))
			return problem_set(problem, PROBLEM_SYNTAX, object->start,
			                   "a member of the run's facts is missing or no string");
	}
	if (!parse_degraded(json_get(object, SPAN("degraded")), arena, &read, problem))
		return false;
	*facts = read;
	return true;
}
