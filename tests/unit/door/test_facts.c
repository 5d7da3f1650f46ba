/* The facts of a run survive the way in and out, and nothing else is taken for them. */
#include "door/facts.h"
#include "tap.h"

int main(void)
{
	static const struct span degraded[] = { SPAN_INIT("memory-limit"), SPAN_INIT("a\"b") };
	static const char *const faults[] = {
		"", "{}", "[]", "{\"run\":1}",
		("{\"run\":\"r\",\"session\":\"s\",\"workspace\":\"/w\",\"home\":\"/h\","
		 "\"state\":\"/s\",\"level\":\"full\",\"network\":\"off\"}")
	};
	struct run_facts facts = { .run = SPAN("r"),
		                   .session = SPAN("s"),
		                   .workspace = SPAN("/w\n\"x"),
		                   .home = SPAN("/h"),
		                   .state = SPAN("/s"),
		                   .level = SPAN("full"),
		                   .network = SPAN("proxy"),
		                   .profile = SPAN(""),
		                   .degraded = degraded,
		                   .degraded_count = 2 };
	struct run_facts read;
	struct problem problem;
	struct outbuf out;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	outbuf_init(&out, 1 << 20);
	run_facts_json(&facts, &out);
	OK(run_facts_parse(outbuf_span(&out), &arena, &read, &problem) &&
	           span_equal(read.workspace, facts.workspace) &&
	           span_equal(read.network, facts.network) && read.degraded_count == 2 &&
	           span_equal(read.degraded[1], degraded[1]),
	   "what is written is read");
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		OK(!run_facts_parse(span_of(faults[i]), &arena, &read, &problem), "refused: %s",
		   faults[i]);
	outbuf_release(&out);
	arena_release(&arena);
	return tap_done();
}
