/*
 * Layers to one policy, by the strictest.
 *
 * Every kind of key has one way of settling, and each is monotone: a statement of a managed file or
 * of the project can make the result stricter and nothing else.  Among the user's own layers the
 * nearest speaks for all: command line, then environment, then settings.json.
 */
#include "base/hash.h"
#include "policy/private.h"

#include <math.h>

/* A policy nested deeper than this is none. */
static const struct json_limits policy_json_limits = { .source_bytes = 1 << 20, .depth = 16 };

/* What stands where nobody says anything; orders count from the strictest. */
static unsigned default_order(enum policy_key key)
{
	if (key == POLICY_PERMISSION_MODE)
		return 2 * POLICY_MODE_ASK + 1;
	return key == POLICY_DISABLE_WEB_ACCESS || key == POLICY_MANAGED_RULES_ONLY ||
	                       key == POLICY_SANDBOX_NETWORK
	               ? 1
	               : 0;
}

void policy_default(struct policy *policy)
{
	*policy = (struct policy){ .mode = POLICY_MODE_ASK };
	for (enum policy_key key = 0; key < POLICY_KEYS; key++) {
		struct policy_value *value = &policy->values[key];

		value->number = HUGE_VAL;
		value->source = (struct policy_source){ .file = SPAN("built-in") };
		for (size_t i = 0; i < policy_row_count; i++) {
			const struct policy_row *row = &policy_rows[i];

			if (row->key != key)
				continue;
			if (row->kind == KIND_BOOL)
				value->truth = (default_order(key) == 0) == row->strict;
			if (row->kind == KIND_ENUM)
				value->text = span_of(row->words[default_order(key)]);
			if (row->kind == KIND_MODE)
				value->text = policy_mode_name(POLICY_MODE_ASK);
		}
	}
}

bool policy_add_rule(struct policy *policy, const struct policy_rule *rule, struct arena *arena)
{
	/* Room is doubled, and its size is the next power of two: no field is needed for it. */
	size_t room = 8, count = policy->rule_count;

	while (room < count)
		room *= 2;
	if (count == 0 || count == room) {
		struct policy_rule *rules = arena_array(arena, struct policy_rule,
		                                        count == 0 ? room : room * 2);

		if (!rules)
			return false;
		for (size_t i = 0; i < count; i++)
			rules[i] = policy->rules[i];
		policy->rules = rules;
	}
	policy->rules[policy->rule_count++] = *rule;
	return true;
}

static bool is_scalar(const struct policy_row *row)
{
	return row->kind == KIND_TEXT || row->kind == KIND_MODE || row->kind == KIND_ENUM ||
	       row->kind == KIND_BOOL || row->kind == KIND_NUMBER;
}

static unsigned order_of(const struct policy_statement *statement)
{
	if (statement->row->kind == KIND_BOOL)
		return statement->truth == statement->row->strict ? 0 : 1;
	/* Safe is stricter than the mode it goes with, looser than the next. */
	if (statement->row->kind == KIND_MODE)
		return 2 * statement->order + (statement->safe ? 0 : 1);
	return statement->order;
}

/* Whether `a` is stricter than `b`; texts have no order. */
static bool stricter(const struct policy_statement *a, const struct policy_statement *b)
{
	if (a->row->kind == KIND_NUMBER)
		return a->number < b->number;
	return order_of(a) < order_of(b);
}

/* Everything that was said about a key, as items, in order of reading. */
static bool list_items(struct policy_builder *builder, enum policy_key key,
                       struct policy_value *value)
{
	size_t count = 0;

	for (const struct policy_statement *at = builder->first; at; at = at->next)
		count += at->row->key == key;
	if (count == 0)
		return true;
	value->items = arena_array(builder->arena, struct policy_item, count);
	if (!value->items)
		return policy_no_memory(builder);
	for (const struct policy_statement *at = builder->first; at; at = at->next) {
		bool managed = policy_layer_managed(at->source.layer);

		if (at->row->key != key)
			continue;
		if (!is_scalar(at->row)) {
			value->locked = value->locked || managed;
			if (!value->set)
				value->source = at->source;
			value->set = true;
		}
		value->items[value->count++] = (struct policy_item){
			.text = at->text,
			.source = at->source,
			.number = at->number,
			.locked = at->row->lock || (managed && !is_scalar(at->row)),
			.group = at->group,
		};
	}
	return true;
}

/* The user's own layer that is nearest and says something about `key`. */
static enum policy_layer nearest_layer(const struct policy_builder *builder, enum policy_key key)
{
	enum policy_layer nearest = POLICY_BUILT_IN;

	for (const struct policy_statement *at = builder->first; at; at = at->next)
		if (at->row->key == key && policy_layer_from(at->source.layer) == FROM_USER &&
		    at->source.layer > nearest)
			nearest = at->source.layer;
	return nearest;
}

/* The statements that count, one for each kind of layer: the strictest of them. */
struct sides {
	const struct policy_statement *managed, *project, *own;
	enum policy_layer nearest;
	bool safe;
};

static struct sides find_sides(const struct policy_builder *builder, enum policy_key key)
{
	struct sides sides = { .nearest = nearest_layer(builder, key) };

	for (const struct policy_statement *at = builder->first; at; at = at->next) {
		const struct policy_statement **side = &sides.own;

		if (at->row->key != key)
			continue;
		if (policy_layer_managed(at->source.layer))
			side = &sides.managed;
		else if (at->source.layer == POLICY_PROJECT)
			side = &sides.project;
		else if (at->source.layer != sides.nearest)
			continue;
		if (!*side || stricter(at, *side))
			*side = at;
		sides.safe = sides.safe || at->safe;
	}
	return sides;
}

/* Why a statement that is looser than the result has none; NULL where that needs no word. */
static const char *why_without_effect(const struct policy_statement *at, const struct sides *sides,
                                      const struct policy_statement *result)
{
	if (sides->managed && stricter(sides->managed, at))
		return "a managed value is stricter: without effect";
	if (at->source.layer == sides->nearest && result && result == sides->project &&
	    stricter(result, at))
		return "the project asks for a stricter value: without effect";
	if (at->source.layer == POLICY_PROJECT && at->row->kind != KIND_NUMBER &&
	    order_of(at) > default_order(at->row->key))
		return "a repository can only tighten: without effect";
	return NULL;
}

static bool note_looser(struct policy_builder *builder, enum policy_key key,
                        const struct sides *sides, const struct policy_statement *result)
{
	for (const struct policy_statement *at = builder->first; at; at = at->next) {
		bool own = policy_layer_from(at->source.layer) == FROM_USER;
		bool violation = sides->managed && stricter(sides->managed, at);
		const char *what;

		if (at->row->key != key || policy_layer_managed(at->source.layer) ||
		    (own && at->source.layer != sides->nearest))
			continue;
		what = why_without_effect(at, sides, result);
		if (what && !policy_note(builder, violation ? POLICY_VIOLATION : POLICY_WARNING, at,
		                         violation ? &sides->managed->source : NULL, what))
			return false;
	}
	return true;
}

/* Modes, words and truths: the strictest of managed, project and own. */
static bool settle_ordered(struct policy_builder *builder, enum policy_key key,
                           struct policy_value *value)
{
	struct sides sides = find_sides(builder, key);
	const struct policy_statement *result = sides.managed;

	if (sides.own && (!result || stricter(sides.own, result)))
		result = sides.own;
	/* Where nobody else speaks, a project tightens what is built in. */
	if (sides.project &&
	    order_of(sides.project) < (result ? order_of(result) : default_order(key)))
		result = sides.project;
	if (result) {
		value->set = true;
		value->source = result->source;
		value->text = result->text;
		value->truth = result->truth;
	}
	value->locked = sides.managed != NULL;
	if (key == POLICY_PERMISSION_MODE) {
		if (result)
			builder->policy->mode = (enum policy_mode)result->order;
		builder->policy->safe = sides.safe;
		value->text = sides.safe && builder->policy->mode != POLICY_MODE_PLAN
		                      ? SPAN("safe")
		                      : policy_mode_name(builder->policy->mode);
	}
	return note_looser(builder, key, &sides, result);
}

static bool settle_number(struct policy_builder *builder, enum policy_key key,
                          struct policy_value *value)
{
	struct sides sides = find_sides(builder, key);
	const struct policy_statement *result = sides.managed;

	if (sides.project && (!result || stricter(sides.project, result)))
		result = sides.project;
	if (sides.own && (!result || stricter(sides.own, result)))
		result = sides.own;
	value->locked = sides.managed != NULL;
	if (result) {
		value->set = true;
		value->source = result->source;
		value->number = result->number;
	}
	return note_looser(builder, key, &sides, result);
}

static bool same_text(enum policy_key key, struct span a, struct span b)
{
	return key == POLICY_MODEL ? span_equal_nocase(a, b) : span_equal(a, b);
}

/* Two managed files that lock one key to different values: no file is right, so neither is used. */
static bool check_locks(struct policy_builder *builder, enum policy_key key)
{
	const struct policy_statement *lock = NULL;

	for (const struct policy_statement *at = builder->first; at; at = at->next) {
		if (at->row->key != key || !at->row->lock || at->row->kind == KIND_NUMBER)
			continue;
		if (!lock)
			lock = at;
		if (same_text(key, at->text, lock->text))
			continue;
		*builder->fault = (struct policy_fault){ .at = at->source,
			                                 .other = lock->source,
			                                 .detail = at->row->name };
		return problem_set(&builder->fault->problem, PROBLEM_REFUSED, 0,
		                   "two files lock this to different values");
	}
	return true;
}

/* Texts without a lock: command line, environment, project, user, managed default. */
static unsigned nearness(enum policy_layer layer)
{
	if (policy_layer_managed(layer))
		return 1;
	if (layer == POLICY_PROJECT || layer == POLICY_USER)
		return layer == POLICY_USER ? 2 : 3;
	return layer == POLICY_ENVIRONMENT ? 4 : 5;
}

static bool settle_text(struct policy_builder *builder, enum policy_key key,
                        struct policy_value *value)
{
	const struct policy_statement *lock = NULL, *result = NULL;

	for (const struct policy_statement *at = builder->first; at; at = at->next) {
		if (at->row->key != key)
			continue;
		if (at->row->lock && !lock)
			lock = at;
		if (!result || nearness(at->source.layer) > nearness(result->source.layer))
			result = at;
	}
	if (lock)
		result = lock;
	if (!result)
		return true;
	value->set = true;
	value->locked = lock != NULL;
	value->source = result->source;
	value->text = result->text;
	for (const struct policy_statement *at = builder->first; lock && at; at = at->next)
		if (at->row->key == key && !policy_layer_managed(at->source.layer) &&
		    !same_text(key, at->text, lock->text) &&
		    !policy_note(builder, POLICY_VIOLATION, at, &lock->source,
		                 "this is locked: without effect"))
			return false;
	return true;
}

static bool settle_key(struct policy_builder *builder, enum policy_key key)
{
	struct policy_value *value = &builder->policy->values[key];
	const struct policy_row *row = NULL;

	for (const struct policy_statement *at = builder->first; at && !row; at = at->next)
		if (at->row->key == key)
			row = at->row;
	if (!row)
		return true;
	if (!list_items(builder, key, value) || !check_locks(builder, key))
		return false;
	switch (row->kind) {
	case KIND_TEXT:
		return settle_text(builder, key, value);
	case KIND_NUMBER:
		return settle_number(builder, key, value);
	case KIND_MODE:
	case KIND_ENUM:
	case KIND_BOOL:
		return settle_ordered(builder, key, value);
	case KIND_ALLOW_LIST:
	case KIND_DENY_LIST:
	case KIND_IGNORED:
	case KIND_RULES:
	case KIND_RULE_LIST:
	case KIND_SERVERS:
		break;
	}
	return true;
}

bool policy_settle(struct policy_builder *builder)
{
	for (unsigned key = 0; key < POLICY_KEYS; key++)
		if (!settle_key(builder, (enum policy_key)key))
			return false;
	return true;
}

static bool derive(struct policy_builder *builder, const struct policy_item *item,
                   const char *const around[2], enum rule_action action)
{
	struct policy_rule rule = { .source = item->source };
	struct span before = span_of(around[0]), behind = span_of(around[1]);
	size_t length = before.len + item->text.len + behind.len;
	char *bytes = arena_alloc(builder->arena, length + 1, 1);
	struct problem problem;

	if (!bytes)
		return policy_no_memory(builder);
	for (size_t i = 0; i < length; i++) {
		if (i < before.len)
			bytes[i] = before.ptr[i];
		else if (i < before.len + item->text.len)
			bytes[i] = item->text.ptr[i - before.len];
		else
			bytes[i] = behind.ptr[i - before.len - item->text.len];
	}
	if (!rule_read((struct span){ bytes, length }, action, &rule.rule, &problem)) {
		*builder->fault = (struct policy_fault){ .at = item->source, .detail = item->text };
		return problem_set(&builder->fault->problem, problem.kind, 0, problem.what);
	}
	return policy_put_rule(builder, &rule, item->text);
}

static bool derive_all(struct policy_builder *builder, enum policy_key key,
                       const char *const around[2], enum rule_action action)
{
	const struct policy_value *value = &builder->policy->values[key];

	for (size_t i = 0; i < value->count; i++)
		if (!derive(builder, &value->items[i], around, action))
			return false;
	return true;
}

/* security.restrictedPaths: not written at all, read only when asked (readings 43 and KO-039). */
static bool derive_restricted(struct policy_builder *builder)
{
	static const char *const write_absolute[] = { "Edit(/", ")" }, *const read_absolute[] = {
		"Read(/", ")"
	};
	static const char *const write_other[] = { "Edit(", ")" }, *const read_other[] = { "Read(",
		                                                                           ")" };
	const struct policy_value *value = &builder->policy->values[POLICY_RESTRICTED_PATHS];

	for (size_t i = 0; i < value->count; i++) {
		bool absolute = span_starts(value->items[i].text, SPAN("/")) &&
		                !span_starts(value->items[i].text, SPAN("//"));

		if (!derive(builder, &value->items[i], absolute ? write_absolute : write_other,
		            RULE_DENY) ||
		    !derive(builder, &value->items[i], absolute ? read_absolute : read_other,
		            RULE_ASK))
			return false;
	}
	return true;
}

bool policy_derive_rules(struct policy_builder *builder)
{
	static const char *const bare[] = { "", "" }, *const command[] = { "Bash(", ")" };

	return derive_all(builder, POLICY_DISALLOWED_TOOLS, bare, RULE_DENY) &&
	       derive_all(builder, POLICY_AUTO_APPROVE_TOOLS, bare, RULE_ALLOW) &&
	       derive_all(builder, POLICY_ALLOWED_COMMANDS, command, RULE_ALLOW) &&
	       derive_restricted(builder);
}

static void digest_add(struct sha256 *hash, enum policy_layer layer, struct span name,
                       struct span bytes)
{
	unsigned char head[17] = { (unsigned char)layer };

	for (unsigned i = 0; i < 8; i++) {
		head[1 + i] = (unsigned char)((uint64_t)name.len >> (8 * i));
		head[9 + i] = (unsigned char)((uint64_t)bytes.len >> (8 * i));
	}
	sha256_add(hash, (struct span){ (const char *)head, sizeof(head) });
	sha256_add(hash, name);
	sha256_add(hash, bytes);
}

static bool read_file(struct policy_builder *builder, const struct policy_file *file)
{
	struct json_value *value;
	struct problem problem;

	builder->bytes = file->bytes;
	builder->place = (struct policy_source){ .layer = file->layer, .file = file->path };
	builder->group++;
	builder->policy->managed = builder->policy->managed || policy_layer_managed(file->layer);
	if (!json_parse(file->bytes, &policy_json_limits, builder->arena, &value, &problem))
		return policy_refuse(builder, problem.kind, problem.offset, problem.what, SPAN(""));
	return policy_read_object(builder, value);
}

static bool read_layers(struct policy_builder *builder, const struct policy_input *input)
{
	struct sha256 hash;

	sha256_init(&hash);
	for (unsigned layer = POLICY_SYSTEM; layer < POLICY_ENVIRONMENT; layer++)
		for (const struct policy_file *file = input->files; file; file = file->next) {
			if (file->layer != layer)
				continue;
			digest_add(&hash, file->layer, file->path, file->bytes);
			if (!read_file(builder, file))
				return false;
		}
	builder->group++;
	for (const struct policy_override *at = input->overrides; at; at = at->next) {
		digest_add(&hash, at->layer, at->key, at->value);
		if (!policy_read_override(builder, at))
			return false;
	}
	sha256_end(&hash, builder->policy->digest);
	if (!input->permissions)
		return true;
	builder->bytes = (struct span){ NULL, 0 };
	builder->place = (struct policy_source){ .layer = POLICY_COMMAND_LINE,
		                                 .file = input->permissions_from };
	return policy_read_permissions(builder, input->permissions);
}

bool policy_merge(const struct policy_input *input, struct arena *arena, struct policy *policy,
                  struct policy_fault *fault)
{
	struct policy_builder builder = { .arena = arena, .policy = policy, .fault = fault };

	*fault = (struct policy_fault){ 0 };
	policy_default(policy);
	builder.last = &builder.first;
	builder.last_note = &policy->notes;
	return read_layers(&builder, input) && policy_settle(&builder) &&
	       policy_derive_rules(&builder);
}
