/* bailiff policy test: cases beside a policy, judged by the policy in force. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/judging.h"
#include "cli/policy_test.h"

enum { FILE_BYTES = 8 << 20, CASE_ARENA = 256 << 20 };

/* {"expect": "deny", "action": {...}}; false where the line is none. */
static bool run_case(const struct judging *judging, struct span line, struct arena *arena,
                     struct span *wanted, enum decision *got, struct problem *problem)
{
	const struct json_value *action_value;
	struct json_value *object;
	struct judgement judgement;

	if (!json_parse(line, NULL, arena, &object, problem))
		return false;
	action_value = json_get(object, SPAN("action"));
	if (!action_value || !json_string(json_get(object, SPAN("expect")), wanted) ||
	    !(span_equal(*wanted, SPAN("deny")) || span_equal(*wanted, SPAN("ask")) ||
	      span_equal(*wanted, SPAN("allow"))))
		return problem_set(
			problem, PROBLEM_SYNTAX, object->start,
			"a case is an object with expect (deny, ask or allow) and action");
	if (!judging_one(judging, action_value, arena, &judgement, problem))
		return false;
	*got = judgement.verdict.decision;
	return true;
}

static int run_cases(const struct judging *judging, const char *path, struct span text)
{
	size_t number = 0, cases = 0, wrong = 0;
	struct span line;

	while (span_split(&text, '\n', &line)) {
		struct problem problem = { 0 };
		enum decision got = DECISION_DENY;
		struct span wanted = { 0 }, name;
		struct arena arena;
		bool good;

		number++;
		if (span_trim(line).len == 0)
			continue;
		cases++;
		arena_init(&arena, CASE_ARENA);
		good = run_case(judging, line, &arena, &wanted, &got, &problem);
		if (!good) {
			(void)cli_fail(NULL, EXIT_STATUS_DATA, "%s:%zu:%zu: %s", path, number,
			               problem.offset + 1, problem.what);
			arena_release(&arena);
			return EXIT_STATUS_DATA;
		}
		name = decision_name(got);
		if (!span_equal(name, wanted)) {
			wrong++;
			printf("%s:%zu: wanted %.*s, got %.*s\n", path, number, (int)wanted.len,
			       wanted.ptr, (int)name.len, name.ptr);
		}
		arena_release(&arena);
	}
	printf("%zu cases, %zu wrong\n", cases, wrong);
	return wrong > 0 ? EXIT_STATUS_DENY : 0;
}

int cli_policy_test(const char *path)
{
	struct judging_request request = { .name = "policy", .hypothetical = true };
	struct judging judging;
	struct problem problem;
	struct arena arena;
	struct span text;
	int status;

	arena_init(&arena, FILE_BYTES * 2);
	if (!file_read(path, FILE_BYTES, &arena, &text, &problem)) {
		status = cli_fail("policy", EXIT_STATUS_DATA, "%s: %s%s%s", path, problem.what,
		                  problem.sys_errno ? ": " : "",
		                  problem.sys_errno ? strerror(problem.sys_errno) : "");
	} else if (judging_open(&judging, &request, &status)) {
		status = run_cases(&judging, path, text);
		judging_close(&judging);
	}
	arena_release(&arena);
	return status;
}
