/* A merged policy as JSON: what is in force, and where each word of it comes from. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/private.h"
#include "policy/show.h"

static void put_name(struct outbuf *out, const char *name, bool first)
{
	if (!first)
		outbuf_put_byte(out, ',');
	outbuf_put_json(out, span_of(name));
	outbuf_put_byte(out, ':');
}

static void put_source(struct outbuf *out, const struct policy_source *source)
{
	put_name(out, "layer", true);
	outbuf_put_json(out, policy_layer_name(source->layer));
	put_name(out, "file", false);
	outbuf_put_json(out, source->file);
	put_name(out, "line", false);
	outbuf_put_u64(out, source->line);
	put_name(out, "column", false);
	outbuf_put_u64(out, source->column);
}

void policy_put_number(struct outbuf *out, double number)
{
	char text[32];
	int len = snprintf(text, sizeof text, "%.17g", number);

	/* The shortest form that reads back as the same number. */
	for (int digits = 1; digits < 17; digits++) {
		char shorter[32];

		(void)snprintf(shorter, sizeof shorter, "%.*g", digits, number);
		double back = strtod(shorter, NULL);

		if (!(back < number) && !(back > number)) {
			outbuf_put(out, span_of(shorter));
			return;
		}
	}
	outbuf_put(out, (struct span){ text, (size_t)(len > 0 ? len : 0) });
}

enum policy_shape policy_key_shape(enum policy_key key)
{
	for (size_t i = 0; i < policy_row_count; i++) {
		if (policy_rows[i].key != key)
			continue;
		switch (policy_rows[i].kind) {
		case KIND_BOOL:
			return POLICY_SHAPE_TRUTH;
		case KIND_NUMBER:
			return POLICY_SHAPE_NUMBER;
		case KIND_ALLOW_LIST:
		case KIND_DENY_LIST:
			return POLICY_SHAPE_LIST;
		case KIND_TEXT:
		case KIND_MODE:
		case KIND_ENUM:
		case KIND_IGNORED:
		case KIND_RULES:
		case KIND_RULE_LIST:
		case KIND_SERVERS:
			break;
		}
	}
	return POLICY_SHAPE_TEXT;
}

static void put_items(struct outbuf *out, const struct policy_value *value, enum policy_shape shape)
{
	for (size_t i = 0; i < value->count; i++) {
		const struct policy_item *item = &value->items[i];

		outbuf_put(out, i > 0 ? SPAN(",{") : SPAN("{"));
		put_source(out, &item->source);
		put_name(out, "locked", false);
		outbuf_put(out, item->locked ? SPAN("true") : SPAN("false"));
		if (shape == POLICY_SHAPE_NUMBER) {
			put_name(out, "value", false);
			policy_put_number(out, item->number);
		} else if (item->text.len > 0) {
			put_name(out, "value", false);
			outbuf_put_json(out, item->text);
		}
		outbuf_put_byte(out, '}');
	}
}

static void put_value(struct outbuf *out, const struct policy_value *value, enum policy_shape shape)
{
	switch (shape) {
	case POLICY_SHAPE_TRUTH:
		outbuf_put(out, value->truth ? SPAN("true") : SPAN("false"));
		break;
	case POLICY_SHAPE_NUMBER:
		if (isinf(value->number))
			outbuf_put(out, SPAN("null"));
		else
			policy_put_number(out, value->number);
		break;
	case POLICY_SHAPE_LIST:
		outbuf_put_byte(out, '[');
		for (size_t i = 0; i < value->count; i++) {
			if (i > 0)
				outbuf_put_byte(out, ',');
			outbuf_put_json(out, value->items[i].text);
		}
		outbuf_put_byte(out, ']');
		break;
	case POLICY_SHAPE_TEXT:
		if (value->text.len > 0)
			outbuf_put_json(out, value->text);
		else
			outbuf_put(out, SPAN("null"));
		break;
	}
}

void policy_put_value(struct outbuf *out, const struct policy *policy, enum policy_key key)
{
	const struct policy_value *value = &policy->values[key];

	if (policy_key_shape(key) == POLICY_SHAPE_TEXT)
		outbuf_put_visible(out, value->text, false);
	else
		put_value(out, value, policy_key_shape(key));
}

void policy_put_key(struct outbuf *out, const struct policy *policy, enum policy_key key)
{
	const struct policy_value *value = &policy->values[key];
	enum policy_shape shape = policy_key_shape(key);

	outbuf_put_byte(out, '{');
	put_name(out, "key", true);
	outbuf_put_json(out, policy_key_name(key));
	put_name(out, "value", false);
	put_value(out, value, shape);
	put_name(out, "locked", false);
	outbuf_put(out, value->locked ? SPAN("true") : SPAN("false"));
	put_name(out, "source", false);
	outbuf_put_byte(out, '{');
	put_source(out, &value->source);
	outbuf_put(out, SPAN("}"));
	put_name(out, "statements", false);
	outbuf_put_byte(out, '[');
	put_items(out, value, shape);
	outbuf_put(out, SPAN("]}"));
}

static void put_rules(struct outbuf *out, const struct policy *policy)
{
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		outbuf_put(out, i > 0 ? SPAN(",{") : SPAN("{"));
		put_name(out, "action", true);
		outbuf_put_json(out, rule_action_name(rule->rule.action));
		put_name(out, "pattern", false);
		outbuf_put_json(out, rule->rule.text);
		if (rule->rule.why) {
			put_name(out, "neverMatches", false);
			outbuf_put_json(out, span_of(rule->rule.why));
		}
		put_name(out, "source", false);
		outbuf_put_byte(out, '{');
		put_source(out, &rule->source);
		outbuf_put(out, SPAN("}}"));
	}
}

static void put_notes(struct outbuf *out, const struct policy *policy)
{
	for (const struct policy_note *note = policy->notes; note; note = note->next) {
		outbuf_put(out, note == policy->notes ? SPAN("{") : SPAN(",{"));
		put_name(out, "kind", true);
		outbuf_put_json(out, note->kind == POLICY_VIOLATION ? SPAN("violation")
		                                                    : SPAN("warning"));
		put_name(out, "key", false);
		outbuf_put_json(out, note->key);
		put_name(out, "message", false);
		outbuf_put_json(out, span_of(note->what));
		put_name(out, "source", false);
		outbuf_put_byte(out, '{');
		put_source(out, &note->source);
		outbuf_put(out, SPAN("}}"));
	}
}

void policy_put_json(struct outbuf *out, const struct policy *policy)
{
	outbuf_put_byte(out, '{');
	put_name(out, "managed", true);
	outbuf_put(out, policy->managed ? SPAN("true") : SPAN("false"));
	put_name(out, "safe", false);
	outbuf_put(out, policy->safe ? SPAN("true") : SPAN("false"));
	put_name(out, "digest", false);
	outbuf_put_byte(out, '"');
	outbuf_put_hex(out, (struct span){ (const char *)policy->digest, sizeof(policy->digest) });
	outbuf_put_byte(out, '"');
	put_name(out, "values", false);
	outbuf_put_byte(out, '[');
	for (enum policy_key key = 0; key < POLICY_KEYS; key++) {
		if (key > 0)
			outbuf_put_byte(out, ',');
		policy_put_key(out, policy, key);
	}
	outbuf_put_byte(out, ']');
	put_name(out, "rules", false);
	outbuf_put_byte(out, '[');
	put_rules(out, policy);
	outbuf_put_byte(out, ']');
	put_name(out, "notes", false);
	outbuf_put_byte(out, '[');
	put_notes(out, policy);
	outbuf_put(out, SPAN("]}"));
}

bool policy_key_find(struct span name, enum policy_key *key)
{
	const struct policy_row *row = policy_row_find(name);

	if (!row || row->key == POLICY_KEYS)
		return false;
	*key = row->key;
	return true;
}

bool policy_key_known(struct span name)
{
	return policy_row_find(name) != NULL;
}
