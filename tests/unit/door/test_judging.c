/*
 * A door answers whatever happens on the way to a verdict: what could not be judged is
 * refused, and the answer is never undefined.
 */
#include <string.h>

#include "door/door.h"
#include "tap.h"

enum { STEP = 64, ENOUGH = 1 << 20 };

static struct json_value command_member = { .kind = JSON_STRING,
	                                    .key = SPAN_INIT("command"),
	                                    .text = SPAN_INIT("ls") };

/* Judges `ls` with an arena of `limit` bytes, with rules of its own where `permissions` is set. */
static struct verdict judged(const struct door *door, const struct json_value *permissions,
                             size_t limit, bool *unjudged)
{
	static const struct span root = SPAN_INIT("/home/u/project");
	struct json_value input = { .kind = JSON_OBJECT, .first = &command_member, .count = 1 };
	struct action action = {
		.tool = SPAN("Bash"),
		.input = &input,
		.paths = { .cwd = SPAN("/home/u/project"),
		           .home = SPAN("/home/u"),
		           .workspace = &root,
		           .workspace_count = 1 },
	};
	struct verdict verdict;
	struct effects effects;
	struct arena arena;

	memset(&verdict, 0xff, sizeof verdict); /* every member must be set */
	arena_init(&arena, limit);
	door_judge(door, &action, permissions, &arena, &effects, &verdict);
	*unjudged = !verdict.reasons || span_equal(verdict.reasons->rule, SPAN("analysis.limit"));
	arena_release(&arena);
	return verdict;
}

static void test_limits(const struct door *door, const struct json_value *permissions,
                        const char *name)
{
	bool unjudged = true, refused = true;
	struct verdict verdict = { 0 };
	size_t limit = 0;

	for (; unjudged && limit < ENOUGH; limit += STEP) {
		verdict = judged(door, permissions, limit, &unjudged);
		if (unjudged)
			refused = refused && verdict.decision == DECISION_DENY &&
			          verdict.approval == APPROVAL_BLOCKED;
	}
	OK(refused && limit > STEP, "%s: what could not be judged is refused", name);
	OK(!unjudged && verdict.decision == DECISION_ALLOW, "%s: with enough memory it passes",
	   name);
}

int main(void)
{
	struct policy_input none = { .permissions_from = SPAN("rules") };
	struct policy_fault fault = { 0 };
	struct json_value *permissions, *wrong;
	struct door door = { 0 };
	struct arena arena;
	bool unjudged;

	arena_init(&arena, ENOUGH);
	door.arena = &arena;
	door.context.policy = &door.policy;
	OK(policy_merge(&none, &arena, &door.policy, &fault), "a policy");
	OK(json_parse(SPAN("{\"allow\":[\"Read\"]}"), NULL, &arena, &permissions, NULL) &&
	           json_parse(SPAN("{\"deny\":[\"Bash(\"]}"), NULL, &arena, &wrong, NULL),
	   "rules");
	test_limits(&door, NULL, "an action");
	test_limits(&door, permissions, "an action with rules");
	OK(judged(&door, wrong, ENOUGH, &unjudged).decision == DECISION_DENY && unjudged,
	   "rules that cannot be read refuse the action that they came with");
	arena_release(&arena);
	return tap_done();
}
