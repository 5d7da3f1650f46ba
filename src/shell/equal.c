/* Whether two trees are the same.  Recursion is as deep as the trees, which shell_parse() bounds. */
#include "shell/parser.h"

static bool equal_parts(const struct shell_part *a, const struct shell_part *b);
static bool equal_command(const struct shell_command *a, const struct shell_command *b);

static bool equal_word(const struct shell_word *a, const struct shell_word *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return equal_parts(a->parts, b->parts);
}

static bool equal_words(const struct shell_word *a, const struct shell_word *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!equal_word(a, b))
			return false;
	return a == b;
}

static bool equal_parameter(const struct shell_parameter *a, const struct shell_parameter *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return span_equal(a->name, b->name) && a->indirect == b->indirect && a->op == b->op &&
	       a->colon == b->colon && a->all == b->all && a->anchor == b->anchor &&
	       a->transform == b->transform && equal_word(a->index, b->index) &&
	       equal_word(a->word, b->word) && equal_word(a->second, b->second);
}

static bool equal_parts(const struct shell_part *a, const struct shell_part *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (a->kind != b->kind || a->quoted != b->quoted || a->backtick != b->backtick ||
		    a->direction != b->direction || !span_equal(a->text, b->text) ||
		    !equal_parameter(a->parameter, b->parameter) ||
		    !shell_equal(a->script, b->script) || !equal_word(a->expression, b->expression))
			return false;
	return a == b;
}

static bool equal_assignments(const struct shell_assignment *a, const struct shell_assignment *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!span_equal(a->name, b->name) || a->append != b->append ||
		    a->array != b->array || !equal_word(a->index, b->index) ||
		    !equal_word(a->value, b->value) || !equal_assignments(a->elements, b->elements))
			return false;
	return a == b;
}

static bool equal_redirects(const struct shell_redirect *a, const struct shell_redirect *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (a->op != b->op || a->fd != b->fd ||
		    !span_equal(a->fd_variable, b->fd_variable) || a->strip_tabs != b->strip_tabs ||
		    !equal_word(a->target, b->target) || !equal_word(a->body, b->body))
			return false;
	return a == b;
}

bool shell_declares(const struct shell_assignment *declaration, const struct shell_word *word)
{
	return declaration != NULL && declaration->source == word;
}

/* The text of a declaration's word is layout: the declaration itself is compared. */
static bool equal_arguments(const struct shell_command *a, const struct shell_command *b)
{
	const struct shell_assignment *da = a->declarations, *db = b->declarations;
	const struct shell_word *wa = a->words, *wb = b->words;
	bool declares;

	for (; wa != NULL && wb != NULL; wa = wa->next, wb = wb->next) {
		declares = shell_declares(da, wa);
		if (declares != shell_declares(db, wb))
			return false;
		if (!declares && !equal_word(wa, wb))
			return false;
		if (declares) {
			da = da->next;
			db = db->next;
		}
	}
	return wa == wb && equal_assignments(a->declarations, b->declarations);
}

static bool equal_condition(const struct shell_condition *a, const struct shell_condition *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->kind == b->kind && span_equal(a->op, b->op) && equal_word(a->left, b->left) &&
	       equal_word(a->right, b->right) && equal_condition(a->a, b->a) &&
	       equal_condition(a->b, b->b);
}

static bool equal_items(const struct shell_case_item *a, const struct shell_case_item *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (a->end != b->end || !equal_words(a->patterns, b->patterns) ||
		    !shell_equal(a->body, b->body))
			return false;
	return a == b;
}

static bool equal_command(const struct shell_command *a, const struct shell_command *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->kind == b->kind && span_equal(a->name, b->name) && a->has_in == b->has_in &&
	       equal_redirects(a->redirects, b->redirects) &&
	       equal_assignments(a->assignments, b->assignments) && equal_arguments(a, b) &&
	       shell_equal(a->condition, b->condition) && shell_equal(a->body, b->body) &&
	       shell_equal(a->otherwise, b->otherwise) &&
	       equal_word(a->expression, b->expression) &&
	       equal_word(a->expression2, b->expression2) &&
	       equal_word(a->expression3, b->expression3) && equal_word(a->subject, b->subject) &&
	       equal_items(a->items, b->items) && equal_condition(a->test, b->test) &&
	       equal_command(a->inner, b->inner);
}

static bool equal_stages(const struct shell_stage *a, const struct shell_stage *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (a->pipe_stderr != b->pipe_stderr || !equal_command(a->command, b->command))
			return false;
	return a == b;
}

bool shell_equal(const struct shell_script *a, const struct shell_script *b)
{
	const struct shell_pipeline *pa, *pb;

	if (a == NULL || b == NULL)
		return a == b;
	for (pa = a->pipelines, pb = b->pipelines; pa != NULL && pb != NULL;
	     pa = pa->next, pb = pb->next)
		if (pa->negated != pb->negated || pa->timed != pb->timed ||
		    pa->connector != pb->connector || pa->count != pb->count ||
		    !equal_stages(pa->stages, pb->stages))
			return false;
	return pa == pb;
}
