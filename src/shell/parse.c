/* The entry points, and what bounds every production: nodes, depth, re-reading. */
#include "shell/parser.h"

#include <stdint.h>
#include <string.h>

/* Deeper than this nothing is read, whatever the caller allows: printing recurses as well. */
enum { DEEPEST = 400 };

const struct shell_limits shell_default_limits = {
	.source_bytes = (size_t)1 << 20,
	.depth = 200,
	.nodes = 500000,
};

void *shell_memory(struct parser *p, size_t bytes)
{
	void *memory = arena_alloc(p->arena, 1, bytes);

	if (memory == NULL)
		problem_set(p->problem, PROBLEM_MEMORY, shell_start(p, p->at), "out of memory");
	return memory;
}

void *shell_new(struct parser *p, size_t size)
{
	if (p->nodes == 0) {
		shell_limit(p, "too many commands and words");
		return NULL;
	}
	p->nodes--;
	return shell_memory(p, size);
}

bool shell_enter(struct parser *p)
{
	if (p->depth == 0)
		return shell_limit(p, "nested too deeply");
	p->depth--;
	return true;
}

void shell_leave(struct parser *p)
{
	p->depth++;
}

bool shell_charge(struct parser *p, size_t bytes)
{
	if (bytes > p->again)
		return shell_limit(p, "too much text that has to be read twice");
	p->again -= bytes;
	return true;
}

bool shell_reread(struct parser *p, size_t at)
{
	size_t bytes = p->at - at;

	p->at = at;
	return shell_charge(p, bytes);
}

static bool begin(struct parser *p, struct span source, const struct shell_limits *limits,
                  struct arena *arena, struct problem *problem)
{
	size_t nul;

	if (limits == NULL)
		limits = &shell_default_limits;
	*p = (struct parser){
		.text = source.len > 0 ? source.ptr : "",
		.end = source.len,
		.arena = arena,
		.problem = problem,
		.nodes = limits->nodes,
		.depth = limits->depth < DEEPEST ? limits->depth : DEEPEST,
	};
	if (source.len > limits->source_bytes || source.len > SIZE_MAX / 8)
		return shell_limit(p, "the text is too long");
	p->again = 4 * source.len + 4096;
	if (span_find_byte(source, '\0', &nul))
		return shell_fail(p, nul, "a NUL byte");
	return true;
}

bool shell_parse(struct span source, const struct shell_limits *limits, struct arena *arena,
                 struct shell_script **script, struct problem *problem)
{
	struct shell_script *whole;
	struct parser p;

	if (!begin(&p, source, limits, arena, problem) || !shell_list(&p, &whole))
		return false;
	if (p.at < p.end)
		return shell_unexpected(&p);
	if (!shell_heredoc_bodies(&p))
		return false;
	whole->start = 0;
	whole->end = source.len;
	*script = whole;
	return true;
}

bool shell_parse_word(struct span source, const struct shell_limits *limits, struct arena *arena,
                      struct shell_word **word, struct problem *problem)
{
	struct shell_word *first = NULL, **tail = &first;
	struct parser p;

	if (!begin(&p, source, limits, arena, problem))
		return false;
	for (;;) {
		if (!shell_newlines(&p))
			return false;
		if (shell_peek(&p) < 0)
			break;
		if (!shell_read_word(&p, MODE_WORD, tail))
			return false;
		tail = &(*tail)->next;
	}
	*word = first;
	return true;
}
