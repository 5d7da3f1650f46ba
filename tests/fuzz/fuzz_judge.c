/*
 * Fuzzes the way from an action's text to a verdict.  Properties: a stricter policy never
 * gives a looser verdict; what is understood and then deletes the root is denied; every
 * verdict has a reason; a verdict can be written as JSON that can be read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "judge/action.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA = 64 << 20 };

struct judged {
	enum decision decision;
	bool understood;
};

/* Judges `command` as Bash text under the rules in `permissions`. */
static struct judged judge_text(struct span command, const char *permissions)
{
	struct json_value input = { .kind = JSON_OBJECT }, member = { .kind = JSON_STRING };
	struct policy_input merged = { .permissions_from = SPAN("fuzz") };
	struct policy_fault fault = { 0 };
	struct problem problem = { 0 };
	struct json_value *rules, *read;
	struct policy policy;
	struct judge_context context = { .policy = &policy };
	struct action action = { .tool = SPAN("Bash"), .input = &input };
	struct span root = SPAN("/home/u/project");
	struct effects effects = { 0 };
	struct verdict verdict = { 0 };
	struct judged judged = { 0 };
	struct outbuf out;
	struct arena arena;

	member.key = SPAN("command");
	member.text = command;
	input.first = &member;
	input.count = 1;
	action.paths = (struct paths_context){
		.cwd = root, .home = SPAN("/home/u"), .workspace = &root, .workspace_count = 1
	};
	arena_init(&arena, ARENA);
	outbuf_init(&out, ARENA);
	if (!json_parse(span_of(permissions), NULL, &arena, &rules, &problem))
		abort();
	merged.permissions = rules;
	if (!policy_merge(&merged, &arena, &policy, &fault))
		abort();
	if (effect_of_action(&action, NULL, &arena, &effects, &problem) &&
	    judge(&context, &action, &effects, &arena, &verdict)) {
		if (!verdict.reasons)
			abort();
		judged = (struct judged){ verdict.decision, !effects.not_understood };
		verdict_write(&verdict, &effects, &out);
		if (outbuf_ok(&out) &&
		    !json_parse(outbuf_span(&out), NULL, &arena, &read, &problem) &&
		    problem.kind == PROBLEM_SYNTAX)
			abort();
	}
	outbuf_release(&out);
	arena_release(&arena);
	return judged;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct judged plain, allowed, denied, asked;

	if (size > 4096)
		return 0;
	plain = judge_text(text, "{}");
	allowed = judge_text(text, "{\"allow\":[\"Bash\"]}");
	asked = judge_text(text, "{\"allow\":[\"Bash\"],\"ask\":[\"Bash(rm *)\"]}");
	denied = judge_text(text, "{\"allow\":[\"Bash\"],\"deny\":[\"Bash(rm *)\"]}");
	if (allowed.decision < plain.decision) /* an allow rule never makes it stricter */
		abort();
	if (asked.decision > allowed.decision || denied.decision > asked.decision)
		abort();
	if (judge_text(text, "{\"deny\":[\"Bash\"]}").decision != DECISION_DENY)
		abort();
	return 0;
}
