/* Bodies of writers: what is an entry and what is not, with every possible shortage of memory. */
#include <string.h>

#include "audit/store/body.h"
#include "tap.h"

struct body_case {
	const char *name;
	const char *body;
	enum problem_kind problem; /* NONE: it is an entry */
};

/* clang-format off */
static const struct body_case cases[] = {
	{ "the least", "{\"eventType\":\"error\"}", PROBLEM_NONE },
	{ "the dotted name", "{\"eventType\":\"session.start\"}", PROBLEM_NONE },
	{ "fields that are not known", "{\"eventType\":\"error\",\"x\":[1,{\"y\":null}]}", PROBLEM_NONE },
	{ "a policy's hash", "{\"eventType\":\"error\",\"policySha256\":"
	  "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"}", PROBLEM_NONE },
	{ "white space", " { \"eventType\" : \"error\" } \n", PROBLEM_NONE },
	{ "nothing", "", PROBLEM_SYNTAX },
	{ "half of one", "{\"eventType\":\"err", PROBLEM_SYNTAX },
	{ "two of them", "{\"eventType\":\"error\"}{}", PROBLEM_SYNTAX },
	{ "a key twice", "{\"eventType\":\"error\",\"eventType\":\"error\"}", PROBLEM_SYNTAX },
	{ "not an object", "\"error\"", PROBLEM_REFUSED },
	{ "no event", "{\"decision\":\"allow\"}", PROBLEM_REFUSED },
	{ "an event without a name", "{\"eventType\":\"unknown\"}", PROBLEM_REFUSED },
	{ "an event in capitals", "{\"eventType\":\"ERROR\"}", PROBLEM_REFUSED },
	{ "an event that is null", "{\"eventType\":null}", PROBLEM_REFUSED },
	{ "a session that is a number", "{\"eventType\":\"error\",\"sessionId\":1}", PROBLEM_REFUSED },
	{ "a model that is an object", "{\"eventType\":\"error\",\"model\":{}}", PROBLEM_REFUSED },
	{ "a decision that is none", "{\"eventType\":\"error\",\"decision\":\"maybe\"}", PROBLEM_REFUSED },
	{ "a severity that is none", "{\"eventType\":\"error\",\"severity\":\"fatal\"}", PROBLEM_REFUSED },
	{ "a hash cut short", "{\"eventType\":\"error\",\"policySha256\":\"00\"}", PROBLEM_REFUSED },
	{ "a hash in capitals", "{\"eventType\":\"error\",\"policySha256\":"
	  "\"00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF\"}", PROBLEM_REFUSED },
	{ "the recorder's start", "{\"eventType\":\"daemon_start\"}", PROBLEM_REFUSED },
	{ "the recorder's end", "{\"eventType\":\"daemon_stop\"}", PROBLEM_REFUSED },
	{ "the recorder's clock", "{\"eventType\":\"clock.skew\"}", PROBLEM_REFUSED },
};
/* clang-format on */

static enum problem_kind read_body(struct span body, bool own, size_t limit,
                                   struct record_header *header)
{
	struct problem problem = { 0 };
	struct arena arena;
	bool read;

	memset(header, 0, sizeof(*header));
	arena_init(&arena, limit);
	read = body_read(body, own, &arena, header, &problem);
	arena_release(&arena);
	return read ? PROBLEM_NONE : problem.kind;
}

static void test_cases(void)
{
	struct record_header header;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		OK(read_body(span_of(cases[i].body), false, 1 << 20, &header) == cases[i].problem,
		   "%s: %s", cases[i].name, cases[i].problem == PROBLEM_NONE ? "taken" : "refused");
	OK(read_body(SPAN("{\"eventType\":\"daemon_stop\"}"), true, 1 << 20, &header) ==
	                   PROBLEM_NONE &&
	           header.type == AUDIT_DAEMON_STOP,
	   "the recorder may write its own events");
	OK(read_body(SPAN("{\"eventType\":\"tool_blocked\",\"decision\":\"deny\",\"severity\":"
	                  "\"high\"}"),
	             false, 1 << 20, &header) == PROBLEM_NONE &&
	           header.type == AUDIT_TOOL_BLOCKED && header.decision == AUDIT_DENY &&
	           header.severity == AUDIT_HIGH,
	   "names become numbers");
}

/* With every arena from 0 upward until it succeeds: only MEMORY may appear. */
static void test_memory(void)
{
	const struct span body = SPAN("{\"eventType\":\"error\",\"toolName\":\"a\\u0062c\","
	                              "\"details\":{\"a\":[1,2,3],\"b\":\"\\n\"}}");
	struct record_header header;
	enum problem_kind kind = PROBLEM_MEMORY;
	size_t limit = 0;
	bool only_memory = true;

	while ((kind = read_body(body, false, limit, &header)) != PROBLEM_NONE && limit < 1 << 20) {
		only_memory = only_memory && kind == PROBLEM_MEMORY;
		limit += 16;
	}
	OK(only_memory && kind == PROBLEM_NONE, "every short arena reports MEMORY, up to %zu bytes",
	   limit);
}

/* Deep, long and broken bodies end soon, whatever they hold. */
static void test_hostile(void)
{
	enum { LENGTH = 90000 };
	static const char *const fills[] = { "[",    "{\"a\":",        "\"", "\\", "0,",
		                             "\xFF", "{\"eventType\":" };
	static char bytes[LENGTH];
	struct record_header header;

	for (size_t i = 0; i < sizeof(fills) / sizeof(fills[0]); i++) {
		size_t width = strlen(fills[i]);
		enum problem_kind kind;

		for (size_t at = 0; at + width <= LENGTH; at += width)
			memcpy(bytes + at, fills[i], width);
		kind = read_body((struct span){ bytes, LENGTH - LENGTH % width }, false, 16 << 20,
		                 &header);
		OK(kind == PROBLEM_SYNTAX || kind == PROBLEM_LIMIT, "90,000 bytes of %s",
		   i == 5 ? "0xff" : fills[i]);
	}
}

int main(void)
{
	test_cases();
	test_memory();
	test_hostile();
	return tap_done();
}
