/* Functions: manual 3.3; with the fork bombs that they make. */
#include "effect/engine.h"

bool function_define(struct engine *engine, struct shell *shell,
                     const struct shell_command *command)
{
	struct function *function = arena_new(engine->arena, struct function);
	struct site site = site_at(engine, command->start, command->end, NULL);
	struct command_arg arg = { command->name, true };
	struct command_match match;
	struct value name = value_of(command->name);

	if (!function)
		return engine_memory(engine);
	*function = (struct function){ command->name, command->inner, engine->fixed };
	shell->status = STATUS_SUCCESS;
	if (!map_put(engine->arena, &shell->functions, function->name, function) ||
	    !command_match(&arg, 1, engine->arena, &match, engine->problem))
		return engine_memory(engine);
	if ((match.spec || builtin_find(command->name)) &&
	    !effect_on(engine, EFFECT_REDEFINE, 0, &name, &site))
		return false;
	/* The shell calls these by itself: manual 3.7.2. */
	if (span_equal(command->name, SPAN("command_not_found_handle"))) {
		struct shell copy = *shell;
		struct fields words = { 0 };

		return call_function(engine, &copy, function, &words);
	}
	return true;
}

/* ---- calls ---- */

/* How often the function is being called already; *branching: by a pipeline or in the background. */
static unsigned rounds_of(const struct shell *shell, const struct function *function,
                          bool *branching)
{
	unsigned rounds = 0;
	bool forked = shell->branching;

	*branching = false;
	for (const struct call *call = shell->calls; call; call = call->next) {
		if (call->function->body == function->body) {
			rounds++;
			*branching = *branching || forked;
		}
		forked = forked || call->branching;
	}
	return rounds;
}

static bool enter_call(struct engine *engine, struct shell *shell, const struct function *function,
                       const struct fields *words)
{
	struct call *call = arena_new(engine->arena, struct call);
	size_t count = words->count > 0 ? words->count - 1 : 0;
	struct value *params = arena_array(engine->arena, struct value, count);

	if (!call || !params)
		return engine_memory(engine);
	*call = (struct call){ function, 0, shell->branching, shell->calls };
	for (size_t i = 0; i < count; i++)
		params[i] = words->items[i + 1].value;
	shell->calls = call;
	shell->branching = false;
	shell->params = params;
	shell->param_count = count;
	shell->params_known = !words->open_ended;
	shell->locals = NULL;
	return true;
}

static bool leave_call(struct engine *engine, struct shell *shell, const struct shell *caller)
{
	for (const struct local *local = shell->locals; local; local = local->next) {
		struct variable unset = { .name = local->name };

		if (local->before ? !shell_store(engine, shell, local->before)
		                  : !shell_unset(engine, shell, unset.name))
			return false;
	}
	shell->calls = caller->calls;
	shell->params = caller->params;
	shell->param_count = caller->param_count;
	shell->params_known = caller->params_known;
	shell->locals = caller->locals;
	shell->branching = caller->branching;
	return true;
}

bool call_function(struct engine *engine, struct shell *shell, const struct function *function,
                   const struct fields *words)
{
	struct site site = site_at(engine, function->body->start, function->body->end,
	                           engine->parent);
	struct value name = value_of(function->name);
	struct shell caller = *shell;
	bool branching, fixed = engine->fixed, good;
	unsigned rounds = rounds_of(shell, function, &branching);

	if (rounds > 0 && branching)
		return effect_on(engine, EFFECT_BOMB, 0, &name, &site);
	if (rounds > 1)
		return effect_unknown(engine, &site, function->name,
		                      "a function that calls itself");
	if (engine->nesting >= MAX_NESTING) {
		engine_stop(engine, "functions are nested too deep to follow");
		return true;
	}
	if (!enter_call(engine, shell, function, words))
		return false;
	engine->nesting++;
	engine->fixed = engine->fixed && function->fixed;
	good = walk_command(engine, shell, function->body);
	engine->fixed = fixed;
	engine->nesting--;
	return good && leave_call(engine, shell, &caller);
}
