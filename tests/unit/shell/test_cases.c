/*
 * Golden cases of the shell parser: tests/cases/shell, one file a section of the Bash manual.
 *
 * Each case is parsed and its tree written indented: unquoted text as it is, quoted text in
 * double quotes, everything that expands on lines of its own.  What is accepted is also
 * printed, parsed again and compared.
 */
#include <string.h>

#include "golden.h"
#include "shell/shell.h"

static void put_script(FILE *out, unsigned depth, const struct shell_script *script);
static void put_command(FILE *out, unsigned depth, const struct shell_command *command);
static void put_words(FILE *out, unsigned depth, const char *label, const struct shell_word *word);

static void indent(FILE *out, unsigned depth)
{
	fprintf(out, "%*s", (int)(2 * depth), "");
}

static void put_text(FILE *out, struct span text, bool quoted)
{
	size_t i;

	if (quoted)
		putc('"', out);
	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == '\n')
			fputs("\\n", out);
		else if (c < 32 || c == 127 || c >= 128)
			fprintf(out, "\\x%02x", c);
		else if (quoted && (c == '"' || c == '\\'))
			fprintf(out, "\\%c", c);
		else
			putc(c, out);
	}
	if (quoted)
		putc('"', out);
}

static const char *operator_name(const struct shell_parameter *p)
{
	static const char *const names[] = {
		"",          "default",       "assign",        "error",
		"alternate", "remove-prefix", "remove-suffix", "replace",
		"substring", "upper",         "lower",         "toggle",
		"transform", "length",        "names"
	};

	return names[p->op];
}

static void put_parameter(FILE *out, unsigned depth, const struct shell_parameter *p)
{
	fputs(" $", out);
	put_text(out, p->name, false);
	fprintf(out, "%s%s%s", p->indirect ? " indirect" : "", p->op != SHELL_OP_NONE ? " " : "",
	        operator_name(p));
	fprintf(out, "%s%s", p->colon ? " colon" : "", p->all ? " all" : "");
	if (p->anchor != 0)
		fprintf(out, " anchor %c", p->anchor);
	if (p->transform != 0)
		fprintf(out, " %c", p->transform);
	putc('\n', out);
	put_words(out, depth + 1, "index", p->index);
	put_words(out, depth + 1, p->op == SHELL_OP_SUBSTRING ? "offset" : "word", p->word);
	put_words(out, depth + 1, p->op == SHELL_OP_SUBSTRING ? "length" : "replacement",
	          p->second);
}

static void put_part(FILE *out, unsigned depth, const struct shell_part *part)
{
	indent(out, depth);
	switch (part->kind) {
	case SHELL_TEXT:
		fputs("text ", out);
		put_text(out, part->text, part->quoted);
		putc('\n', out);
		return;
	case SHELL_PARAMETER:
		fputs(part->quoted ? "quoted parameter" : "parameter", out);
		put_parameter(out, depth, part->parameter);
		return;
	case SHELL_COMMAND_SUB:
		fprintf(out, "%scommand%s\n", part->quoted ? "quoted " : "",
		        part->backtick ? " in backquotes" : "");
		put_script(out, depth + 1, part->script);
		return;
	case SHELL_ARITHMETIC:
		fprintf(out, "%sarithmetic\n", part->quoted ? "quoted " : "");
		put_words(out, depth + 1, "expression", part->expression);
		return;
	case SHELL_PROCESS_SUB:
		fprintf(out, "process %c\n", part->direction);
		put_script(out, depth + 1, part->script);
		return;
	}
}

static bool is_text(const struct shell_word *word)
{
	const struct shell_part *part = word->parts;

	while (part != NULL && part->kind == SHELL_TEXT)
		part = part->next;
	return part == NULL;
}

static void put_words(FILE *out, unsigned depth, const char *label, const struct shell_word *word)
{
	const struct shell_part *part;

	for (; word != NULL; word = word->next) {
		indent(out, depth);
		fputs(label, out);
		if (is_text(word)) {
			putc(' ', out);
			for (part = word->parts; part != NULL; part = part->next)
				put_text(out, part->text, part->quoted);
			putc('\n', out);
			continue;
		}
		putc('\n', out);
		for (part = word->parts; part != NULL; part = part->next)
			put_part(out, depth + 1, part);
	}
}

static void put_assignments(FILE *out, unsigned depth, const char *label,
                            const struct shell_assignment *a)
{
	for (; a != NULL; a = a->next) {
		indent(out, depth);
		fputs(a->name.len > 0 ? label : "element", out);
		if (a->name.len > 0)
			putc(' ', out);
		put_text(out, a->name, false);
		fprintf(out, "%s%s\n", a->append ? " append" : "", a->array ? " array" : "");
		put_words(out, depth + 1, "index", a->index);
		put_words(out, depth + 1, "value", a->value);
		put_assignments(out, depth + 1, label, a->elements);
	}
}

static void put_redirects(FILE *out, unsigned depth, const struct shell_redirect *r)
{
	static const char *const names[] = {
		"?", "<", ">", ">|", ">>", "<>", "<&", ">&", "&>", "&>>", "<<", "<<<",
	};

	for (; r != NULL; r = r->next) {
		indent(out, depth);
		fputs("redirect ", out);
		if (r->fd >= 0)
			fprintf(out, "%d", r->fd);
		if (r->fd_variable.len > 0)
			fprintf(out, "{%.*s}", (int)r->fd_variable.len, r->fd_variable.ptr);
		fprintf(out, "%s%s\n", names[r->op], r->strip_tabs ? "-" : "");
		put_words(out, depth + 1, r->body != NULL ? "delimiter" : "target", r->target);
		put_words(out, depth + 1, "body", r->body);
	}
}

static void put_condition(FILE *out, unsigned depth, const struct shell_condition *test)
{
	static const char *const names[] = { "?",   "test", "unary", "binary",
		                             "not", "and",  "or",    "paren" };

	if (test == NULL)
		return;
	indent(out, depth);
	fprintf(out, "%s %.*s", names[test->kind], (int)test->op.len, test->op.ptr);
	putc('\n', out);
	put_words(out, depth + 1, "left", test->left);
	put_words(out, depth + 1, "right", test->right);
	put_condition(out, depth + 1, test->a);
	put_condition(out, depth + 1, test->b);
}

static void put_labelled(FILE *out, unsigned depth, const char *label,
                         const struct shell_script *script)
{
	if (script == NULL)
		return;
	indent(out, depth);
	fprintf(out, "%s\n", label);
	put_script(out, depth + 1, script);
}

static void put_items(FILE *out, unsigned depth, const struct shell_case_item *item)
{
	static const char *const ends[] = { "item", "item ;&", "item ;;&" };

	for (; item != NULL; item = item->next) {
		indent(out, depth);
		fprintf(out, "%s\n", ends[item->end]);
		put_words(out, depth + 1, "pattern", item->patterns);
		put_script(out, depth + 1, item->body);
	}
}

static void put_command(FILE *out, unsigned depth, const struct shell_command *command)
{
	static const char *const names[] = { "?",     "simple",   "subshell", "group",  "if",
		                             "while", "until",    "for",      "for ((", "select",
		                             "case",  "function", "((",       "[[",     "coproc" };

	indent(out, depth++);
	fputs(names[command->kind], out);
	if (command->name.len > 0)
		putc(' ', out);
	put_text(out, command->name, false);
	fputs(command->has_in ? " in\n" : "\n", out);
	put_assignments(out, depth, "assign", command->assignments);
	put_words(out, depth, "word", command->words);
	put_assignments(out, depth, "declare", command->declarations);
	put_words(out, depth, "expression", command->expression);
	put_words(out, depth, "expression", command->expression2);
	put_words(out, depth, "expression", command->expression3);
	put_words(out, depth, "subject", command->subject);
	put_items(out, depth, command->items);
	put_condition(out, depth, command->test);
	put_labelled(out, depth, "condition", command->condition);
	put_labelled(out, depth, "body", command->body);
	put_labelled(out, depth, "else", command->otherwise);
	if (command->inner != NULL)
		put_command(out, depth, command->inner);
	put_redirects(out, depth, command->redirects);
}

static void put_script(FILE *out, unsigned depth, const struct shell_script *script)
{
	static const char *const connectors[] = { "", "&&", "||", "&" };
	const struct shell_pipeline *pipeline;
	const struct shell_stage *stage;
	unsigned inner;

	for (pipeline = script->pipelines; pipeline != NULL; pipeline = pipeline->next) {
		inner = depth;
		if (pipeline->count != 1 || pipeline->negated || pipeline->timed) {
			indent(out, inner++);
			fprintf(out, "pipeline%s%s\n", pipeline->negated ? " !" : "",
			        pipeline->timed ? " time" : "");
		}
		for (stage = pipeline->stages; stage != NULL; stage = stage->next) {
			put_command(out, inner, stage->command);
			if (stage->pipe_stderr) {
				indent(out, inner);
				fputs("|&\n", out);
			}
		}
		if (pipeline->connector != SHELL_LIST_END) {
			indent(out, depth);
			fprintf(out, "%s\n", connectors[pipeline->connector]);
		}
	}
}

static void check_print(FILE *out, const struct shell_script *script)
{
	struct problem problem = { 0 };
	struct shell_script *again;
	struct outbuf text;
	struct arena arena;

	arena_init(&arena, 16 << 20);
	outbuf_init(&text, 16 << 20);
	shell_print(script, &text);
	if (!shell_parse(outbuf_span(&text), NULL, &arena, &again, &problem))
		fprintf(out, "PRINTED AND REFUSED: %s\n", problem.what);
	else if (!shell_equal(script, again))
		fprintf(out, "PRINTED AND READ DIFFERENTLY\n");
	if (!outbuf_ok(&text) || problem.kind != PROBLEM_NONE || !shell_equal(script, again))
		fprintf(out, "%.*s\n", (int)text.len, text.ptr);
	outbuf_release(&text);
	arena_release(&arena);
}

static void run(struct span input, FILE *out, void *context)
{
	struct problem problem = { 0 };
	struct shell_script *script;
	struct arena arena;

	(void)context;
	arena_init(&arena, 16 << 20);
	if (shell_parse(input, NULL, &arena, &script, &problem)) {
		put_script(out, 0, script);
		check_print(out, script);
	} else {
		struct problem_place place = problem_place(input, problem.offset);

		fprintf(out, "refused at %zu:%zu: %s\n", place.line, place.column, problem.what);
	}
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
