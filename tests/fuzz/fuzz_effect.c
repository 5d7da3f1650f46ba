/*
 * Properties of effects of any shell text:
 *   - it ends, and says something about what does not parse or passes a limit;
 *   - a command that is appended on a line of its own is seen, unless the text ends the shell;
 *   - ( ) and { } around it, and bash -c, change nothing but what is run.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "effect/effect.h"
#include "shell/shell.h"

enum { LONGEST = 4096 };

static const struct effect_limits limits = { .depth = 24, .effects = 2000, .steps = 2000 };

static bool work_out(struct span text, struct arena *arena, struct effects *effects)
{
	static const struct span workspace = SPAN_INIT("/home/u/proj");
	struct json_value command = { .kind = JSON_STRING, .text = text, .key = SPAN("command") };
	struct json_value object = { .kind = JSON_OBJECT, .count = 1, .first = &command };
	struct action action = { .tool = SPAN("Bash"), .input = &object };
	struct problem problem = { 0 };

	action.paths = (struct paths_context){ .cwd = workspace,
		                               .home = SPAN("/home/u"),
		                               .workspace = &workspace,
		                               .workspace_count = 1 };
	if (effect_of_action(&action, &limits, arena, effects, &problem))
		return true;
	if (problem.kind != PROBLEM_MEMORY && problem.kind != PROBLEM_LIMIT)
		abort();
	return false;
}

/* Whether the list was cut short by a limit. */
static bool is_cut(const struct effects *effects)
{
	for (const struct effect *e = effects->first; e; e = e->next)
		if (e->kind == EFFECT_UNKNOWN && e->what && e->target.len == 0)
			return true;
	return effects->not_understood != NULL;
}

static bool has(const struct effects *effects, const struct effect *wanted)
{
	for (const struct effect *e = effects->first; e; e = e->next)
		if (e->kind == wanted->kind && span_equal(e->target, wanted->target) &&
		    (e->flags & ~(unsigned)EFFECT_DEAD) == (wanted->flags & ~(unsigned)EFFECT_DEAD))
			return true;
	return false;
}

static struct span join(char *bytes, const char *before, struct span text, const char *after)
{
	size_t first = strlen(before), last = strlen(after);

	memcpy(bytes, before, first);
	memcpy(bytes + first, text.ptr, text.len);
	memcpy(bytes + first + text.len, after, last);
	return (struct span){ bytes, first + text.len + last };
}

/* Whether `text` is a script both by itself and with more behind it: no open heredoc, no backslash. */
static bool goes_on(struct span text, struct arena *arena)
{
	struct shell_script *script;
	char *bytes = malloc(LONGEST + 64);
	struct span longer;
	bool good;

	if (!bytes)
		abort();
	longer = join(bytes, "", text, "\n:)");
	good = shell_parse(text, NULL, arena, &script, NULL) &&
	       !shell_parse(longer, NULL, arena, &script, NULL);
	free(bytes);
	return good && (text.len == 0 || text.ptr[text.len - 1] != '\\');
}

static void check_appended(struct span text)
{
	static const struct effect wanted = { .kind = EFFECT_DELETE,
		                              .target = SPAN_INIT("/"),
		                              .flags = EFFECT_RECURSIVE | EFFECT_FORCE };
	char *bytes = malloc(LONGEST + 64);
	struct effects effects;
	struct arena arena;

	if (!bytes)
		abort();
	arena_init(&arena, 32 << 20);
	if (work_out(join(bytes, "", text, "\n/bin/rm -rf /"), &arena, &effects) &&
	    !is_cut(&effects) && !has(&effects, &wanted))
		abort();
	arena_release(&arena);
	free(bytes);
}

static bool is_about_running(const struct effect *effect)
{
	return effect->kind == EFFECT_RUN || effect->kind == EFFECT_UNKNOWN ||
	       effect->kind == EFFECT_OUTPUT || effect->kind == EFFECT_REDEFINE;
}

static void check_wrapped(struct span text, const struct effects *plain, const char *before,
                          const char *after)
{
	char *bytes = malloc(LONGEST + 64);
	struct effects effects;
	struct arena arena;

	if (!bytes)
		abort();
	arena_init(&arena, 32 << 20);
	if (work_out(join(bytes, before, text, after), &arena, &effects) && !is_cut(&effects))
		for (const struct effect *e = plain->first; e; e = e->next)
			if (!is_about_running(e) && !has(&effects, e))
				abort();
	arena_release(&arena);
	free(bytes);
}

static bool has_byte(struct span text, char byte)
{
	return span_find_byte(text, byte, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct effects effects;
	struct arena arena;

	if (size > LONGEST)
		return 0;
	arena_init(&arena, 32 << 20);
	if (work_out(text, &arena, &effects) && !is_cut(&effects) && goes_on(text, &arena)) {
		check_appended(text);
		check_wrapped(text, &effects, "(", "\n)");
		check_wrapped(text, &effects, "{ ", "\n}");
		if (!has_byte(text, '\'') && !has_byte(text, '\0'))
			check_wrapped(text, &effects, "bash -c -- '", "'");
	}
	arena_release(&arena);
	return 0;
}
