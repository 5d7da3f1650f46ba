/* The reader of .commands files: what it refuses and where, its limits, and every short arena. */
#include <stdlib.h>
#include <string.h>

#include "argv.h"
#include "base/file.h"
#include "command/private.h"
#include "tap.h"

static bool parse(struct span source, size_t limit, struct problem *problem)
{
	struct arena arena;
	struct command_builder *builder;
	struct command_table table;
	bool ok;

	arena_init(&arena, limit);
	ok = command_builder_start(&arena, &builder, problem) &&
	     command_parse(builder, source, problem) &&
	     command_builder_finish(builder, &table, problem);
	arena_release(&arena);
	return ok;
}

/* clang-format off */
static const struct {
	const char *source;
	size_t line, column;
	const char *what;
} bad[] = {
	{ "args X", 1, 1, "a `command` line must come first" },
	{ "command", 1, 8, "a program's name is missing" },
	{ "command a a", 1, 11, "this program is listed already" },
	{ "command a\nargs X", 2, 1, "must be indented below its `command` or `sub`" },
	{ "command a\n  frob X", 2, 3, "no such line: command, sub, style, opt, key or args is wanted" },
	{ "command a\n  args X : frob X", 2, 12, "no such verb or flag" },
	{ "command a\n  args X : delete", 2, 18, "a target must follow: an operand's NAME or \"text\"" },
	{ "command a\n  args X : delete Y", 2, 12, "no operand or value of that name" },
	{ "command a\n  args X : delete X by Y", 2, 12, "no operand or value of that name" },
	{ "command a\n  args X : power X", 2, 18, "this verb takes no target" },
	{ "command a\n  args X : delete X frob", 2, 21, "no such flag" },
	{ "command a\n  args X : recursive", 2, 21, "a flag needs a verb here" },
	{ "command a : recursive", 1, 22, "a flag needs a verb here" },
	{ "command a\n  args X : code X", 2, 17, "a language must follow" },
	{ "command a\n  args X :", 2, 11, "an effect is missing" },
	{ "command a\n  args X if -z", 2, 13, "no such option here" },
	{ "command a\n  opt -z -y\n  args X if -z", 3, 13,
	  "every option of that line must be named, or it needs a line of its own" },
	{ "command a\n  args X if", 2, 12, "an option must follow" },
	{ "command a\n  opt -z\n  opt -z", 3, 7, "this option is listed already" },
	{ "command a\n  opt : recursive", 2, 7, "an option is missing" },
	{ "command a\n  opt -z \"", 2, 10, "unclosed quote" },
	{ "command a\n  opt -z X frob", 2, 12, "a value's NAME is wanted" },
	{ "command a\n  key x=_ y", 2, 11, "KEY=NAME is wanted" },
	{ "command a\n  style frob", 2, 9, "no such style" },
	{ "command a\nsub x", 2, 1, "must be indented below its `command`" },
	{ "command a\n  sub x y", 2, 7, "the sub-command above this one is not listed" },
	{ "command a\n  sub x\n  sub x", 3, 7, "this sub-command is listed already" },
	{ "command a\n  sub x, y\n  sub x z", 3, 7, "the sub-command above this one shares its line with others" },
	{ "command a\n  sub |", 2, 7, "a sub-command's name is missing" },
	{ "command a\x01", 1, 10, "control character" },
	{ "command \xff", 1, 1, "not UTF-8" },
};
/* clang-format on */

static void check_errors(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct span source = span_of(bad[i].source);
		struct problem problem = { 0 };
		bool accepted = parse(source, 1 << 20, &problem);
		struct problem_place place = problem_place(source, problem.offset);

		OK(!accepted && problem.kind == PROBLEM_SYNTAX &&
		           strcmp(problem.what, bad[i].what) == 0 && place.line == bad[i].line &&
		           place.column == bad[i].column,
		   "%s", bad[i].what);
		if (accepted || strcmp(problem.what, bad[i].what) != 0 ||
		    place.line != bad[i].line || place.column != bad[i].column)
			printf("# %s: %zu:%zu: %s\n", bad[i].source, place.line, place.column,
			       accepted ? "accepted" : problem.what);
	}
}

static const char sample[] = "# a comment\n"
			     "command frob frob-* : privilege; open\n"
			     "  style posix inherit\n"
			     "  opt -r --recursive : recursive\n"
			     "  opt -o OUT : write OUT\n"
			     "  key if=FILE : read FILE\n"
			     "  args [VAR=...] FILE... if -r --recursive : delete FILE force by "
			     "VAR; list \".\" without FILE\n"
			     "  sub add|a, remove\n"
			     "    args -- X [Y...] : code awk X unless --\n";

/* Runs `step` with every arena limit from 0 up, until it succeeds. */
static void check_memory(bool (*step)(struct span, size_t, struct problem *), const char *name)
{
	bool only_memory = true, done = false;

	for (size_t limit = 0; !done && limit < 1 << 20; limit += 64) {
		struct problem problem = { 0 };

		done = step(span_of(sample), limit, &problem);
		only_memory = only_memory && (done || problem.kind == PROBLEM_MEMORY);
	}
	OK(done, "%s: succeeds with enough memory", name);
	OK(only_memory, "%s: every short arena reports MEMORY", name);
}

static bool match_in(struct span source, size_t limit, struct problem *problem)
{
	static struct argv_words argv;
	struct command_match match;
	struct arena arena;
	bool ok;

	(void)source;
	arena_init(&arena, limit);
	argv_split(&argv, SPAN("git -C x -c y=z push -f --frob origin a b"));
	ok = command_match(argv.words, argv.count, &arena, &match, problem);
	arena_release(&arena);
	return ok;
}

/* One program with `count` lines of `line`. */
static bool parse_many(const char *head, const char *line, size_t count, struct problem *problem)
{
	size_t head_len = strlen(head), line_len = strlen(line);
	char *text = malloc(head_len + line_len * count + 1);
	bool ok;

	if (text == NULL)
		return false;
	memcpy(text, head, head_len);
	for (size_t i = 0; i < count; i++)
		memcpy(text + head_len + i * line_len, line, line_len);
	ok = parse((struct span){ text, head_len + line_len * count }, 512 << 20, problem);
	free(text);
	return ok;
}

static void check_limits(void)
{
	struct problem problem = { 0 };

	OK(!parse_many("command a\n", "  args X : delete X\n", 70000, &problem) &&
	           problem.kind == PROBLEM_LIMIT,
	   "more than 65,000 rules are a LIMIT problem");
	OK(!parse_many("command a\n  args", " X", 300, &problem) && problem.kind == PROBLEM_LIMIT,
	   "a line of more than 256 words is a LIMIT problem");
	OK(parse_many("# ", "x", 1 << 20, &problem), "a comment of 1 MiB is nothing");
	OK(parse(SPAN(""), 1 << 20, &problem), "an empty file is fine");
	OK(!parse((struct span){ "", 1 }, 1 << 20, &problem), "a NUL is refused");
}

/* A long argv is read in one pass; 300,000 words of every awkward kind. */
static void check_long_argv(void)
{
	enum { COUNT = 300000 };
	static const char *const words[] = { "-v", "--frob", "x",  "-rf", "--",
		                             "-",  "@x",     "-c", ".",   "=" };
	struct command_arg *argv = calloc(COUNT, sizeof(*argv));
	struct arena arena;

	for (size_t p = 0; argv != NULL && p < 4; p++) {
		const char *program[] = { "rm", "git", "find", "tar" };
		struct command_match match;
		struct problem problem = { 0 };

		for (size_t i = 0; i < COUNT; i++)
			argv[i] = (struct command_arg){ span_of(words[i * 7 % 10]), true };
		argv[0].text = span_of(program[p]);
		arena_init(&arena, 1 << 30);
		OK(command_match(argv, COUNT, &arena, &match, &problem), "%s with %d words",
		   program[p], COUNT);
		arena_release(&arena);
	}
	free(argv);
}

/* Every literal display of the manual page is a file that parses. */
static void check_manual(const char *path)
{
	struct arena arena;
	struct span page, block;
	struct problem problem = { 0 };
	size_t start, end, count = 0;

	arena_init(&arena, 1 << 20);
	OK(file_read(path, 1 << 19, &arena, &page, &problem), "%s can be read", path);
	while (span_find(page, SPAN("-literal -offset indent\n"), &start)) {
		page = span_from(page, start + sizeof("-literal -offset indent"));
		if (!span_find(page, SPAN(".Ed"), &end))
			break;
		block = span_slice(page, 0, end);
		OK(parse(block, 1 << 20, &problem), "example %zu of the manual parses", ++count);
	}
	OK(count == 2, "the manual has two examples");
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	struct problem problem = { 0 };

	OK(parse(span_of(sample), 1 << 20, &problem), "the sample parses");
	check_errors();
	check_limits();
	check_memory(parse, "command_parse");
	check_memory(match_in, "command_match");
	check_long_argv();
	if (argc > 1)
		check_manual(argv[1]);
	return tap_done();
}
