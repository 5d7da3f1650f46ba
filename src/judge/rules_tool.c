/*
 * Rules about tools as a whole: their names and families, one parameter of a call, and what the policy
 * restricts whatever allows it.
 */
#include "base/glob.h"
#include "judge/rules_private.h"

static bool is_any(struct span tool, const struct span *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_nocase(tool, names[i]))
			return true;
	return false;
}

/* A file rule speaks of all tools that do the same; Task is what Agent was called. */
static bool same_family(struct span rule, struct span tool)
{
	static const struct span editing[] = { SPAN_INIT("Edit"), SPAN_INIT("Write"),
		                               SPAN_INIT("MultiEdit"), SPAN_INIT("NotebookEdit") };
	static const struct span reading[] = { SPAN_INIT("Read"), SPAN_INIT("Grep"),
		                               SPAN_INIT("Glob"), SPAN_INIT("LS"),
		                               SPAN_INIT("NotebookRead") };
	static const struct span agents[] = { SPAN_INIT("Agent"), SPAN_INIT("Task") };

	return (span_equal_nocase(rule, SPAN("Edit")) && is_any(tool, editing, 4)) ||
	       (span_equal_nocase(rule, SPAN("Read")) && is_any(tool, reading, 5)) ||
	       (is_any(rule, agents, 2) && is_any(tool, agents, 2));
}

/* Reading 6: names of tools in any case; "mcp__server" is every tool of that server. */
bool rules_tool_matches(struct span rule, struct span tool)
{
	if (same_family(rule, tool) || glob_text(rule, tool, GLOB_CASE_FOLD))
		return true;
	return rule.len > 5 && span_equal_nocase(span_slice(rule, 0, 5), SPAN("mcp__")) &&
	       !span_find(span_from(rule, 5), SPAN("__"), NULL) &&
	       !span_find_byte(rule, '*', NULL) && tool.len > rule.len + 2 &&
	       span_equal_nocase(span_slice(tool, 0, rule.len), rule) &&
	       span_equal(span_slice(tool, rule.len, rule.len + 2), SPAN("__"));
}

/* Tool(name:glob): a member that is not there, or no scalar, matches nothing. */
bool rules_parameter_matches(const struct rules_context *context, const struct rule *rule)
{
	const struct json_value *value = json_get(context->action->input, rule->parameter);
	struct span text;

	if (!value || !rules_tool_matches(rule->tool, context->action->tool))
		return false;
	switch (value->kind) {
	case JSON_STRING:
	case JSON_NUMBER:
		text = value->text;
		break;
	case JSON_TRUE:
		text = SPAN("true");
		break;
	case JSON_FALSE:
		text = SPAN("false");
		break;
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
	default:
		return false;
	}
	return glob_text(rule->pattern, text, GLOB_CASE_SENSITIVE);
}

bool rules_is_path(struct span target)
{
	return target.len > 0 && target.ptr[0] == '/';
}

/* ---- security.requireApproval and security.allowedPaths ---- */

static bool word_speaks_of(struct span word, const struct effect *effect)
{
	static const struct {
		struct span word;
		enum effect_kind kinds[8];
	} words[] = {
		{ SPAN_INIT("file_read"), { EFFECT_READ } },
		{ SPAN_INIT("file_write"),
		  { EFFECT_WRITE, EFFECT_MOVE, EFFECT_MODE, EFFECT_OWNER, EFFECT_LINK,
		    EFFECT_DEVICE } },
		{ SPAN_INIT("file_delete"), { EFFECT_DELETE, EFFECT_DEVICE } },
		{ SPAN_INIT("command"),
		  { EFFECT_RUN, EFFECT_CODE, EFFECT_PROJECT, EFFECT_REMOTE } },
		{ SPAN_INIT("network"),
		  { EFFECT_CONNECT, EFFECT_LISTEN, EFFECT_UPLOAD, EFFECT_PUBLISH } },
	};

	for (size_t i = 0; effect && i < sizeof(words) / sizeof(words[0]); i++)
		for (size_t k = 0; span_equal_nocase(word, words[i].word) && k < 8; k++)
			if (words[i].kinds[k] != EFFECT_UNKNOWN &&
			    words[i].kinds[k] == effect->kind)
				return true;
	return false;
}

const struct policy_item *rules_requires_approval(const struct rules_context *context,
                                                  const struct effect *effect)
{
	const struct policy_value *value = &context->policy->values[POLICY_REQUIRE_APPROVAL];

	for (size_t i = 0; i < value->count; i++)
		if (rules_tool_matches(value->items[i].text, context->action->tool) ||
		    word_speaks_of(value->items[i].text, effect))
			return &value->items[i];
	return NULL;
}

const struct policy_item *rules_outside_allowed(const struct rules_context *context,
                                                const struct effect *effect)
{
	const struct policy_value *value = &context->policy->values[POLICY_ALLOWED_PATHS];

	if (!rules_is_path(effect->target) || effect->facts.place == PLACE_SINK)
		return NULL;
	for (size_t i = 0; i < value->count;) {
		size_t group = i;
		bool inside = false;

		for (; i < value->count && value->items[i].group == value->items[group].group;
		     i++) {
			struct policy_rule rule = { .source = value->items[i].source };

			rule_read_path(value->items[i].text, RULE_ALLOW, &rule.rule);
			inside = inside ||
			         (rule.rule.kind == RULE_PATH &&
			          rules_path_matches(context, &rule, effect->target, REACH_BELOW));
		}
		if (!inside)
			return &value->items[group];
	}
	return NULL;
}
