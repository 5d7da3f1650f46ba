/*
 * Properties of the shell parser:
 * - spans lie inside the source, and inside the span of what they belong to (but for
 *   here-document bodies, which lie behind);
 * - what is printed parses to an equal tree, and prints the same again;
 * - one more line is exactly one more command: nothing of it was swallowed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/outbuf.h"
#include "fuzz.h"
#include "shell/shell.h"

enum { MEMORY = 64 << 20 };

#define HOLDS(condition)          \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

struct range {
	size_t start, end;
};

static void check_script(const struct shell_script *script, struct range outer, size_t whole);
static void check_command(const struct shell_command *command, struct range outer, size_t whole);

static struct range inside(size_t start, size_t end, struct range outer)
{
	HOLDS(start <= end && outer.start <= start && end <= outer.end);
	return (struct range){ start, end };
}

static void check_words(const struct shell_word *word, struct range outer, size_t whole)
{
	const struct shell_part *part;
	struct range w, r;

	for (; word != NULL; word = word->next) {
		w = inside(word->start, word->end, outer);
		for (part = word->parts; part != NULL; part = part->next) {
			r = inside(part->start, part->end, w);
			if (part->parameter != NULL) {
				check_words(part->parameter->index, r, whole);
				check_words(part->parameter->word, r, whole);
				check_words(part->parameter->second, r, whole);
			}
			check_script(part->script, r, whole);
			check_words(part->expression, r, whole);
		}
	}
}

static void check_assignments(const struct shell_assignment *a, struct range outer, size_t whole)
{
	struct range r;

	for (; a != NULL; a = a->next) {
		r = inside(a->start, a->end, outer);
		check_words(a->index, r, whole);
		check_words(a->value, r, whole);
		check_assignments(a->elements, r, whole);
	}
}

static void check_redirects(const struct shell_redirect *redirect, struct range outer, size_t whole)
{
	for (; redirect != NULL; redirect = redirect->next) {
		check_words(redirect->target, inside(redirect->start, redirect->end, outer), whole);
		check_words(redirect->body, (struct range){ 0, whole }, whole);
		HOLDS((redirect->op == SHELL_REDIRECT_HEREDOC) == (redirect->body != NULL));
	}
}

static void check_condition(const struct shell_condition *test, struct range outer, size_t whole)
{
	if (test == NULL)
		return;
	check_words(test->left, outer, whole);
	check_words(test->right, outer, whole);
	check_condition(test->a, outer, whole);
	check_condition(test->b, outer, whole);
}

static void check_command(const struct shell_command *command, struct range outer, size_t whole)
{
	const struct shell_case_item *item;
	struct range r;

	if (command == NULL)
		return;
	r = inside(command->start, command->end, outer);
	check_redirects(command->redirects, r, whole);
	check_assignments(command->assignments, r, whole);
	check_assignments(command->declarations, r, whole);
	check_words(command->words, r, whole);
	check_words(command->subject, r, whole);
	check_words(command->expression, r, whole);
	check_words(command->expression2, r, whole);
	check_words(command->expression3, r, whole);
	check_script(command->condition, r, whole);
	check_script(command->body, r, whole);
	check_script(command->otherwise, r, whole);
	check_command(command->inner, r, whole);
	check_condition(command->test, r, whole);
	for (item = command->items; item != NULL; item = item->next) {
		check_words(item->patterns, r, whole);
		check_script(item->body, r, whole);
	}
}

static void check_script(const struct shell_script *script, struct range outer, size_t whole)
{
	const struct shell_pipeline *pipeline;
	const struct shell_stage *stage;
	struct range s, r;
	size_t count;

	if (script == NULL)
		return;
	s = inside(script->start, script->end, outer);
	for (pipeline = script->pipelines; pipeline != NULL; pipeline = pipeline->next) {
		r = inside(pipeline->start, pipeline->end, s);
		count = 0;
		for (stage = pipeline->stages; stage != NULL; stage = stage->next, count++)
			check_command(stage->command, r, whole);
		HOLDS(count == pipeline->count);
	}
}

static void check_print(const struct shell_script *script)
{
	struct outbuf once, twice;
	struct shell_script *again;
	struct problem problem = { 0 };
	struct shell_limits limits = shell_default_limits;
	struct arena arena;

	limits.source_bytes = MEMORY;
	limits.nodes *= 2;
	outbuf_init(&once, MEMORY);
	outbuf_init(&twice, MEMORY);
	arena_init(&arena, MEMORY);
	shell_print(script, &once);
	HOLDS(outbuf_ok(&once));
	HOLDS(shell_parse(outbuf_span(&once), &limits, &arena, &again, &problem));
	HOLDS(shell_equal(script, again));
	shell_print(again, &twice);
	HOLDS(span_equal(outbuf_span(&once), outbuf_span(&twice)));
	outbuf_release(&once);
	outbuf_release(&twice);
	arena_release(&arena);
}

static const struct shell_pipeline *last_of(const struct shell_script *script, size_t *count)
{
	const struct shell_pipeline *last = NULL, *pipeline;

	*count = 0;
	for (pipeline = script->pipelines; pipeline != NULL; pipeline = pipeline->next, (*count)++)
		last = pipeline;
	return last;
}

/* A text that ends in a backslash or in a here-document takes the next line into itself. */
static void check_append(struct span source, const struct shell_script *script)
{
	static const char more[] = "\nrm -rf /";
	size_t before, after, len = source.len + sizeof(more) - 1;
	const struct shell_pipeline *last;
	struct problem problem = { 0 };
	struct shell_script *longer;
	struct shell_limits limits = shell_default_limits;
	struct arena arena;
	char *text;

	if (span_ends(source, SPAN("\\")) || span_find(source, SPAN("<<"), NULL) ||
	    span_find(source, SPAN("<\\\n"), NULL))
		return;
	text = malloc(len);
	HOLDS(text != NULL);
	if (source.len > 0)
		memcpy(text, source.ptr, source.len);
	memcpy(text + source.len, more, sizeof(more) - 1);
	arena_init(&arena, MEMORY);
	limits.nodes += 100;
	limits.source_bytes += sizeof(more);
	HOLDS(shell_parse((struct span){ text, len }, &limits, &arena, &longer, &problem));
	last_of(script, &before);
	last = last_of(longer, &after);
	HOLDS(after == before + 1 && last->count == 1);
	HOLDS(last->stages->command->kind == SHELL_SIMPLE);
	HOLDS(last->start == source.len + 1 && last->end == len);
	arena_release(&arena);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span source = { (const char *)data, size };
	struct problem problem = { 0 };
	struct shell_script *script;
	struct shell_word *word;
	struct arena arena;

	arena_init(&arena, MEMORY);
	if (shell_parse(source, NULL, &arena, &script, &problem)) {
		HOLDS(script->start == 0 && script->end == size);
		check_script(script, (struct range){ 0, size }, size);
		check_print(script);
		check_append(source, script);
	} else {
		HOLDS(problem.kind == PROBLEM_SYNTAX || problem.kind == PROBLEM_LIMIT);
		HOLDS(problem.what != NULL && problem.offset <= size);
	}
	if (shell_parse_word(source, NULL, &arena, &word, &problem))
		check_words(word, (struct range){ 0, size }, size);
	arena_release(&arena);
	return 0;
}
