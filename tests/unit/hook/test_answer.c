/*
 * Messages and answers.  To refuse: status 2, the reason on standard error, nothing
 * on standard output; to allow: status 0 and nothing.  KO-123: what fails, refuses.
 */
#include "hook/hook.h"
#include "tap.h"

static struct judge_reason reason = {
	.rule = SPAN_INIT("fs.delete-root"),
	.risk = RISK_CRITICAL,
	.message = SPAN_INIT("deletes the root"),
	.remedy = SPAN_INIT("name what is to go"),
	.source = SPAN_INIT("built-in"),
};
static struct effects nothing = { 0 };

static void answer(const char *host, enum hook_event_kind kind, enum decision decision,
                   bool attended, struct hook_answer *found)
{
	struct hook_event event = { .kind = kind,
		                    .name = kind == HOOK_PRE_TOOL ? SPAN("PreToolUse")
		                                                  : SPAN("PermissionRequest") };
	struct verdict verdict = { .decision = decision, .reasons = &reason };

	reason.decision = decision;
	hook_answer(hook_host_find(span_of(host)), &event, &nothing, &verdict, attended, found);
}

static void release(struct hook_answer *found)
{
	outbuf_release(&found->out);
	outbuf_release(&found->error);
}

static void test_pre_tool(void)
{
	static const char *const hosts[] = { "claude-code", "codex" };

	for (size_t i = 0; i < 2; i++) {
		struct hook_answer found;

		answer(hosts[i], HOOK_PRE_TOOL, DECISION_ALLOW, false, &found);
		OK(found.status == 0 && found.out.len == 0 && found.error.len == 0,
		   "%s: allow says nothing", hosts[i]);
		release(&found);
		answer(hosts[i], HOOK_PRE_TOOL, DECISION_DENY, true, &found);
		OK(found.status == 2 && found.out.len == 0 &&
		           span_find(outbuf_span(&found.error), SPAN("deletes the root"), NULL) &&
		           span_find(outbuf_span(&found.error), SPAN("fs.delete-root"), NULL) &&
		           span_find(outbuf_span(&found.error), SPAN("name what is to go"), NULL),
		   "%s: deny is status 2, the reason and the way out on standard error", hosts[i]);
		release(&found);
		answer(hosts[i], HOOK_PRE_TOOL, DECISION_ASK, false, &found);
		OK(found.status == 2 && found.out.len == 0 &&
		           span_find(outbuf_span(&found.error), SPAN("permissions grant"), NULL),
		   "%s: nobody to ask: refused, with the way to allow it", hosts[i]);
		release(&found);
	}
}

static void test_ask(void)
{
	struct hook_answer found;
	struct json_value *json;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	answer("claude-code", HOOK_PRE_TOOL, DECISION_ASK, true, &found);
	OK(found.status == 0 && found.error.len == 0 &&
	           json_parse(outbuf_span(&found.out), NULL, &arena, &json, NULL) &&
	           span_find(outbuf_span(&found.out), SPAN("\"permissionDecision\":\"ask\""), NULL),
	   "Claude Code with a person: ask, in its own JSON");
	release(&found);
	answer("codex", HOOK_PRE_TOOL, DECISION_ASK, true, &found);
	OK(found.status == 2 && found.out.len == 0,
	   "Codex is never told to ask: it would run the tool");
	release(&found);
	answer("codex", HOOK_PERMISSION_REQUEST, DECISION_DENY, false, &found);
	OK(found.status == 0 && json_parse(outbuf_span(&found.out), NULL, &arena, &json, NULL) &&
	           span_find(outbuf_span(&found.out), SPAN("\"behavior\":\"deny\""), NULL),
	   "a permission request is answered with a denial");
	release(&found);
	answer("codex", HOOK_PERMISSION_REQUEST, DECISION_ASK, false, &found);
	OK(found.status == 0 && found.out.len == 0,
	   "an undecided permission request is left to the host");
	release(&found);
	arena_release(&arena);
}

static void test_messages(void)
{
	static const struct {
		const char *message;
		bool good;
	} rows[] = {
		{ "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{},"
		  "\"cwd\":\"/p\"}",
		  true },
		{ "{\"hook_event_name\":\"SessionStart\",\"source\":\"startup\"}", true },
		{ "{\"hook_event_name\":\"Unheard\"}", true },
		{ "{\"hook_event_name\":\"PreToolUse\",\"tool_input\":{},\"cwd\":\"/p\"}", false },
		{ "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"cwd\":\"/p\"}",
		  false },
		{ "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":[],"
		  "\"cwd\":\"/p\"}",
		  false },
		{ "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{}}",
		  false },
		{ "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{},"
		  "\"cwd\":\"p\"}",
		  false },
		{ "{\"hook_event_name\":7}", false },
		{ "{}", false },
		{ "[]", false },
		{ "", false },
		{ "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{"
		  "\"command\":\"\xff\"},\"cwd\":\"/\"}",
		  false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hook_event event;
		struct problem problem = { 0 };
		struct arena arena;

		arena_init(&arena, 1 << 20);
		OK(hook_read(&hook_hosts[0], span_of(rows[i].message), &arena, &event, &problem) ==
		                   rows[i].good &&
		           (rows[i].good || problem.what),
		   "message %zu", i);
		arena_release(&arena);
	}
}

int main(void)
{
	test_pre_tool();
	test_ask();
	test_messages();
	return tap_done();
}
