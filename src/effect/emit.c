/* The lists of effects and commands, and the limits on them. */
#include "effect/engine.h"

bool engine_memory(struct engine *engine)
{
	return problem_set(engine->problem, PROBLEM_MEMORY, 0, "out of memory");
}

struct site site_at(const struct engine *engine, size_t start, size_t end,
                    struct effect_command *command)
{
	if (engine->fixed)
		return (struct site){ engine->start, engine->end, command };
	return (struct site){ start, end, command };
}

static struct effect *append(struct engine *engine, enum effect_kind kind, const struct site *site)
{
	struct effect *effect = arena_new(engine->arena, struct effect);

	if (!effect) {
		(void)engine_memory(engine);
		return NULL;
	}
	effect->kind = kind;
	effect->certainty = CERTAINTY_KNOWN;
	effect->flags = engine->flags;
	effect->start = site->start;
	effect->end = site->end;
	effect->command = site->command;
	if (engine->last)
		engine->last->next = effect;
	else
		engine->effects->first = effect;
	engine->last = effect;
	engine->effects->count++;
	return effect;
}

void engine_stop(struct engine *engine, const char *what)
{
	struct site site = site_at(engine, engine->start, engine->end, engine->parent);
	struct effect *effect;

	if (engine->stopped)
		return;
	engine->stopped = true;
	effect = append(engine, EFFECT_UNKNOWN, &site);
	if (!effect)
		return;
	effect->certainty = CERTAINTY_UNKNOWN;
	effect->flags &= ~(unsigned)EFFECT_DEAD;
	effect->what = what;
}

struct effect *effect_add(struct engine *engine, enum effect_kind kind, const struct site *site)
{
	static const char too_many[] = "more effects than can be listed";

	if (engine->effects->count >= engine->limits->effects) {
		engine_stop(engine, too_many);
		/* The list is closed, but for the last effect, which may be overwritten by nobody. */
		return arena_new(engine->arena, struct effect);
	}
	return append(engine, kind, site);
}

bool engine_step(struct engine *engine, const struct site *site)
{
	if (engine->stopped)
		return false;
	if (++engine->steps <= engine->limits->steps)
		return true;
	if (!engine->fixed) {
		engine->start = site->start;
		engine->end = site->end;
	}
	engine_stop(engine, "more commands than can be followed");
	return false;
}

void engine_charge(struct engine *engine, size_t bytes)
{
	engine->steps += bytes / 256;
}

bool effect_unknown(struct engine *engine, const struct site *site, struct span target,
                    const char *what)
{
	struct effect *effect = effect_add(engine, EFFECT_UNKNOWN, site);

	if (!effect)
		return engine_memory(engine);
	effect->certainty = CERTAINTY_UNKNOWN;
	effect->target = target;
	effect->what = what;
	return true;
}

bool effect_on(struct engine *engine, enum effect_kind kind, unsigned flags,
               const struct value *target, const struct site *site)
{
	struct effect *effect = effect_add(engine, kind, site);

	if (!effect)
		return engine_memory(engine);
	effect->flags |= flags;
	effect->target = target->head;
	if (!target->complete)
		effect->certainty = target->head.len > 0 ? CERTAINTY_PARTLY : CERTAINTY_UNKNOWN;
	else if (engine->guessed)
		effect->certainty = CERTAINTY_PARTLY;
	return true;
}

bool effect_on_path(struct engine *engine, const struct shell *shell, enum effect_kind kind,
                    unsigned flags, const struct field *field, const struct site *site)
{
	bool removes = kind == EFFECT_DELETE || kind == EFFECT_MOVE || kind == EFFECT_MODE ||
	               kind == EFFECT_OWNER;
	bool deep = (flags & EFFECT_RECURSIVE) != 0 && kind != EFFECT_LIST;
	struct effect *effect;
	struct target target;

	if (!target_of(engine, shell, field, deep, removes, &target))
		return false;
	effect = effect_add(engine, kind, site);
	if (!effect)
		return engine_memory(engine);
	effect->flags |= flags | target.flags;
	effect->target = target.path;
	effect->facts = target.facts;
	effect->what = target.facts.why;
	effect->certainty = target.certainty;
	if (engine->guessed && effect->certainty == CERTAINTY_KNOWN)
		effect->certainty = CERTAINTY_PARTLY;
	if (field->value.origins & ORIGIN_NET)
		effect->flags |= EFFECT_FROM_NET;
	return true;
}

/* A word as the rules see it: a pattern counts as unknown from its first star on. */
static struct effect_word word_of(const struct engine *engine, const struct field *field)
{
	struct site site = site_at(engine, field->start, field->end, NULL);
	struct effect_word word = { .text = field->value.head,
		                    .complete = field->value.complete,
		                    .start = site.start,
		                    .end = site.end };

	if (field->glob && field->glob_at < word.text.len) {
		word.text = span_slice(word.text, 0, field->glob_at);
		word.complete = false;
	}
	return word;
}

struct effect_command *command_add(struct engine *engine, const struct invocation *invocation)
{
	struct effect_command *command = arena_new(engine->arena, struct effect_command);
	size_t count = invocation->words.count;
	struct site site;

	if (!command)
		return NULL;
	command->argv = arena_array(engine->arena, struct effect_word, count);
	if (!command->argv)
		return NULL;
	for (size_t i = 0; i < count; i++)
		command->argv[i] = word_of(engine, &invocation->words.items[i]);
	site = site_at(engine, invocation->start, invocation->end, command);
	command->argc = count;
	command->open_ended = invocation->words.open_ended;
	command->assignments = invocation->assignments;
	command->assignment_count = invocation->assignment_count;
	command->parent = engine->parent;
	command->transparent_parent = engine->parent != NULL && engine->transparent;
	command->start = site.start;
	command->end = site.end;
	if (engine->last_command)
		engine->last_command->next = command;
	else
		engine->effects->commands = command;
	engine->last_command = command;
	return command;
}
