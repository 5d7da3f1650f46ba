/*
 * An entry as JSON: every event (KC-037 to KC-045), every field (KC-046 to KC-058, KO-089 to KO-095), the cuts,
 * and that no secret and no hostile byte gets through.  Reading 17, 18, 19.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tap.h"

/* Writes and reads back; NULL where it is not JSON. */
static const struct json_value *through(const struct audit_entry *entry, struct arena *arena,
                                        struct outbuf *out)
{
	struct json_value *value;
	struct problem problem;

	outbuf_init(out, audit_limits.body_bytes);
	audit_entry_json(entry, out);
	if (!outbuf_ok(out) || !json_parse(outbuf_span(out), NULL, arena, &value, &problem))
		return NULL;
	return value;
}

static bool has(const struct json_value *value, const char *key, const char *text)
{
	struct span held;

	return json_string(json_get(value, span_of(key)), &held) && span_equal(held, span_of(text));
}

static bool has_number(const struct json_value *value, const char *key, const char *text)
{
	const struct json_value *number = json_get(value, span_of(key));

	return number != NULL && number->kind == JSON_NUMBER &&
	       span_equal(number->text, span_of(text));
}

static void test_names(void)
{
	/* clang-format off */
	static const struct {
		const char *name, *feature;
	} seed[] = {
		{ "tool_execute",       "KC-037" }, { "tool_blocked",     "KC-038" },
		{ "permission_denied",  "KC-039" }, { "permission_granted", "KC-040" },
		{ "model_switch",       "KC-041" }, { "session_start",    "KC-042" },
		{ "session_end",        "KC-043" }, { "policy_violation", "KC-044" },
		{ "security_event",     "KC-045" },
	};
	/* clang-format on */
	enum audit_event event;
	enum audit_decision decision;
	bool all = true;

	for (size_t i = 0; i < 9; i++)
		OK(audit_event_parse(span_of(seed[i].name), &event) &&
		           event == (enum audit_event)(i + 1) &&
		           strcmp(audit_event_name(event), seed[i].name) == 0,
		   "%s: event %s is number %zu", seed[i].feature, seed[i].name, i + 1);
	for (int i = AUDIT_EVENT_NONE + 1; i < AUDIT_EVENT_COUNT; i++)
		all = all &&
		      audit_event_parse(span_of(audit_event_name((enum audit_event)i)), &event) &&
		      event == (enum audit_event)i &&
		      audit_event_parse(span_of(audit_event_dotted((enum audit_event)i)), &event) &&
		      event == (enum audit_event)i;
	OK(all, "every event has two names that are understood");
	OK(audit_event_parse(SPAN("session.start"), &event) && event == AUDIT_SESSION_START,
	   "session.start is understood (LK-070)");
	OK(!audit_event_parse(SPAN("unknown"), &event) && !audit_event_parse(SPAN(""), &event) &&
	           !audit_decision_parse(SPAN(""), &decision) &&
	           !audit_decision_parse(SPAN("Allow"), &decision),
	   "what is no name is none");
	OK(strcmp(audit_event_name((enum audit_event)999), "unknown") == 0,
	   "a number without a name");
}

static void test_fields(void)
{
	const struct span degraded[] = { SPAN_INIT("landlock"), SPAN_INIT("cgroup") };
	const struct audit_detail details[] = { { SPAN_INIT("endpoint"), SPAN_INIT("/v1/x") } };
	struct audit_entry entry = {
		.event = AUDIT_TOOL_BLOCKED,
		.decision = AUDIT_DENY,
		.outcome = AUDIT_BLOCKED,
		.severity = AUDIT_HIGH,
		.session = SPAN_INIT("s-1"),
		.tool_use_id = SPAN_INIT("toolu_1"),
		.agent = SPAN_INIT("codex"),
		.org = SPAN_INIT("acme-corp"),
		.user = SPAN_INIT("dev"),
		.model = SPAN_INIT("m-1"),
		.tool = SPAN_INIT("Bash"),
		.action = SPAN_INIT("execute"),
		.reason = SPAN_INIT("deletes everything"),
		.rule = SPAN_INIT("fs.recursive-delete"),
		.source = SPAN_INIT("built-in"),
		.input = SPAN_INIT("rm -rf /"),
		.cwd = SPAN_INIT("/home/u"),
		.run = SPAN_INIT("r-1"),
		.level = SPAN_INIT("blocked"),
		.door = SPAN_INIT("hook"),
		.risk = SPAN_INIT("critical"),
		.cost = { true, 1500 },
		.tokens = { true, 42 },
		.duration_us = { true, 12345 },
		.has_policy = true,
		.degraded = degraded,
		.degraded_count = 2,
		.details = details,
		.detail_count = 1,
	};
	/* clang-format off */
	static const struct {
		const char *name, *text, *feature;
	} texts[] = {
		{ "eventType",    "tool_blocked",        "KC-047, KO-090" },
		{ "toolName",     "Bash",                "KC-048, KO-091" },
		{ "action",       "execute",             "KC-049" },
		{ "status",       "blocked",             "KC-050" },
		{ "decision",     "deny",                "KO-093" },
		{ "outcome",      "blocked",             "KO-093" },
		{ "reason",       "deletes everything",  "KC-051" },
		{ "model",        "m-1",                 "KC-052" },
		{ "sessionId",    "s-1",                 "KC-053, KO-095" },
		{ "orgId",        "acme-corp",           "KC-054" },
		{ "user",         "dev",                 "KO-094" },
		{ "inputSummary", "rm -rf /",            "KC-055, KO-092" },
		{ "inputSha256",  "",                    "KO-092" },
		{ "severity",     "high",                "severity" },
		{ "toolUseId",    "toolu_1",             "request and result are joined" },
		{ "agent",        "codex",               "who asked" },
		{ "rule",         "fs.recursive-delete", "why" },
		{ "source",       "built-in",            "where the rule stands" },
		{ "cwd",          "/home/u",             "where" },
		{ "runId",        "r-1",                 "the guarded run" },
		{ "level",        "blocked",             "approval level" },
		{ "door",         "hook",                "through which door" },
		{ "risk",         "critical",            "risk" },
	};
	/* clang-format on */
	unsigned char digest[SHA256_BYTES];
	struct outbuf out, hex;
	struct arena arena;
	const struct json_value *value;

	arena_init(&arena, 1 << 20);
	value = through(&entry, &arena, &out);
	sha256_of(entry.input, digest);
	outbuf_init(&hex, 128);
	outbuf_put_hex(&hex, (struct span){ (const char *)digest, sizeof(digest) });
	outbuf_put_byte(&hex, 0);
	OK(value != NULL, "an entry with everything is JSON");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		OK(has(value, texts[i].name, texts[i].text[0] ? texts[i].text : hex.ptr),
		   "field %s: %s", texts[i].name, texts[i].feature);
	OK(has_number(value, "cost", "0.0015"), "field cost, in dollars: KC-056");
	OK(has_number(value, "tokenCount", "42"), "field tokenCount: KC-057");
	OK(has_number(value, "duration", "12.345"), "field duration, in milliseconds: KC-058");
	OK(has_number(value, "inputBytes", "8"), "field inputBytes");
	OK(json_get(value, SPAN("degraded")) != NULL &&
	           json_get(value, SPAN("degraded"))->count == 2,
	   "field degraded");
	OK(has(json_get(value, SPAN("details")), "endpoint", "/v1/x"), "field details");
	entry.status = SPAN("200");
	outbuf_release(&out);
	value = through(&entry, &arena, &out);
	OK(has(value, "status", "200"), "a status of its own (LK-064)");
	outbuf_release(&hex);
	outbuf_release(&out);
	arena_release(&arena);
}

static size_t characters(struct span text)
{
	size_t count = 0;

	for (size_t at = 0; at < text.len; count++) {
		uint32_t code_point;
		size_t width = utf8_decode(text, at, &code_point);

		at += width ? width : 1;
	}
	return count;
}

/* KC-055: 200 characters, whatever their length in bytes. */
static void test_cuts(void)
{
	enum { LENGTH = 1 << 20 };
	char *long_text = malloc(LENGTH);
	const char *const characters_of[] = { "x",    "\xC3\xA9", "\xF0\x9F\xA6\x80",
		                              "\xFF", "\n",       "\"" };
	struct audit_entry entry = { .event = AUDIT_TOOL_EXECUTE };
	struct arena arena;
	struct outbuf out;
	struct span summary;
	bool good = long_text != NULL;

	for (size_t i = 0; good && i < sizeof(characters_of) / sizeof(characters_of[0]); i++) {
		size_t width = strlen(characters_of[i]);

		for (size_t at = 0; at + width <= LENGTH; at += width)
			memcpy(long_text + at, characters_of[i], width);
		for (size_t count = 199; count <= 201; count++) {
			arena_init(&arena, 8 << 20);
			entry.input = (struct span){ long_text, count * width };
			OK(json_string(
				   json_get(through(&entry, &arena, &out), SPAN("inputSummary")),
				   &summary) &&
			           characters(summary) == (count < 200 ? count : 200) &&
			           span_ends(summary, SPAN("\xE2\x80\xA6")) == (count > 200),
			   "%zu characters of %zu bytes: at most 200 kept, a cut is shown", count,
			   width);
			outbuf_release(&out);
			arena_release(&arena);
		}
		arena_init(&arena, 8 << 20);
		entry.input = (struct span){ long_text, LENGTH - LENGTH % width };
		entry.reason = entry.action = entry.session = entry.tool = entry.model =
			entry.input;
		OK(through(&entry, &arena, &out) != NULL && out.len < audit_limits.body_bytes,
		   "1 MB everywhere: the entry is bounded, and JSON");
		outbuf_release(&out);
		arena_release(&arena);
		entry = (struct audit_entry){ .event = AUDIT_TOOL_EXECUTE };
	}
	free(long_text);
}

/* The longest entry that can be: all texts long, of bytes that JSON writes in six. */
static void test_largest(void)
{
	static char controls[4096];
	const struct span text = { controls, sizeof(controls) };
	struct span degraded[40];
	struct audit_detail details[40];
	struct audit_entry entry = { .event = AUDIT_SECURITY_EVENT,
		                     .session = text,
		                     .tool_use_id = text,
		                     .agent = text,
		                     .org = text,
		                     .user = text,
		                     .model = text,
		                     .tool = text,
		                     .action = text,
		                     .status = text,
		                     .reason = text,
		                     .rule = text,
		                     .source = text,
		                     .input = text,
		                     .cwd = text,
		                     .run = text,
		                     .level = text,
		                     .door = text,
		                     .risk = text,
		                     .has_policy = true,
		                     .degraded = degraded,
		                     .degraded_count = 40,
		                     .details = details,
		                     .detail_count = 40 };
	struct outbuf out;

	memset(controls, 1, sizeof(controls));
	for (size_t i = 0; i < 40; i++) {
		degraded[i] = text;
		details[i] = (struct audit_detail){ text, text };
	}
	outbuf_init(&out, audit_limits.body_bytes);
	audit_entry_json(&entry, &out);
	OK(outbuf_ok(&out), "the largest entry fits: %zu bytes of %zu", out.len,
	   audit_limits.body_bytes);
	outbuf_release(&out);
}

/* Wherever a key stands in an input, no part of it that could be used is in the entry. */
static void test_secrets(void)
{
	static const char key[] = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
	static char input[8192];
	unsigned leaks = 0;

	for (size_t at = 0; at + sizeof(key) < sizeof(input); at += 7) {
		struct audit_entry entry = { .event = AUDIT_TOOL_EXECUTE };
		struct outbuf out;
		size_t place;

		memset(input, 'a', sizeof(input));
		for (size_t i = 20; i < sizeof(input); i += 20)
			input[i] = ' ';
		input[at > 0 ? at - 1 : 0] = ' ';
		memcpy(input + at, key, sizeof(key) - 1);
		entry.input = entry.reason = entry.action = entry.cwd = (struct span){
			input, sizeof(input)
		};
		outbuf_init(&out, audit_limits.body_bytes);
		audit_entry_json(&entry, &out);
		leaks += span_find(outbuf_span(&out), SPAN("ghp_abcdefgh"), &place);
		outbuf_release(&out);
	}
	OK(leaks == 0, "a key at any place of a long input does not get through (%u)", leaks);
}

int main(void)
{
	test_names();
	test_fields();
	test_cuts();
	test_largest();
	test_secrets();
	return tap_done();
}
