/*
 * Every allocation made to fail, one after the other: memory is the only thing that may go wrong.  And
 * files larger and deeper than any that is real.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/grants.h"
#include "policy/policy.h"
#include "tap.h"

static const char system_text[] =
	"{\"locked\": {\"model\": \"m\", \"permissionMode\": \"ask\", \"maxBudgetUsd\": 1}, "
	"\"allowedModels\": [\"a\", \"m\"], \"disallowedTools\": [\"X\"], \"mcpServers\": {\"db\": "
	"{\"allowedTools\": [\"q_*\"], \"blockedTools\": [\"d_*\"]}}, \"permissionRules\": "
	"[{\"pattern\": "
	"\"Bash(rm *)\", \"action\": \"deny\"}], \"security\": {\"restrictedPaths\": [\"/etc\", "
	"\"~/.ssh\"], "
	"\"allowedCommands\": [\"git *\"]}}";
static const char user_text[] = "{\"model\": \"x\", \"permissionMode\": \"permissive\", "
				"\"unknown\": 1, \"permissions\": {\"allow\": "
				"[\"Bash(a *)\", \"Bash(b *)\", \"Bash(c *)\", \"Bash(d *)\", "
				"\"Bash(e *)\", \"Bash(f *)\", "
				"\"Bash(g *)\", \"Bash(h *)\", \"mcp__*\"]}}";

static bool loads(struct span bytes)
{
	struct policy_file file = { .layer = POLICY_SYSTEM, .path = SPAN("s"), .bytes = bytes };
	struct policy_input input = { .files = &file };
	struct policy_fault fault;
	struct policy policy;
	struct arena arena;
	bool good;

	arena_init(&arena, 1 << 26);
	good = policy_merge(&input, &arena, &policy, &fault);
	arena_release(&arena);
	return good;
}

static void test_hostile(void)
{
	static const char bytes[] = { '\0', '\xff', '[', '{', '"', ' ', '\\', '1', ',' };
	size_t size = 1 << 20;
	char *text = malloc(size);

	for (size_t i = 0; i < sizeof(bytes); i++) {
		memset(text, bytes[i], size);
		OK(!loads((struct span){ text, size }), "one megabyte of byte %d is no policy",
		   bytes[i]);
	}
	for (size_t i = 0; i < 20000; i++)
		memcpy(text + i * 5, "{\"a\":", 5);
	OK(!loads((struct span){ text, 100000 }), "20,000 deep is no policy");
	memset(text, ' ', size);
	memcpy(text, "{\"permissions\": {\"deny\": [\"Bash(", 31);
	memset(text + 31, '*', 5000);
	memcpy(text + 5031, ")\"]}}", 6);
	OK(!loads((struct span){ text, size }), "a rule longer than rules are is refused");
	free(text);
}

int main(void)
{
	struct policy_file user = { .layer = POLICY_USER,
		                    .path = SPAN_INIT("u"),
		                    .bytes = { NULL, 0 } };
	struct policy_file system = { .layer = POLICY_SYSTEM,
		                      .path = SPAN_INIT("s"),
		                      .next = &user };
	struct policy_override flag = { .layer = POLICY_COMMAND_LINE,
		                        .key = SPAN_INIT("maxBudgetUsd"),
		                        .value = SPAN_INIT("9"),
		                        .from = SPAN_INIT("--max-budget-usd") };
	struct policy_input input = { .files = &system, .overrides = &flag };
	size_t limit, refusals = 0;
	bool only_memory = true, good = false;

	user.bytes = (struct span){ user_text, sizeof(user_text) - 1 };
	system.bytes = (struct span){ system_text, sizeof(system_text) - 1 };
	for (limit = 0; !good && limit < 1 << 20; limit += 16) {
		struct policy_fault fault;
		struct policy policy;
		struct arena arena;

		arena_init(&arena, limit);
		good = policy_merge(&input, &arena, &policy, &fault);
		if (!good) {
			refusals++;
			only_memory = only_memory && fault.problem.kind == PROBLEM_MEMORY;
		} else {
			OK(policy.rule_count == 17, "all rules are there (%zu)", policy.rule_count);
		}
		arena_release(&arena);
	}
	OK(good, "with %zu bytes it loads", limit);
	OK(refusals > 10 && only_memory, "with less, memory is the only problem (%zu times)",
	   refusals);
	test_hostile();
	return tap_done();
}
