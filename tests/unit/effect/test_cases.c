/*
 * Commands and their effects, from the case files.  Judged as if in /home/u/proj, the workspace, with
 * home /home/u.  "tool NAME JSON" is a call of another tool.  Parts between lines `...` are
 * actions of their own.
 */
#include <stdlib.h>

#include "golden.h"
#include "print.h"

static void run_one(struct span text, FILE *out)
{
	struct span workspace = SPAN("/home/u/proj");
	struct action action = { .tool = SPAN("Bash") };
	struct json_value command = { .kind = JSON_STRING, .text = text, .key = SPAN("command") };
	struct json_value object = { .kind = JSON_OBJECT, .count = 1, .first = &command };
	struct json_value *given = &object;
	struct arena arena;
	struct effects effects;
	struct problem problem = { 0 };

	arena_init(&arena, 64 << 20);
	action.paths = (struct paths_context){ .cwd = workspace,
		                               .home = SPAN("/home/u"),
		                               .workspace = &workspace,
		                               .workspace_count = 1 };
	if (span_starts(text, SPAN("tool "))) {
		text = span_from(text, 5);
		span_split(&text, ' ', &action.tool);
		if (!json_parse(text, NULL, &arena, &given, &problem))
			fprintf(out, "bad JSON: %s\n", problem.what);
	}
	action.input = given;
	if (effect_of_action(&action, NULL, &arena, &effects, &problem))
		print_effects(&effects, out);
	else
		fprintf(out, "problem: %s\n", problem.what);
	arena_release(&arena);
}

static void run(struct span input, FILE *out, void *context)
{
	struct span part;
	bool first = true;

	(void)context;
	while (golden_part(&input, &part)) {
		if (!first)
			fprintf(out, "...\n");
		first = false;
		run_one(part, out);
	}
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
