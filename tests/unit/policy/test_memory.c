/* Every allocation made to fail, one after the other: memory is the only thing that may go wrong. */
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
	return tap_done();
}
