/* The door: from a tool and its input to effects. */
#include "effect/engine.h"
#include "effect/tools.h"

static bool set_known(struct engine *engine, struct shell *shell, struct span name,
                      struct span text)
{
	struct value value = value_of(text);

	return text.len == 0 || shell_set(engine, shell, name, &value, false);
}

bool shell_start(struct engine *engine, struct shell *shell)
{
	const struct action *action = engine->action;

	*shell = (struct shell){ .params_known = true, .zero = value_unknown(ORIGIN_INPUT) };
	shell->cwd = action->paths.cwd.len > 0 ? value_of(action->paths.cwd)
	                                       : value_unknown(ORIGIN_ENVIRONMENT);
	shell->old_cwd = value_unknown(ORIGIN_ENVIRONMENT);
	return set_known(engine, shell, SPAN("HOME"), action->paths.home) &&
	       set_known(engine, shell, SPAN("PWD"), action->paths.cwd) &&
	       set_known(engine, shell, SPAN("USER"), action->user) &&
	       set_known(engine, shell, SPAN("LOGNAME"), action->user);
}

static bool parse_failed(struct engine *engine, const struct problem *problem)
{
	struct site site = { problem->offset, engine->effects->text.len, NULL };

	if (problem->kind == PROBLEM_MEMORY)
		return engine_memory(engine);
	engine->effects->not_understood = problem->what;
	engine->effects->not_understood_at = problem->offset;
	return effect_unknown(engine, &site, SPAN(""), "shell text that does not parse");
}

bool run_action_text_in(struct engine *engine, struct shell *shell, struct span text)
{
	struct shell_script *script;
	struct problem problem;

	engine->effects->text = text;
	engine->effects->shell = true;
	if (!shell_parse(text, NULL, engine->arena, &script, &problem))
		return parse_failed(engine, &problem);
	return run_script(engine, shell, script) && run_traps(engine, shell);
}

static bool same(const struct effect *a, const struct effect *b)
{
	return a->kind == b->kind && a->flags == b->flags && a->start == b->start &&
	       a->end == b->end && a->certainty == b->certainty && a->what == b->what &&
	       a->facts.place == b->facts.place && span_equal(a->target, b->target) &&
	       span_equal(a->source, b->source);
}

/* What loops and values that are looked at one by one say twice is said once. */
static void drop_repeats(struct effects *effects)
{
	enum { WINDOW = 16 };
	const struct effect *recent[WINDOW] = { NULL };
	size_t next = 0;

	for (struct effect **link = &effects->first; *link;) {
		bool repeated = false;

		for (size_t i = 0; i < WINDOW && !repeated; i++)
			repeated = recent[i] && same(recent[i], *link);
		if (repeated) {
			*link = (*link)->next;
			effects->count--;
			continue;
		}
		recent[next++ % WINDOW] = *link;
		link = &(*link)->next;
	}
}

bool effect_of_action(const struct action *action, const struct effect_limits *limits,
                      struct arena *arena, struct effects *effects, struct problem *problem)
{
	struct engine engine = { .arena = arena,
		                 .limits = limits ? limits : &effect_default_limits,
		                 .action = action,
		                 .effects = effects,
		                 .problem = problem };

	*effects = (struct effects){ 0 };
	if (!run_tool(&engine))
		return false;
	drop_repeats(effects);
	return true;
}
