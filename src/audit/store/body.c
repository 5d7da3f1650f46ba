/* From a body to the fields of the header.  The body is a writer's word: it is bounded and checked. */
#include "audit/store/body.h"

#include <string.h>

#include "audit/frame.h"
#include "base/json.h"

static const struct json_limits body_limits = { .source_bytes = FRAME_BODY_MAX, .depth = 8 };

/* A text that may be missing, but not be anything else. */
static bool get_text(const struct json_value *body, struct span key, struct span *text)
{
	const struct json_value *value = json_get(body, key);

	*text = (struct span){ 0 };
	return value == NULL || json_string(value, text);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool get_policy(const struct json_value *body, unsigned char digest[SHA256_BYTES])
{
	struct span text;

	if (!get_text(body, SPAN("policySha256"), &text))
		return false;
	memset(digest, 0, SHA256_BYTES);
	if (text.len == 0)
		return true;
	if (text.len != 2 * (size_t)SHA256_BYTES)
		return false;
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		int high = hex_digit(text.ptr[2 * i]), low = hex_digit(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		digest[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* The four that are numbers in the header and names in the body. */
static bool get_names(const struct json_value *body, struct record_header *header)
{
	enum audit_event event = AUDIT_EVENT_NONE;
	enum audit_decision decision = AUDIT_DECISION_NONE;
	enum audit_severity severity = AUDIT_INFO;
	struct span text;

	if (!get_text(body, SPAN("eventType"), &text) || !audit_event_parse(text, &event))
		return false;
	if (!get_text(body, SPAN("decision"), &text) ||
	    (text.len > 0 && !audit_decision_parse(text, &decision)))
		return false;
	if (!get_text(body, SPAN("severity"), &text) ||
	    (text.len > 0 && !audit_severity_parse(text, &severity)))
		return false;
	header->type = (unsigned char)event;
	header->decision = (unsigned char)decision;
	header->severity = (unsigned char)severity;
	return true;
}

static bool is_recorders(unsigned char type)
{
	return type == AUDIT_DAEMON_START || type == AUDIT_DAEMON_STOP || type == AUDIT_CLOCK_SKEW;
}

bool body_read(struct span body, bool own, struct arena *arena, struct record_header *header,
               struct problem *problem)
{
	struct json_value *object;
	struct span session;

	if (!json_parse(body, &body_limits, arena, &object, problem))
		return false;
	if (object->kind != JSON_OBJECT || !get_names(object, header) ||
	    !get_text(object, SPAN("sessionId"), &session) ||
	    !get_text(object, SPAN("toolUseId"), &header->tool_use_id) ||
	    !get_text(object, SPAN("agent"), &header->agent) ||
	    !get_text(object, SPAN("toolName"), &header->tool) ||
	    !get_text(object, SPAN("rule"), &header->rule) ||
	    !get_text(object, SPAN("model"), &header->model) ||
	    !get_policy(object, header->policy_sha256))
		return problem_set(problem, PROBLEM_REFUSED, 0, "not an audit entry");
	if (!own && is_recorders(header->type))
		return problem_set(problem, PROBLEM_REFUSED, 0,
		                   "only the recorder writes this event");
	header_session(session, header->session);
	return true;
}
