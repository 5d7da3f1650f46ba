/* Hooks in settings: put in once, foreign ones kept, taken out without a trace. */
#include "hook/install.h"
#include "tap.h"

#define COMMAND "/usr/bin/bailiff hook claude-code"

struct text {
	struct arena arena;
	struct outbuf out;
	bool changed;
	struct problem problem;
	bool done;
};

static void add(struct text *text, struct span before)
{
	arena_init(&text->arena, 1 << 20);
	outbuf_init(&text->out, 1 << 20);
	text->done = hook_settings_add(
		&(struct hook_entries){ hook_host_find(SPAN("claude-code")), SPAN(COMMAND) },
		before, &text->arena, &text->out, &text->changed, &text->problem);
}

static void take_out(struct text *text, struct span before)
{
	arena_init(&text->arena, 1 << 20);
	outbuf_init(&text->out, 1 << 20);
	text->done = hook_settings_remove(hook_host_find(SPAN("claude-code")), before, &text->arena,
	                                  &text->out, &text->changed, &text->problem);
}

static void end(struct text *text)
{
	outbuf_release(&text->out);
	arena_release(&text->arena);
}

/* Both texts parsed and written again are the same. */
static bool same_json(struct span a, struct span b)
{
	struct arena arena;
	struct outbuf left, right;
	struct json_value *x, *y;
	bool same = false;

	arena_init(&arena, 1 << 20);
	outbuf_init(&left, 1 << 20);
	outbuf_init(&right, 1 << 20);
	if (json_parse(a, NULL, &arena, &x, NULL) && json_parse(b, NULL, &arena, &y, NULL)) {
		json_write(x, 0, &left);
		json_write(y, 0, &right);
		same = span_equal(outbuf_span(&left), outbuf_span(&right));
	}
	outbuf_release(&left);
	outbuf_release(&right);
	arena_release(&arena);
	return same;
}

static size_t count(struct span text, struct span part)
{
	size_t found = 0, at;

	while (span_find(text, part, &at)) {
		found++;
		text = span_from(text, at + part.len);
	}
	return found;
}

static void test_round_trips(void)
{
	static const char *const settings[] = {
		"{}",
		"{\"model\":\"x\",\"n\":1.50}",
		"{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"Bash\",\"hooks\":[{\"type\":"
		"\"command\",\"command\":\"other\"}]}]}}",
		"{\"hooks\":{\"Notification\":[{\"hooks\":[{\"type\":\"command\",\"command\":"
		"\"bell\"}]}]},\"z\":null}",
		"{\"a\":{\"b\":[1,[2,{\"c\":\"\\u00e9\"}]]}}",
	};

	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		struct span before = span_of(settings[i]);
		struct text first, second, third;

		add(&first, before);
		OK(first.done && first.changed &&
		           count(outbuf_span(&first.out), SPAN(COMMAND)) == 7,
		   "settings %zu: one hook for each event", i);
		OK(count(outbuf_span(&first.out), SPAN("other")) == count(before, SPAN("other")) &&
		           count(outbuf_span(&first.out), SPAN("bell")) ==
		                   count(before, SPAN("bell")),
		   "settings %zu: foreign hooks are kept", i);
		add(&second, outbuf_span(&first.out));
		OK(second.done && !second.changed &&
		           span_equal(outbuf_span(&first.out), outbuf_span(&second.out)),
		   "settings %zu: a second time changes nothing", i);
		take_out(&third, outbuf_span(&first.out));
		OK(third.done && third.changed && same_json(outbuf_span(&third.out), before),
		   "settings %zu: taken out, all is as before", i);
		end(&first);
		end(&second);
		end(&third);
	}
}

static void test_older_place(void)
{
	struct text text;

	add(&text,
	    SPAN("{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"*\",\"hooks\":[{\"type\":\"command\","
	         "\"command\":\"/old/bailiff hook "
	         "claude-code\"},{\"type\":\"command\",\"command\":\"keep\"}]}]}}"));
	OK(text.done && count(outbuf_span(&text.out), SPAN("/old/")) == 0 &&
	           count(outbuf_span(&text.out), SPAN("keep")) == 1 &&
	           count(outbuf_span(&text.out), SPAN(COMMAND)) == 7,
	   "an older place of the program is replaced");
	end(&text);
}

static void test_faults(void)
{
	static const char *const faults[] = { "[]",
		                              "{",
		                              "{\"hooks\":[]}",
		                              "{\"hooks\":{\"PreToolUse\":{}}}",
		                              "1",
		                              "{\"a\":1,\"a\":2}" };

	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct text text;

		add(&text, span_of(faults[i]));
		OK(!text.done && text.problem.kind == PROBLEM_SYNTAX, "refused, nothing lost: %s",
		   faults[i]);
		end(&text);
	}
}

static void test_ours(void)
{
	static const struct {
		const char *command;
		bool ours;
	} rows[] = {
		{ "/usr/bin/bailiff hook claude-code", true },
		{ "'/my place/bailiff' hook claude-code", true },
		{ "bailiff hook claude-code", true },
		{ "/usr/bin/bailiff hook codex", false },
		{ "/usr/bin/notbailiff hook claude-code", false },
		{ "echo bailiff hook claude-code", false },
		{ "/usr/bin/bailiff hook claude-code --x", false },
		{ "", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		OK(hook_command_ours(hook_host_find(SPAN("claude-code")),
		                     span_of(rows[i].command)) == rows[i].ours,
		   "ours: %s", rows[i].command);
}

static void test_memory(void)
{
	bool only_memory = true, done = false;

	for (size_t limit = 0; !done && limit < 1 << 20; limit += 16) {
		struct problem problem = { 0 };
		struct outbuf out;
		struct arena arena;
		bool changed;

		arena_init(&arena, limit);
		outbuf_init(&out, 1 << 20);
		done = hook_settings_add(
			&(struct hook_entries){ hook_host_find(SPAN("codex")), SPAN(COMMAND) },
			SPAN("{\"x\":{}}"), &arena, &out, &changed, &problem);
		only_memory = only_memory && (done || problem.kind == PROBLEM_MEMORY);
		outbuf_release(&out);
		arena_release(&arena);
	}
	OK(done && only_memory, "every short arena is a memory problem");
}

int main(void)
{
	test_round_trips();
	test_older_place();
	test_faults();
	test_ours();
	test_memory();
	return tap_done();
}
