/* Rules under pressure: every allocation made to fail, and inputs larger than any that is real. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/rules.h"
#include "tap.h"

enum { COMMANDS = 20000, BYTES = 1 << 20 };

static const struct span workspace = SPAN_INIT("/home/u/proj");

static struct action make_action(void)
{
	return (struct action){ .tool = SPAN("Bash"),
		                .paths = { .cwd = SPAN("/home/u/proj"),
		                           .home = SPAN("/home/u"),
		                           .workspace = &workspace,
		                           .workspace_count = 1 } };
}

static void add_rules(struct policy *policy, struct arena *arena)
{
	static const struct {
		const char *text;
		enum rule_action action;
	} rules[] = {
		{ "Bash(rm -rf *)", RULE_DENY },
		{ "Bash(git -C * push*)", RULE_ASK },
		{ "Read(.env)", RULE_DENY },
		{ "Edit(src/**)", RULE_DENY },
		{ "Read(!sample.env)", RULE_DENY },
		{ "WebFetch(domain:*.x.example)", RULE_DENY },
		{ "Bash(* --version)", RULE_ALLOW },
		{ "Bash(npm test *)", RULE_ALLOW },
		{ "Edit(docs/**)", RULE_ALLOW },
		{ "Read(//**)", RULE_ALLOW },
		{ "WebFetch(domain:a.*)", RULE_ALLOW },
		{ "mcp__x__*", RULE_ALLOW },
		{ "Bash(run_in_background:true)", RULE_DENY },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct policy_rule rule = { .source = { .layer = POLICY_USER, .file = SPAN("f") } };

		if (!rule_read(span_of(rules[i].text), rules[i].action, &rule.rule, NULL) ||
		    !policy_add_rule(policy, &rule, arena))
			printf("Bail out! %s\n", rules[i].text);
	}
}

/* timeout npm test, cat docs/a: two commands, one run by the other, and two effects. */
static void test_memory(const struct policy *policy)
{
	struct effect_word words[4] = { { .text = SPAN("timeout"), .complete = true },
		                        { .text = SPAN("npm"), .complete = true },
		                        { .text = SPAN("test"), .complete = true },
		                        { .text = SPAN("x"), .complete = true } };
	struct effect_command inner = { .argv = words + 1, .argc = 3 };
	struct effect_command outer = { .argv = words, .argc = 4, .next = &inner };
	struct effect write = { .kind = EFFECT_WRITE,
		                .target = SPAN("/home/u/proj/docs/a"),
		                .certainty = CERTAINTY_KNOWN,
		                .command = &inner };
	struct effect read = { .kind = EFFECT_READ,
		               .target = SPAN("/x"),
		               .certainty = CERTAINTY_KNOWN,
		               .command = &inner,
		               .next = &write };
	struct effects effects = { .text = SPAN("timeout npm test x"),
		                   .first = &read,
		                   .commands = &outer };
	struct action action = make_action();
	struct rules_context context = { .policy = policy, .action = &action, .effects = &effects };
	size_t limit = 0, refused = 0;
	bool good = false;

	inner.parent = &outer;
	for (; !good && limit < 1 << 16; limit += 8) {
		struct rules_matches matches;
		struct arena arena;

		arena_init(&arena, limit);
		good = rules_match(&context, &arena, &matches);
		refused += !good;
		if (good)
			OK(!matches.deny && rules_covering_command(&matches, &inner) &&
			           rules_covering_command(&matches, &outer) &&
			           rules_covering(&matches, &read) &&
			           rules_covering(&matches, &write),
			   "with enough memory everything is covered");
		arena_release(&arena);
	}
	OK(good && refused > 20, "with less, nothing but refusal (%zu times)", refused);
}

/* 20,000 commands in a chain, each run by the one before. */
static void test_many(const struct policy *policy)
{
	struct effect_command *commands = calloc(COMMANDS, sizeof(*commands));
	struct effect *list = calloc(COMMANDS, sizeof(*list));
	struct effect_word words[3] = { { .text = SPAN("nice"), .complete = true },
		                        { .text = SPAN("nice"), .complete = true },
		                        { .text = SPAN("x"), .complete = true } };
	struct effects effects = { .text = SPAN("nice nice x"),
		                   .first = list,
		                   .commands = commands };
	struct action action = make_action();
	struct rules_context context = { .policy = policy, .action = &action, .effects = &effects };
	struct rules_matches matches;
	struct arena arena;

	for (size_t i = 0; i < COMMANDS; i++) {
		commands[i] = (struct effect_command){ .argv = words,
			                               .argc = 3,
			                               .parent = i > 0 ? &commands[i - 1] : NULL,
			                               .next = i + 1 < COMMANDS ? &commands[i + 1]
			                                                        : NULL };
		list[i] = (struct effect){ .kind = EFFECT_READ,
			                   .target = SPAN("/home/u/proj/a/b"),
			                   .certainty = CERTAINTY_KNOWN,
			                   .command = &commands[i],
			                   .next = i + 1 < COMMANDS ? &list[i + 1] : NULL };
	}
	arena_init(&arena, 1 << 28);
	OK(rules_match(&context, &arena, &matches) && !matches.deny &&
	           !rules_covering_command(&matches, &commands[COMMANDS - 1]),
	   "20,000 deep: nothing is covered, nothing breaks");
	arena_release(&arena);
	free(commands);
	free(list);
}

/* One megabyte of each byte that parsers stumble over. */
static void test_hostile(const struct policy *policy)
{
	static const char bytes[] = { '\0', '\xff', '/', '*', '-', ' ', '\'', '\\', '.', '@' };
	char *text = malloc(BYTES);
	struct action action = make_action();

	for (size_t i = 0; i < sizeof(bytes); i++) {
		struct span hostile = { text, BYTES };
		struct effect_word words[2] = { { .text = SPAN("rm"), .complete = true },
			                        { .text = hostile, .complete = true } };
		struct effect_command command = { .argv = words, .argc = 2, .end = BYTES };
		struct effect connect = { .kind = EFFECT_CONNECT,
			                  .target = hostile,
			                  .command = &command };
		struct effect read = { .kind = EFFECT_READ,
			               .target = hostile,
			               .flags = EFFECT_GLOB,
			               .command = &command,
			               .next = &connect };
		struct effects effects = { .text = hostile, .first = &read, .commands = &command };
		struct rules_context context = { .policy = policy,
			                         .action = &action,
			                         .effects = &effects };
		struct rules_matches matches;
		struct arena arena;
		struct rule rule;

		memset(text, bytes[i], BYTES);
		arena_init(&arena, 1 << 26);
		OK(rules_match(&context, &arena, &matches) &&
		           !rules_covering_command(&matches, &command),
		   "one megabyte of byte %d is covered by nothing", bytes[i]);
		OK(!rule_read(hostile, RULE_DENY, &rule, NULL), "... and is no rule");
		arena_release(&arena);
	}
	free(text);
}

int main(void)
{
	struct policy policy;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	policy_default(&policy);
	add_rules(&policy, &arena);
	test_memory(&policy);
	test_many(&policy);
	test_hostile(&policy);
	arena_release(&arena);
	return tap_done();
}
