/*
 * One layer's JSON to statements, rules and servers.
 *
 * Walks the object by the table of keys.  What a layer may not say is a note (a person is told, and
 * it has no effect); what is malformed is a refusal with its place.
 */
#include "policy/private.h"

struct policy_source policy_source_at(const struct policy_builder *builder, size_t offset)
{
	struct policy_source source = builder->place;

	if (builder->bytes.ptr) {
		struct problem_place place = problem_place(builder->bytes, offset);

		source.line = place.line;
		source.column = place.column;
	}
	return source;
}

bool policy_refuse(struct policy_builder *builder, enum problem_kind kind, size_t offset,
                   const char *what, struct span detail)
{
	*builder->fault = (struct policy_fault){ .at = policy_source_at(builder, offset),
		                                 .detail = detail };
	return problem_set(&builder->fault->problem, kind, offset, what);
}

bool policy_no_memory(struct policy_builder *builder)
{
	return policy_refuse(builder, PROBLEM_MEMORY, 0, "out of memory", SPAN(""));
}

bool policy_warn(struct policy_builder *builder, enum policy_note_kind kind,
                 const struct policy_source *source, struct span key, const char *what)
{
	struct policy_note *note = arena_new(builder->arena, struct policy_note);

	if (!note)
		return policy_no_memory(builder);
	*note = (struct policy_note){ .kind = kind, .source = *source, .key = key, .what = what };
	*builder->last_note = note;
	builder->last_note = &note->next;
	return true;
}

bool policy_note(struct policy_builder *builder, enum policy_note_kind kind,
                 const struct policy_statement *statement, const struct policy_source *against,
                 const char *what)
{
	struct policy_note **place = builder->last_note;

	if (!policy_warn(builder, kind, &statement->source, statement->row->name, what))
		return false;
	if (against)
		(*place)->against = *against;
	return true;
}

bool policy_put_rule(struct policy_builder *builder, const struct policy_rule *rule,
                     struct span key)
{
	if (rule->rule.kind == RULE_NEVER &&
	    !policy_warn(builder, POLICY_WARNING, &rule->source, key, rule->rule.why))
		return false;
	return policy_add_rule(builder->policy, rule, builder->arena) || policy_no_memory(builder);
}

static struct policy_statement *state(struct policy_builder *builder, const struct policy_row *row,
                                      size_t offset)
{
	struct policy_statement *statement = arena_new(builder->arena, struct policy_statement);

	if (!statement) {
		(void)policy_no_memory(builder);
		return NULL;
	}
	statement->row = row;
	statement->source = policy_source_at(builder, offset);
	statement->group = builder->group;
	*builder->last = statement;
	builder->last = &statement->next;
	return statement;
}

/* "safe" is the default mode with nothing approved by itself; agents' own words are understood. */
static bool read_mode(struct span word, unsigned *order, bool *safe)
{
	static const struct {
		struct span word;
		enum policy_mode mode;
		bool safe;
	} modes[] = {
		{ SPAN_INIT("plan"), POLICY_MODE_PLAN, false },
		{ SPAN_INIT("safe"), POLICY_MODE_ASK, true },
		{ SPAN_INIT("ask"), POLICY_MODE_ASK, false },
		{ SPAN_INIT("default"), POLICY_MODE_ASK, false },
		{ SPAN_INIT("acceptEdits"), POLICY_MODE_ACCEPT_EDITS, false },
		{ SPAN_INIT("permissive"), POLICY_MODE_PERMISSIVE, false },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (span_equal(word, modes[i].word)) {
			*order = (unsigned)modes[i].mode;
			*safe = modes[i].safe;
			return true;
		}
	return false;
}

static bool read_word(const char *const *words, struct span word, unsigned *order)
{
	for (unsigned i = 0; words[i]; i++)
		if (span_equal(word, span_of(words[i]))) {
			*order = i;
			return true;
		}
	return false;
}

/* Reading 28: settings say where a key is kept, never the key. */
static bool is_key_reference(struct span text)
{
	return (span_starts(text, SPAN("env:")) && text.len > 4) ||
	       (span_starts(text, SPAN("keyring:")) && text.len > 8) ||
	       (span_starts(text, SPAN("file:/")) && text.len > 6);
}

static bool read_text(struct policy_builder *builder, struct policy_statement *statement,
                      struct span text, size_t offset)
{
	const struct policy_row *row = statement->row;

	statement->text = text;
	if (row->kind == KIND_MODE && !read_mode(text, &statement->order, &statement->safe))
		return policy_refuse(builder, PROBLEM_SYNTAX, offset,
		                     "must be one of plan, safe, ask, acceptEdits, permissive",
		                     row->name);
	if (row->kind == KIND_ENUM && !read_word(row->words, text, &statement->order))
		return policy_refuse(builder, PROBLEM_SYNTAX, offset,
		                     "is none of the words this key knows", row->name);
	if (row->key == POLICY_API_KEY && !is_key_reference(text))
		return policy_refuse(
			builder, PROBLEM_REFUSED, offset,
			"a key itself must not stand in settings: say where it is kept, as "
			"env:NAME, keyring:NAME or file:/PATH",
			row->name);
	return true;
}

static bool read_scalar(struct policy_builder *builder, const struct policy_row *row,
                        const struct json_value *value)
{
	struct policy_statement *statement = state(builder, row, value->start);
	struct span text;

	if (!statement)
		return false;
	switch (row->kind) {
	case KIND_TEXT:
	case KIND_MODE:
	case KIND_ENUM:
		if (!json_string(value, &text) || text.len == 0)
			return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
			                     "must be a string", row->name);
		return read_text(builder, statement, text, value->start);
	case KIND_BOOL:
		if (!json_bool(value, &statement->truth))
			return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
			                     "must be true or false", row->name);
		return true;
	case KIND_NUMBER:
		if (!json_double(value, &statement->number) || statement->number < 0)
			return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
			                     "must be a number that is not below 0", row->name);
		return true;
	case KIND_IGNORED:
	case KIND_ALLOW_LIST:
	case KIND_DENY_LIST:
	case KIND_RULES:
	case KIND_RULE_LIST:
	case KIND_SERVERS:
		break;
	}
	return true;
}

/* Whether an element of a list is one that the key can use. */
static bool check_element(struct policy_builder *builder, const struct policy_row *row,
                          struct span text, size_t offset)
{
	if (row->key == POLICY_ALLOWED_TOOLS && span_find_byte(text, '(', NULL))
		return policy_refuse(builder, PROBLEM_SYNTAX, offset,
		                     "holds names of tools; patterns belong in permissions.allow",
		                     row->name);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return policy_refuse(builder, PROBLEM_SYNTAX, offset,
			                     "holds a text with a control character", row->name);
	return true;
}

static bool read_list(struct policy_builder *builder, const struct policy_row *row,
                      const struct json_value *list)
{
	if (list->kind != JSON_ARRAY)
		return policy_refuse(builder, PROBLEM_SYNTAX, list->start,
		                     "must be a list of strings", row->name);
	for (const struct json_value *value = list->first; value; value = value->next) {
		struct policy_statement *statement;
		struct span text;

		if (!json_string(value, &text) || text.len == 0)
			return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
			                     "must be a list of strings that are not empty",
			                     row->name);
		if (!check_element(builder, row, text, value->start))
			return false;
		statement = state(builder, row, value->start);
		if (!statement)
			return false;
		statement->text = text;
	}
	return true;
}

/* A rule from a settings file; an allow rule counts only from those who may allow. */
static bool read_rule(struct policy_builder *builder, const struct json_value *value,
                      enum rule_action action, struct span key)
{
	struct policy_rule rule = { .source = policy_source_at(builder, value->start) };
	struct problem problem;
	struct span text;

	if (!json_string(value, &text))
		return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
		                     "must be a rule: a string such as \"Bash(npm run *)\"", key);
	if (!rule_read(text, action, &rule.rule, &problem))
		return policy_refuse(builder, problem.kind, value->start, problem.what, text);
	if (action == RULE_ALLOW && builder->place.layer == POLICY_PROJECT)
		return policy_warn(builder, POLICY_WARNING, &rule.source, key,
		                   "a repository cannot allow anything: this rule has no effect");
	return policy_put_rule(builder, &rule, key);
}

static bool read_rule_list(struct policy_builder *builder, const struct json_value *list,
                           enum rule_action action, struct span key)
{
	if (list->kind != JSON_ARRAY)
		return policy_refuse(builder, PROBLEM_SYNTAX, list->start,
		                     "must be a list of rules", key);
	for (const struct json_value *value = list->first; value; value = value->next)
		if (!read_rule(builder, value, action, key))
			return false;
	return true;
}

static bool read_action(struct span word, enum rule_action *action)
{
	static const enum rule_action actions[] = { RULE_DENY, RULE_ASK, RULE_ALLOW };

	for (size_t i = 0; i < 3; i++)
		if (span_equal(word, rule_action_name(actions[i]))) {
			*action = actions[i];
			return true;
		}
	return false;
}

/* permissionRules: [{"pattern": "Bash(rm -rf *)", "action": "deny"}] */
static bool read_rules(struct policy_builder *builder, const struct json_value *list,
                       struct span key)
{
	if (list->kind != JSON_ARRAY)
		return policy_refuse(builder, PROBLEM_SYNTAX, list->start,
		                     "must be a list of objects with pattern and action", key);
	for (const struct json_value *value = list->first; value; value = value->next) {
		const struct json_value *pattern = json_get(value, SPAN("pattern"));
		const struct json_value *word = json_get(value, SPAN("action"));
		enum rule_action action;
		struct span text;

		if (value->kind != JSON_OBJECT || !pattern || !word || value->count != 2)
			return policy_refuse(
				builder, PROBLEM_SYNTAX, value->start,
				"must be objects with pattern and action, and nothing else", key);
		if (!json_string(word, &text) || !read_action(text, &action))
			return policy_refuse(builder, PROBLEM_SYNTAX, word->start,
			                     "an action must be deny, ask or allow", key);
		if (!read_rule(builder, pattern, action, key))
			return false;
	}
	return true;
}

bool policy_read_permissions(struct policy_builder *builder, const struct json_value *object)
{
	if (object->kind != JSON_OBJECT)
		return policy_refuse(builder, PROBLEM_SYNTAX, object->start,
		                     "must be an object with allow, ask and deny",
		                     SPAN("permissions"));
	for (const struct json_value *list = object->first; list; list = list->next) {
		enum rule_action action;

		if (!read_action(list->key, &action))
			return policy_refuse(builder, PROBLEM_SYNTAX, list->key_start,
			                     "is none of allow, ask, deny", list->key);
		if (!read_rule_list(builder, list, action, SPAN("permissions")))
			return false;
	}
	return true;
}

/* An unknown key: a typing error in a managed file must not silently drop a rule. */
static bool unknown_key(struct policy_builder *builder, const struct json_value *value,
                        struct span name)
{
	struct policy_source source = policy_source_at(builder, value->key_start);

	if (policy_layer_managed(builder->place.layer))
		return policy_refuse(builder, PROBLEM_REFUSED, value->key_start, "unknown key",
		                     name);
	return policy_warn(builder, POLICY_WARNING, &source, name, "unknown key: without effect");
}

static bool joined(struct arena *arena, const struct span *parts, size_t count, struct span *whole)
{
	size_t length = 0;
	char *bytes;

	for (size_t i = 0; i < count; i++)
		length += parts[i].len;
	bytes = arena_alloc(arena, length + 1, 1);
	if (!bytes)
		return false;
	*whole = (struct span){ bytes, length };
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at < parts[i].len; at++)
			*bytes++ = parts[i].ptr[at];
	return true;
}

static struct policy_server *find_server(struct policy_builder *builder, struct span name)
{
	struct policy_server **end = &builder->policy->servers;

	for (; *end; end = &(*end)->next)
		if (span_equal_nocase((*end)->name, name))
			return *end;
	*end = arena_new(builder->arena, struct policy_server);
	if (*end)
		(*end)->name = name;
	return *end;
}

/* blockedTools of a server: deny rules; allowedTools: an allow-list of its own. */
static bool read_server_tools(struct policy_builder *builder, struct policy_server *server,
                              const struct json_value *list)
{
	bool allowed = span_equal(list->key, SPAN("allowedTools"));
	struct policy_item *items;

	if (list->kind != JSON_ARRAY)
		return policy_refuse(builder, PROBLEM_SYNTAX, list->start,
		                     "must be a list of strings", list->key);
	items = arena_array(builder->arena, struct policy_item,
	                    server->allowed_count + list->count);
	if (!items)
		return policy_no_memory(builder);
	for (size_t i = 0; i < server->allowed_count; i++)
		items[i] = server->allowed[i];
	server->allowed = items;
	for (const struct json_value *value = list->first; value; value = value->next) {
		struct policy_rule rule = { .source = policy_source_at(builder, value->start) };
		struct span text;

		if (!json_string(value, &text) || text.len == 0)
			return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
			                     "must be a list of strings that are not empty",
			                     list->key);
		if (allowed) {
			items[server->allowed_count++] = (struct policy_item){
				.text = text,
				.source = rule.source,
				.locked = policy_layer_managed(builder->place.layer),
				.group = builder->group,
			};
			continue;
		}
		if (!joined(builder->arena,
		            (struct span[]){ SPAN("mcp__"), server->name, SPAN("__"), text }, 4,
		            &text))
			return policy_no_memory(builder);
		if (!rule_read(text, RULE_DENY, &rule.rule, NULL))
			return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
			                     "no name of a tool", text);
		if (!policy_add_rule(builder->policy, &rule, builder->arena))
			return policy_no_memory(builder);
	}
	return true;
}

/* How a server is started is the agents' business; which of its tools may be used is ours. */
static bool read_servers(struct policy_builder *builder, const struct json_value *servers)
{
	static const struct span theirs[] = { SPAN_INIT("command"), SPAN_INIT("args"),
		                              SPAN_INIT("env"),     SPAN_INIT("url"),
		                              SPAN_INIT("type"),    SPAN_INIT("headers") };

	if (servers->kind != JSON_OBJECT)
		return policy_refuse(builder, PROBLEM_SYNTAX, servers->start, "must be an object",
		                     SPAN("mcpServers"));
	for (const struct json_value *value = servers->first; value; value = value->next) {
		struct policy_server *server;

		if (value->kind != JSON_OBJECT)
			return policy_refuse(builder, PROBLEM_SYNTAX, value->start,
			                     "must be an object", value->key);
		server = find_server(builder, value->key);
		if (!server)
			return policy_no_memory(builder);
		for (const struct json_value *member = value->first; member;
		     member = member->next) {
			bool known = span_equal(member->key, SPAN("allowedTools")) ||
			             span_equal(member->key, SPAN("blockedTools"));

			if (known && !read_server_tools(builder, server, member))
				return false;
			for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
				known = known || span_equal(member->key, theirs[i]);
			if (!known && !unknown_key(builder, member, member->key))
				return false;
		}
	}
	return true;
}

static bool read_value(struct policy_builder *builder, const struct policy_row *row,
                       const struct json_value *value)
{
	if ((row->from & policy_layer_from(builder->place.layer)) == 0) {
		struct policy_source source = policy_source_at(builder, value->key_start);

		return policy_warn(builder, POLICY_VIOLATION, &source, row->name,
		                   builder->place.layer == POLICY_PROJECT
		                           ? "a repository cannot set this: without effect"
		                           : "only managed files can set this: without effect");
	}
	switch (row->kind) {
	case KIND_IGNORED:
		return true;
	case KIND_RULES:
		return read_rules(builder, value, row->name);
	case KIND_RULE_LIST: {
		enum rule_action action = RULE_DENY;

		(void)read_action(span_from(row->name, sizeof("permissions.") - 1), &action);
		return read_rule_list(builder, value, action, row->name);
	}
	case KIND_SERVERS:
		return read_servers(builder, value);
	case KIND_ALLOW_LIST:
	case KIND_DENY_LIST:
		return read_list(builder, row, value);
	case KIND_TEXT:
	case KIND_MODE:
	case KIND_ENUM:
	case KIND_BOOL:
	case KIND_NUMBER:
		break;
	}
	return read_scalar(builder, row, value);
}

static bool read_section(struct policy_builder *builder, const struct json_value *section)
{
	if (section->kind != JSON_OBJECT)
		return policy_refuse(builder, PROBLEM_SYNTAX, section->start, "must be an object",
		                     section->key);
	for (const struct json_value *value = section->first; value; value = value->next) {
		const struct policy_row *row;
		struct span name;

		if (!joined(builder->arena, (struct span[]){ section->key, SPAN("."), value->key },
		            3, &name))
			return policy_no_memory(builder);
		row = policy_row_find(name);
		if (row ? !read_value(builder, row, value) : !unknown_key(builder, value, name))
			return false;
	}
	return true;
}

bool policy_read_object(struct policy_builder *builder, const struct json_value *object)
{
	if (object->kind != JSON_OBJECT)
		return policy_refuse(builder, PROBLEM_SYNTAX, object->start,
		                     "a policy is one JSON object", SPAN(""));
	for (const struct json_value *value = object->first; value; value = value->next) {
		const struct policy_row *row;

		/* "locked.model" as one key is another thing than model inside locked: unknown. */
		if (policy_row_section(value->key)) {
			if (!read_section(builder, value))
				return false;
			continue;
		}
		row = span_find_byte(value->key, '.', NULL) ? NULL : policy_row_find(value->key);
		if (row ? !read_value(builder, row, value)
		        : !unknown_key(builder, value, value->key))
			return false;
	}
	return true;
}

bool policy_read_override(struct policy_builder *builder, const struct policy_override *override)
{
	const struct policy_row *row = policy_row_find(override->key);
	struct json_value text = { .kind = JSON_STRING, .text = override->value };
	struct json_value *value = &text;

	builder->bytes = (struct span){ NULL, 0 };
	builder->place = (struct policy_source){ .layer = override->layer, .file = override->from };
	if (!row)
		return policy_refuse(builder, PROBLEM_REFUSED, 0, "no key of a policy",
		                     override->key);
	if ((row->kind == KIND_BOOL || row->kind == KIND_NUMBER) &&
	    !json_parse(override->value, NULL, builder->arena, &value, &builder->fault->problem)) {
		if (builder->fault->problem.kind == PROBLEM_MEMORY)
			return policy_no_memory(builder);
		return policy_refuse(builder, PROBLEM_SYNTAX, 0, "must be a number, true or false",
		                     row->name);
	}
	return read_value(builder, row, value);
}
