/*
 * Which rules an action meets: rules against commands, effects and the tool itself.
 *
 * Lines of commands are made only where some rule looks at commands.  What covers a command is found
 * in three steps: by its own words; by the words of the one that runs it, where those name it; and for
 * a wrapper, by all that it runs.
 */
#include "judge/rules.h"

#include <stdint.h>
#include <stdlib.h>

#include "judge/rules_private.h"

/* Deepest chain of commands that run commands; effect/ has a limit of its own below this. */
enum { CHAIN = 32 };

struct matcher {
	const struct rules_context *context;
	struct arena *arena;
	struct rules_matches *matches;
	struct rules_line *lines;
	size_t line_count;
	struct rules_pattern *patterns; /* one a rule; made for command rules only */
	struct rules_path *paths;       /* one an effect, in order */
	struct rules_hit **last_deny, **last_ask;
};

/* ---- what counts ---- */

static bool rule_counts(const struct rules_context *context, const struct policy_rule *rule)
{
	bool managed = policy_layer_managed(rule->source.layer);

	if (rule->rule.kind == RULE_NEVER)
		return false;
	if (rule->rule.action != RULE_ALLOW)
		return true;
	if (!managed && context->policy->values[POLICY_MANAGED_RULES_ONLY].truth)
		return false;
	if (!rule->grant)
		return true;
	return !context->no_grants &&
	       (rule->expires_ns == 0 || context->now_ns == 0 ||
	        context->now_ns < rule->expires_ns) &&
	       (rule->session.len == 0 || span_equal(rule->session, context->action->session));
}

/* ---- getting ready ---- */

static int compare_lines(const void *a, const void *b)
{
	uintptr_t left = (uintptr_t)((const struct rules_line *)a)->command;
	uintptr_t right = (uintptr_t)((const struct rules_line *)b)->command;

	return left < right ? -1 : left > right;
}

static size_t find_line(const struct matcher *matcher, const struct effect_command *command)
{
	struct rules_line key = { .command = command };
	const struct rules_line *found;

	if (!command || matcher->line_count == 0)
		return SIZE_MAX;
	found = bsearch(&key, matcher->lines, matcher->line_count, sizeof(key), compare_lines);
	return found ? (size_t)(found - matcher->lines) : SIZE_MAX;
}

static bool make_lines(struct matcher *matcher)
{
	const struct effects *effects = matcher->context->effects;
	size_t count = 0;

	for (const struct effect_command *at = effects->commands; at; at = at->next)
		count++;
	matcher->lines = arena_array(matcher->arena, struct rules_line, count);
	if (!matcher->lines)
		return false;
	for (const struct effect_command *at = effects->commands; at; at = at->next)
		if (!rules_line_of(effects, at, matcher->arena,
		                   &matcher->lines[matcher->line_count++]))
			return false;
	if (count > 1)
		qsort(matcher->lines, count, sizeof(matcher->lines[0]), compare_lines);
	for (size_t i = 0; i < count; i++)
		matcher->lines[i].parent = find_line(matcher, matcher->lines[i].command->parent);
	return true;
}

static bool make_patterns(struct matcher *matcher)
{
	const struct policy *policy = matcher->context->policy;
	bool lines = false;

	matcher->patterns = arena_array(matcher->arena, struct rules_pattern, policy->rule_count);
	if (!matcher->patterns)
		return false;
	for (size_t i = 0; i < policy->rule_count; i++) {
		if (policy->rules[i].rule.kind != RULE_COMMAND)
			continue;
		lines = true;
		if (!rules_pattern_of(&policy->rules[i], matcher->arena, &matcher->patterns[i]))
			return false;
	}
	return !lines || make_lines(matcher);
}

/* Where each target leads, asked once an effect and only where a path rule will look at it. */
static bool make_paths(struct matcher *matcher)
{
	const struct policy *policy = matcher->context->policy;
	const struct paths_view *view = matcher->context->action->view;
	size_t index = 0, count = 0;
	bool wanted = false;

	for (size_t i = 0; i < policy->rule_count; i++)
		wanted = wanted || policy->rules[i].rule.kind == RULE_PATH;
	if (!wanted)
		return true;
	for (const struct effect *at = matcher->context->effects->first; at; at = at->next)
		count++;
	matcher->paths = arena_array(matcher->arena, struct rules_path, count);
	if (!matcher->paths)
		return false;
	for (const struct effect *at = matcher->context->effects->first; at;
	     at = at->next, index++) {
		struct rules_path *path = &matcher->paths[index];

		*path = (struct rules_path){ .path = at->target,
			                     .real = at->target,
			                     .real_known = true };
		if (view && rules_is_path(at->target))
			path->real_known = view->resolve(view->context, at->target, matcher->arena,
			                                 &path->real);
	}
	return true;
}

/* ---- deny and ask ---- */

static bool add_hit(struct matcher *matcher, const struct policy_rule *rule,
                    const struct effect_command *command, const struct effect *effect)
{
	struct rules_hit *hit = arena_new(matcher->arena, struct rules_hit);
	struct rules_hit ***last = rule->rule.action == RULE_DENY ? &matcher->last_deny
	                                                          : &matcher->last_ask;

	if (!hit)
		return false;
	*hit = (struct rules_hit){ .rule = rule,
		                   .command = command,
		                   .effect = effect,
		                   .end = matcher->context->effects->text.len };
	if (command) {
		hit->start = command->start;
		hit->end = command->end;
	} else if (effect) {
		hit->start = effect->start;
		hit->end = effect->end;
	}
	**last = hit;
	*last = &hit->next;
	return true;
}

static bool meet_commands(struct matcher *matcher, size_t index)
{
	for (size_t i = 0; i < matcher->line_count; i++) {
		bool meets;

		if (!rules_command_meets(&matcher->patterns[index], &matcher->lines[i],
		                         matcher->arena, &meets))
			return false;
		if (meets)
			return add_hit(matcher, matcher->patterns[index].rule,
			               matcher->lines[i].command, NULL);
	}
	return true;
}

static bool domain_meets(const struct policy_rule *rule, const struct effect *effect)
{
	return (effect->kind == EFFECT_CONNECT || effect->kind == EFFECT_UPLOAD) &&
	       rules_domain_matches(rule->rule.pattern, effect->target);
}

static bool meet_effects(struct matcher *matcher, size_t index)
{
	const struct policy_rule *rule = &matcher->context->policy->rules[index];
	size_t at = 0;

	for (const struct effect *effect = matcher->context->effects->first; effect;
	     effect = effect->next, at++) {
		bool meets = rule->rule.kind == RULE_DOMAIN
		                     ? domain_meets(rule, effect)
		                     : rules_path_meets(matcher->context, index, effect,
		                                        &matcher->paths[at]);

		if (meets)
			return add_hit(matcher, rule, NULL, effect);
	}
	return true;
}

static bool meet(struct matcher *matcher, size_t index)
{
	const struct policy_rule *rule = &matcher->context->policy->rules[index];

	switch (rule->rule.kind) {
	case RULE_TOOL:
		return !rules_tool_matches(rule->rule.tool, matcher->context->action->tool) ||
		       add_hit(matcher, rule, NULL, NULL);
	case RULE_PARAMETER:
		return !rules_parameter_matches(matcher->context, &rule->rule) ||
		       add_hit(matcher, rule, NULL, NULL);
	case RULE_COMMAND:
		return meet_commands(matcher, index);
	case RULE_PATH:
	case RULE_DOMAIN:
		return meet_effects(matcher, index);
	case RULE_NEVER:
		break;
	}
	return true;
}

static bool meet_all(struct matcher *matcher, bool managed)
{
	const struct policy *policy = matcher->context->policy;

	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		if (rule->rule.action != RULE_ALLOW && rule_counts(matcher->context, rule) &&
		    policy_layer_managed(rule->source.layer) == managed && !meet(matcher, i))
			return false;
	}
	return true;
}

/* ---- allow ---- */

/* A grant of this session before a saved one before a rule: the judge names what decided. */
static unsigned strength(const struct policy_rule *rule)
{
	if (!rule || rule->rule.action != RULE_ALLOW)
		return 0;
	if (!rule->grant)
		return 1;
	return rule->source.layer == POLICY_SESSION_GRANT ? 3 : 2;
}

static void keep_stronger(const struct policy_rule **kept, const struct policy_rule *rule)
{
	if (strength(rule) > strength(*kept))
		*kept = rule;
}

/* May this command be looked at by itself?  Only through wrappers that change nothing. */
static bool stands_alone(const struct matcher *matcher, size_t index)
{
	const struct effect_command *command = matcher->lines[index].command;

	for (unsigned depth = 0; command->parent; depth++) {
		size_t parent = matcher->lines[index].parent;

		if (parent == SIZE_MAX || depth == CHAIN ||
		    !rules_transparent(&matcher->lines[parent]))
			return false;
		index = parent;
		command = matcher->lines[index].command;
	}
	return true;
}

static void cover_by_words(struct matcher *matcher, size_t index, size_t *by)
{
	const struct policy *policy = matcher->context->policy;
	struct rules_cover *cover = &matcher->matches->covers[index];

	by[index] = SIZE_MAX;
	if (!stands_alone(matcher, index))
		return;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		if (rule->rule.kind != RULE_COMMAND || rule->rule.action != RULE_ALLOW ||
		    strength(rule) <= strength(cover->rule) ||
		    !rule_counts(matcher->context, rule) ||
		    !rules_command_covers(&matcher->patterns[i], &matcher->lines[index]))
			continue;
		cover->rule = rule;
		by[index] = i;
	}
}

/* From the one that runs it: a chain of parents is as long as effect/ lets it be. */
static void cover_by_parent(struct matcher *matcher, size_t index, size_t *by)
{
	struct rules_cover *covers = matcher->matches->covers;
	size_t at = index;

	if (covers[index].rule || !matcher->lines[index].allowable)
		return;
	for (unsigned depth = 0; depth < CHAIN; depth++) {
		at = matcher->lines[at].parent;
		if (at == SIZE_MAX)
			return;
		if (by[at] == SIZE_MAX)
			continue;
		if (rules_pattern_names(&matcher->patterns[by[at]], &matcher->lines[at],
		                        &matcher->lines[index]))
			covers[index].rule = covers[at].rule;
		return;
	}
}

/* A wrapper is covered where all that it runs is; its own effects are not (see rules_covering). */
static void cover_wrappers(struct matcher *matcher, bool *open, bool *runs)
{
	struct rules_cover *covers = matcher->matches->covers;

	for (unsigned depth = 0; depth < CHAIN; depth++) {
		bool changed = false;

		for (size_t i = 0; i < matcher->line_count; i++)
			open[i] = runs[i] = false;
		for (size_t i = 0; i < matcher->line_count; i++) {
			size_t parent = matcher->lines[i].parent;

			if (parent == SIZE_MAX)
				continue;
			runs[parent] = true;
			open[parent] = open[parent] || !covers[i].rule;
		}
		for (size_t i = 0; i < matcher->line_count; i++) {
			size_t parent = matcher->lines[i].parent;

			if (parent == SIZE_MAX || covers[parent].rule || open[parent] ||
			    !runs[parent] || !rules_transparent(&matcher->lines[parent]))
				continue;
			covers[parent].rule = covers[i].rule;
			covers[parent].inherited = true;
			changed = true;
		}
		if (!changed)
			return;
	}
}

static bool cover_commands(struct matcher *matcher)
{
	struct rules_matches *matches = matcher->matches;
	size_t count = matcher->line_count;
	size_t *by = arena_array(matcher->arena, size_t, count);
	bool *flags = arena_array(matcher->arena, bool, count * 2);

	matches->covers = arena_array(matcher->arena, struct rules_cover, count);
	if (!by || !flags || !matches->covers)
		return false;
	matches->cover_count = count;
	for (size_t i = 0; i < count; i++)
		matches->covers[i].command = matcher->lines[i].command;
	for (size_t i = 0; i < count; i++)
		cover_by_words(matcher, i, by);
	for (size_t i = 0; i < count; i++)
		cover_by_parent(matcher, i, by);
	cover_wrappers(matcher, flags, flags + count);
	return true;
}

static int compare_effects(const void *a, const void *b)
{
	uintptr_t left = (uintptr_t)((const struct rules_cover *)a)->effect;
	uintptr_t right = (uintptr_t)((const struct rules_cover *)b)->effect;

	return left < right ? -1 : left > right;
}

static int compare_covers(const void *a, const void *b)
{
	uintptr_t left = (uintptr_t)((const struct rules_cover *)a)->command;
	uintptr_t right = (uintptr_t)((const struct rules_cover *)b)->command;

	return left < right ? -1 : left > right;
}

static const struct policy_rule *find_cover_of_effect(struct matcher *matcher,
                                                      const struct effect *effect,
                                                      const struct rules_path *path)
{
	const struct rules_context *context = matcher->context;
	const struct policy_rule *kept = NULL;

	for (size_t i = 0; i < context->policy->rule_count; i++) {
		const struct policy_rule *rule = &context->policy->rules[i];
		bool covers = false;

		if (rule->rule.action != RULE_ALLOW || !rule_counts(context, rule))
			continue;
		if (rule->rule.kind == RULE_PATH && rules_is_path(effect->target))
			covers = rules_path_covers(context, rule, effect, path);
		else if (rule->rule.kind == RULE_DOMAIN && !effect->command)
			covers = effect->kind == EFFECT_CONNECT &&
			         effect->certainty == CERTAINTY_KNOWN &&
			         rules_tool_matches(rule->rule.tool, context->action->tool) &&
			         rules_domain_matches(rule->rule.pattern, effect->target);
		if (covers)
			keep_stronger(&kept, rule);
	}
	return kept;
}

static bool cover_effects(struct matcher *matcher)
{
	static const struct rules_path none;
	struct rules_matches *matches = matcher->matches;
	size_t count = 0, at = 0;

	for (const struct effect *effect = matcher->context->effects->first; effect;
	     effect = effect->next)
		count++;
	matches->effects = arena_array(matcher->arena, struct rules_cover, count);
	if (!matches->effects)
		return false;
	for (const struct effect *effect = matcher->context->effects->first; effect;
	     effect = effect->next, at++) {
		const struct policy_rule *rule = find_cover_of_effect(
			matcher, effect, matcher->paths ? &matcher->paths[at] : &none);

		if (rule)
			matches->effects[matches->effect_count++] = (struct rules_cover){
				.effect = effect, .rule = rule
			};
	}
	if (matches->effect_count > 1)
		qsort(matches->effects, matches->effect_count, sizeof(matches->effects[0]),
		      compare_effects);
	return true;
}

static void cover_tool(struct matcher *matcher)
{
	const struct rules_context *context = matcher->context;

	for (size_t i = 0; i < context->policy->rule_count; i++) {
		const struct policy_rule *rule = &context->policy->rules[i];
		bool covers = false;

		if (rule->rule.action != RULE_ALLOW || !rule_counts(context, rule))
			continue;
		if (rule->rule.kind == RULE_TOOL)
			covers = rules_tool_matches(rule->rule.tool, context->action->tool);
		else if (rule->rule.kind == RULE_PARAMETER)
			covers = rules_parameter_matches(context, &rule->rule);
		if (covers && !context->effects->not_understood)
			keep_stronger(&matcher->matches->tool, rule);
	}
}

static bool cover_all(struct matcher *matcher)
{
	const struct policy *policy = matcher->context->policy;
	bool commands = false, effects = false;

	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = &policy->rules[i].rule;

		if (rule->action != RULE_ALLOW)
			continue;
		commands = commands || rule->kind == RULE_COMMAND;
		effects = effects || rule->kind == RULE_PATH || rule->kind == RULE_DOMAIN;
	}
	cover_tool(matcher);
	/* Patterns for commands speak of the shell; a server's tool that takes a command is not it. */
	return (!commands || !span_equal_nocase(matcher->context->action->tool, SPAN("Bash")) ||
	        cover_commands(matcher)) &&
	       (!effects || cover_effects(matcher));
}

bool rules_match(const struct rules_context *context, struct arena *arena,
                 struct rules_matches *matches)
{
	struct matcher matcher = { .context = context, .arena = arena, .matches = matches };

	*matches = (struct rules_matches){ 0 };
	matcher.last_deny = &matches->deny;
	matcher.last_ask = &matches->ask;
	if (context->policy->rule_count == 0)
		return true;
	return make_patterns(&matcher) && make_paths(&matcher) && meet_all(&matcher, true) &&
	       meet_all(&matcher, false) && cover_all(&matcher);
}

/* ---- answers ---- */

static const struct rules_cover *find_cover(const struct rules_matches *matches,
                                            const struct effect_command *command)
{
	struct rules_cover key = { .command = command };

	if (!command || matches->cover_count == 0)
		return NULL;
	return bsearch(&key, matches->covers, matches->cover_count, sizeof(key), compare_covers);
}

const struct policy_rule *rules_covering_command(const struct rules_matches *matches,
                                                 const struct effect_command *command)
{
	const struct rules_cover *cover = find_cover(matches, command);

	return cover && cover->rule ? cover->rule : matches->tool;
}

const struct policy_rule *rules_covering_itself(const struct rules_matches *matches,
                                                const struct effect *effect)
{
	struct rules_cover key = { .effect = effect };
	const struct rules_cover *cover = NULL;

	if (matches->effect_count > 0)
		cover = bsearch(&key, matches->effects, matches->effect_count, sizeof(key),
		                compare_effects);
	return cover ? cover->rule : NULL;
}

const struct policy_rule *rules_covering(const struct rules_matches *matches,
                                         const struct effect *effect)
{
	const struct policy_rule *itself = rules_covering_itself(matches, effect);
	const struct rules_cover *cover;

	if (itself)
		return itself;
	if ((effect->flags & EFFECT_REDIRECT) && effect->kind != EFFECT_READ &&
	    effect->facts.place != PLACE_SINK)
		return NULL;
	cover = find_cover(matches, effect->command);
	if (!cover || !cover->rule)
		return matches->tool;
	/* timeout, nice: only passing on is covered, not a file that they write themselves. */
	if (cover->inherited && effect->kind != EFFECT_RUN && effect->kind != EFFECT_OUTPUT &&
	    effect->kind != EFFECT_READ && effect->kind != EFFECT_LIST)
		return matches->tool;
	return cover->rule;
}
