/* The schema that is shipped and the table of keys say the same. */
#include <stdio.h>
#include <string.h>

#include "policy/private.h"
#include "policy/show.h"
#include "tap.h"

/* "name" or "section.name" in the schema's properties. */
static const struct json_value *find(const struct json_value *schema, struct span name)
{
	const struct json_value *at = json_get(schema, SPAN("properties"));
	struct span part;

	while (at && span_split(&name, '.', &part)) {
		at = json_get(at, part);
		if (name.ptr)
			at = json_get(at, SPAN("properties"));
	}
	return at;
}

static const char *type_of(enum policy_kind kind)
{
	switch (kind) {
	case KIND_BOOL:
		return "boolean";
	case KIND_NUMBER:
		return "number";
	case KIND_ALLOW_LIST:
	case KIND_DENY_LIST:
	case KIND_RULES:
	case KIND_RULE_LIST:
		return "array";
	case KIND_SERVERS:
		return "object";
	case KIND_TEXT:
	case KIND_IGNORED:
		return "string";
	case KIND_MODE:
	case KIND_ENUM:
		break;
	}
	return "enum";
}

static void check_row(const struct json_value *schema, const struct policy_row *row)
{
	const struct json_value *property = find(schema, row->name);
	const char *type = type_of(row->kind);
	struct span word;
	bool good = property != NULL;

	if (strcmp(type, "enum") == 0)
		good = good && json_get(property, SPAN("enum"));
	else
		good = good && json_string(json_get(property, SPAN("type")), &word) &&
		       span_equal(word, span_of(type));
	OK(good, "%.*s is in the schema as %s", (int)row->name.len, row->name.ptr, type);
}

static void check_property(const char *section, const struct json_value *property)
{
	char name[128];

	(void)snprintf(name, sizeof name, "%s%s%.*s", section, section[0] ? "." : "",
	               (int)property->key.len, property->key.ptr);
	OK(policy_row_find(span_of(name)) != NULL, "%s is in the table", name);
}

int main(void)
{
	struct json_value *schema;
	struct problem problem;
	struct arena arena;

	arena_init(&arena, 1 << 22);
	if (!json_parse(policy_schema, NULL, &arena, &schema, &problem)) {
		OK(false, "the schema is JSON");
		return tap_done();
	}
	for (size_t i = 0; i < policy_row_count; i++)
		check_row(schema, &policy_rows[i]);
	for (const struct json_value *at = json_get(schema, SPAN("properties"))->first; at;
	     at = at->next) {
		const struct json_value *members = json_get(at, SPAN("properties"));
		char section[64];

		(void)snprintf(section, sizeof section, "%.*s", (int)at->key.len, at->key.ptr);
		if (!members)
			check_property("", at);
		for (const struct json_value *member = members ? members->first : NULL; member;
		     member = member->next)
			check_property(section, member);
	}
	for (size_t i = 0; i < policy_row_count; i++)
		OK(policy_row_find(policy_rows[i].name) == &policy_rows[i], "%.*s stands once",
		   (int)policy_rows[i].name.len, policy_rows[i].name.ptr);
	for (enum policy_key key = 0; key < POLICY_KEYS; key++)
		OK(policy_key_name(key).len > 0, "key %d has a name", (int)key);
	arena_release(&arena);
	return tap_done();
}
