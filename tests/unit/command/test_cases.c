/* Golden cases of command_match(): an argv, and what is done with it. */
#include "argv.h"
#include "golden.h"

/* clang-format off */
static const struct {
	unsigned flag;
	const char *name;
} flags[] = {
	{ COMMAND_RECURSIVE, "recursive" }, { COMMAND_FORCE, "force" }, { COMMAND_SYSTEM, "system" },
	{ COMMAND_ALL, "all" }, { COMMAND_INSECURE, "insecure" }, { COMMAND_MORE, "more" },
	{ COMMAND_PREVIEW, "preview" },
};
/* clang-format on */

static void put(FILE *out, struct span text)
{
	fprintf(out, "%.*s", (int)text.len, text.ptr);
}

static void put_word(FILE *out, const struct command_arg *arg, size_t offset, size_t trail)
{
	put(out, span_slice(arg->text, offset, arg->text.len - trail));
	if (!arg->complete)
		fputc('$', out);
}

static void put_use(FILE *out, const struct command_use *use, const struct argv_words *argv)
{
	put(out, command_verb_name(use->verb));
	if (use->language.len > 0) {
		fputs(" in ", out);
		put(out, use->language);
	}
	if (use->has_target && use->fixed.ptr != NULL) {
		fputs(" \"", out);
		put(out, use->fixed);
		fputc('"', out);
	} else if (use->has_target) {
		for (size_t i = 0; i < use->count; i++) {
			fputc(' ', out);
			put_word(out, &argv->words[use->arg + i], i == 0 ? use->offset : 0,
			         i == 0 ? use->trail : 0);
		}
	}
	if (use->by > 0) {
		fputs(" by ", out);
		put_word(out, &argv->words[use->by], use->by_offset, 0);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (use->flags & flags[i].flag)
			fprintf(out, " (%s)", flags[i].name);
	fputc('\n', out);
}

static void put_match(FILE *out, const struct command_match *match, const struct argv_words *argv)
{
	if (match->spec == NULL) {
		fputs("no such program\n", out);
		return;
	}
	if (match->sub.len > 0) {
		fputs("sub-command ", out);
		put(out, match->sub);
		fputc('\n', out);
	}
	if (match->wrapper)
		fputs("wrapper\n", out);
	if (match->builtin)
		fputs("builtin\n", out);
	for (size_t i = 0; i < match->count; i++)
		put_use(out, &match->uses[i], argv);
	if (match->understood)
		return;
	fputs("not understood", out);
	if (match->puzzle > 0) {
		fputs(": ", out);
		put_word(out, &argv->words[match->puzzle], 0, 0);
	}
	fputc('\n', out);
}

/* Every line of the input is an argv; its own line is repeated where there are several. */
static void run(struct span input, FILE *out, void *context)
{
	struct span line;
	bool several = span_find_byte(input, '\n', NULL);

	(void)context;
	while (span_split(&input, '\n', &line)) {
		struct arena arena;
		struct problem problem = { 0 };
		struct command_match match;
		static struct argv_words argv;

		arena_init(&arena, 1 << 20);
		argv_split(&argv, line);
		if (several) {
			fputs("$ ", out);
			put(out, line);
			fputc('\n', out);
		}
		if (command_match(argv.words, argv.count, &arena, &match, &problem))
			put_match(out, &match, &argv);
		else
			fprintf(out, "problem: %s\n", problem.what);
		arena_release(&arena);
	}
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
