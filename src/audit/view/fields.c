/*
 * The fields of an entry, by name: KC-046 to KC-058, LK-069 to LK-071, KO-089 to KO-095.
 *
 * Times, identities and hashes come from the header and the chain, the rest
 * from the body.  A body is a writer's word: only known names are taken from
 * it, so that it cannot say a time or a hash of its own.  Names that others
 * use for the same thing are aliases (reading 19).
 */
#include <string.h>

#include "audit/view/view.h"

enum { VALUE_DEPTH = 8 };

enum field_source {
	FROM_BODY,
	FROM_SEQ,
	FROM_ID,
	FROM_TIME,
	FROM_EVENT,
	FROM_DOTTED,
	FROM_RESULT,
	FROM_ACTOR,
	FROM_SPOOLED,
	FROM_GUEST,
	FROM_CHAIN
};

struct field {
	struct span name;
	enum field_source source;
	bool always;         /* null where there is none: one of the seed's names */
	struct span in_body; /* empty: the same name */
	bool alias;          /* only where asked for */
};

/* clang-format off */
static const struct field fields[] = {
	{ SPAN_INIT("seq"),          FROM_SEQ,    true,  SPAN_INIT(""), false },
	{ SPAN_INIT("id"),           FROM_ID,     true,  SPAN_INIT(""), false },
	{ SPAN_INIT("timestamp"),    FROM_TIME,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("event"),        FROM_DOTTED, true,  SPAN_INIT(""), false },
	{ SPAN_INIT("eventType"),    FROM_EVENT,  true,  SPAN_INIT(""), false },
	{ SPAN_INIT("toolName"),     FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("action"),       FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("status"),       FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("decision"),     FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("outcome"),      FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("result"),       FROM_RESULT, false, SPAN_INIT(""), false },
	{ SPAN_INIT("reason"),       FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("model"),        FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("sessionId"),    FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("orgId"),        FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("user"),         FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("inputSummary"), FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("inputSha256"),  FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("inputBytes"),   FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("cost"),         FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("tokenCount"),   FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("duration"),     FROM_BODY,   true,  SPAN_INIT(""), false },
	{ SPAN_INIT("severity"),     FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("risk"),         FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("level"),        FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("rule"),         FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("source"),       FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("agent"),        FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("toolUseId"),    FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("door"),         FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("runId"),        FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("cwd"),          FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("policySha256"), FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("degraded"),     FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("details"),      FROM_BODY,   false, SPAN_INIT(""), false },
	{ SPAN_INIT("actor"),        FROM_ACTOR,  false, SPAN_INIT(""), false },
	{ SPAN_INIT("spooled"),      FROM_SPOOLED, false, SPAN_INIT(""), false },
	{ SPAN_INIT("guest"),        FROM_GUEST,  false, SPAN_INIT(""), false },
	{ SPAN_INIT("chain_hash"),   FROM_CHAIN,  true,  SPAN_INIT(""), false },

	{ SPAN_INIT("operation"),    FROM_EVENT,  true,  SPAN_INIT(""),             true },
	{ SPAN_INIT("event_type"),   FROM_EVENT,  true,  SPAN_INIT(""),             true },
	{ SPAN_INIT("tool"),         FROM_BODY,   true,  SPAN_INIT("toolName"),     true },
	{ SPAN_INIT("session"),      FROM_BODY,   true,  SPAN_INIT("sessionId"),    true },
	{ SPAN_INIT("session_id"),   FROM_BODY,   true,  SPAN_INIT("sessionId"),    true },
	{ SPAN_INIT("org"),          FROM_BODY,   true,  SPAN_INIT("orgId"),        true },
	{ SPAN_INIT("org_id"),       FROM_BODY,   true,  SPAN_INIT("orgId"),        true },
	{ SPAN_INIT("input"),        FROM_BODY,   true,  SPAN_INIT("inputSummary"), true },
	{ SPAN_INIT("input_summary"), FROM_BODY,  true,  SPAN_INIT("inputSummary"), true },
	{ SPAN_INIT("token_count"),  FROM_BODY,   true,  SPAN_INIT("tokenCount"),   true },
	{ SPAN_INIT("duration_ms"),  FROM_BODY,   true,  SPAN_INIT("duration"),     true },
	{ SPAN_INIT("chainHash"),    FROM_CHAIN,  true,  SPAN_INIT(""),             true },
};
/* clang-format on */

static const struct field *find_field(struct span name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (span_equal(name, fields[i].name))
			return &fields[i];
	return NULL;
}

bool view_fields_known(const char *names, struct span *unknown)
{
	struct span rest = span_of(names);

	while (span_split(&rest, ',', unknown))
		if (find_field(span_trim(*unknown)) == NULL)
			return false;
	return true;
}

/* A value of a body, written anew: it may hold line ends between its parts. */
static void put_value(const struct json_value *value, unsigned depth, struct outbuf *out)
{
	bool object = value->kind == JSON_OBJECT;
	const struct json_value *part = value->first;

	switch (value->kind) {
	case JSON_STRING:
		outbuf_put_json(out, value->text);
		return;
	case JSON_NUMBER:
		outbuf_put(out, value->text);
		return;
	case JSON_TRUE:
		outbuf_put(out, SPAN("true"));
		return;
	case JSON_FALSE:
		outbuf_put(out, SPAN("false"));
		return;
	case JSON_NULL:
		outbuf_put(out, SPAN("null"));
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	if (depth == VALUE_DEPTH) {
		outbuf_put(out, SPAN("null"));
		return;
	}
	outbuf_put_byte(out, object ? '{' : '[');
	for (; part != NULL; part = part->next) {
		if (part != value->first)
			outbuf_put_byte(out, ',');
		if (object) {
			outbuf_put_json(out, part->key);
			outbuf_put_byte(out, ':');
		}
		put_value(part, depth + 1, out);
	}
	outbuf_put_byte(out, object ? '}' : ']');
}

static void put_actor(const struct record_header *header, struct outbuf *out)
{
	outbuf_put(out, SPAN("{\"uid\":"));
	outbuf_put_u64(out, header->uid);
	outbuf_put(out, SPAN(",\"pid\":"));
	outbuf_put_u64(out, header->pid);
	outbuf_put(out, SPAN(",\"start\":"));
	outbuf_put_u64(out, header->start);
	outbuf_put_byte(out, '}');
}

/* approved, denied or error (KO-093), from the two that are kept (reading 18). */
static const char *result_of(const struct reader_row *row, const struct json_value *body)
{
	struct span outcome = { 0 };

	if (json_string(json_get(body, SPAN("outcome")), &outcome) &&
	    span_equal(outcome, SPAN("error")))
		return "error";
	if (row->header.decision == AUDIT_DENY || row->header.type == AUDIT_PERMISSION_DENIED ||
	    row->header.type == AUDIT_TOOL_BLOCKED)
		return "denied";
	if (row->header.decision == AUDIT_ALLOW || row->header.type == AUDIT_PERMISSION_GRANTED)
		return "approved";
	return NULL;
}

static void put_quoted(const char *text, struct outbuf *out)
{
	outbuf_put_json(out, span_of(text));
}

/* False where the entry has no such field. */
static bool put_field(const struct field *field, const struct reader_row *row,
                      const struct json_value *body, struct outbuf *out)
{
	const struct record_header *header = &row->header;
	const struct json_value *value;
	char text[40];

	if (!row->readable && field->source != FROM_SEQ && field->source != FROM_CHAIN)
		return false;
	switch (field->source) {
	case FROM_SEQ:
		outbuf_put_u64(out, row->seq);
		return true;
	case FROM_ID:
		uuid_format(&header->event_id, text);
		put_quoted(text, out);
		return true;
	case FROM_TIME:
		clock_format(header->wall_ns, text);
		put_quoted(text, out);
		return true;
	case FROM_EVENT:
		put_quoted(audit_event_name((enum audit_event)header->type), out);
		return true;
	case FROM_DOTTED:
		put_quoted(audit_event_dotted((enum audit_event)header->type), out);
		return true;
	case FROM_RESULT:
		if (result_of(row, body) == NULL)
			return false;
		put_quoted(result_of(row, body), out);
		return true;
	case FROM_ACTOR:
		put_actor(header, out);
		return true;
	case FROM_SPOOLED:
	case FROM_GUEST:
		outbuf_put(out, SPAN("true"));
		return (header->flags &
		        (field->source == FROM_GUEST ? HEADER_GUEST : HEADER_SPOOLED)) != 0;
	case FROM_CHAIN:
		outbuf_put_byte(out, '"');
		outbuf_put_hex(out, row->chain);
		outbuf_put_byte(out, '"');
		return true;
	case FROM_BODY:
		break;
	}
	value = json_get(body, field->in_body.len > 0 ? field->in_body : field->name);
	if (value == NULL)
		return false;
	put_value(value, 0, out);
	return true;
}

static void put_named(const struct field *field, bool always, const struct reader_row *row,
                      const struct json_value *body, struct outbuf *out)
{
	struct outbuf value;
	bool has;

	outbuf_init(&value, 1 << 20);
	has = put_field(field, row, body, &value);
	if (has || always) {
		if (out->len > 0 && out->ptr[out->len - 1] != '{')
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, field->name);
		outbuf_put_byte(out, ':');
		outbuf_put(out, has ? outbuf_span(&value) : SPAN("null"));
	}
	if (!outbuf_ok(&value))
		out->failed = true;
	outbuf_release(&value);
}

void view_json(const struct reader_row *row, const char *names, struct outbuf *out)
{
	struct json_value *body = NULL;
	struct arena arena;
	struct span rest = span_of(names), name;

	arena_init(&arena, 64 << 20);
	if (!json_parse(row->body, NULL, &arena, &body, NULL))
		body = NULL; /* somebody changed it: verify says so; the rest is still shown */
	outbuf_put_byte(out, '{');
	if (names == NULL)
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && !fields[i].alias; i++)
			put_named(&fields[i], fields[i].always, row, body, out);
	else
		while (span_split(&rest, ',', &name))
			put_named(find_field(span_trim(name)), true, row, body, out);
	outbuf_put_byte(out, '}');
	arena_release(&arena);
}
