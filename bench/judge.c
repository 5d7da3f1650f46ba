/*
 * How many commands are judged a second, in process, on one core.
 *
 * usage: judge FILE     one command a line
 *
 * One turn is what libbailiff does for a caller: the action's JSON is read, its effects are worked out, and they are
 * judged by the default policy; then the arena is given back.  Prints one JSON object.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "judge/action.h"
#include "judge/judge.h"

enum { MAX_CASES = 1000, ARENA_BYTES = 16 << 20, SECONDS = 2 };

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One action from its JSON to its verdict. */
static bool judge_once(struct span json, const struct policy *policy, enum decision *decision)
{
	struct arena arena;
	struct json_value *object;
	const struct json_value *permissions;
	struct action_defaults defaults = { .home = SPAN("/home/u") };
	struct judge_context context = { .policy = policy };
	struct action action;
	struct effects effects;
	struct verdict verdict = { 0 };
	struct problem problem;

	arena_init(&arena, ARENA_BYTES);
	bool judged = json_parse(json, NULL, &arena, &object, &problem) &&
	              action_read(object, &defaults, &arena, &action, &permissions, &problem) &&
	              effect_of_action(&action, NULL, &arena, &effects, &problem) &&
	              judge(&context, &action, &effects, &arena, &verdict);
	*decision = verdict.decision;
	arena_release(&arena);
	return judged;
}

/* The JSON of one Bash action. */
static bool action_of(struct span command, struct arena *arena, struct span *json)
{
	struct outbuf out;

	outbuf_init(&out, ARENA_BYTES);
	outbuf_put(&out, SPAN("{\"tool\":\"Bash\",\"input\":{\"command\":"));
	outbuf_put_json(&out, command);
	outbuf_put(&out, SPAN("},\"cwd\":\"/home/u/proj\",\"workspace\":[\"/home/u/proj\"],"
	                      "\"session\":\"bench\"}"));
	bool made = outbuf_ok(&out) && arena_copy(arena, outbuf_span(&out), json);

	outbuf_release(&out);
	return made;
}

static size_t read_cases(const char *path, struct arena *arena, struct span *cases)
{
	struct problem problem;
	struct span text, line;
	size_t count = 0;

	if (!file_read(path, ARENA_BYTES, arena, &text, &problem))
		return 0;
	while (count < MAX_CASES && span_split(&text, '\n', &line))
		if (line.len > 0 && action_of(line, arena, &cases[count]))
			count++;
	return count;
}

static bool measure(const struct span *cases, size_t count, const struct policy *policy)
{
	size_t judged = 0, decided[3] = { 0 };
	double start = now_s(), elapsed = 0;

	while (elapsed < SECONDS) {
		for (size_t i = 0; i < count; i++) {
			enum decision decision;

			if (!judge_once(cases[i], policy, &decision)) {
				fprintf(stderr, "judge: case %zu was not judged\n", i + 1);
				return false;
			}
			decided[decision] += judged < count;
			judged++;
		}
		elapsed = now_s() - start;
	}
	printf("{\"perSecond\":%.0f,\"cases\":%zu,\"allow\":%zu,\"ask\":%zu,\"deny\":%zu}\n",
	       (double)judged / elapsed, count, decided[DECISION_ALLOW], decided[DECISION_ASK],
	       decided[DECISION_DENY]);
	return true;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct policy policy;

	arena_init(&arena, (size_t)4 * ARENA_BYTES);
	struct span *cases = arena_array(&arena, struct span, MAX_CASES);
	size_t count = argc == 2 && cases != NULL ? read_cases(argv[1], &arena, cases) : 0;

	policy_default(&policy);
	if (count == 0)
		fprintf(stderr, "usage: judge FILE, with one command a line\n");
	bool measured = count > 0 && measure(cases, count, &policy);

	arena_release(&arena);
	return measured ? 0 : 1;
}
