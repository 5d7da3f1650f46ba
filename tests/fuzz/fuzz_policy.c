/*
 * Policies, grants and rules from arbitrary bytes.
 *
 * Input: layers between 0x1e bytes; the first byte of each says which layer it is.  Properties:
 *  - whatever is refused has a place inside its text;
 *  - a layer that is put on top, tightened or not, never yields a looser verdict: what it adds to
 *    the managed layers can only deny more, ask more, allow fewer tools, models and hosts, make the
 *    mode stricter and numbers lower, and take no deny or ask hit away;
 *  - a policy without its allow rules and grants covers nothing that the whole does not.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "judge/rules.h"
#include "policy/edit.h"
#include "policy/grants.h"

#define HOLDS(property)          \
	do {                     \
		if (!(property)) \
			abort(); \
	} while (0)

enum { LAYERS = 6, ARENA = 1 << 24 };

struct input {
	struct policy_file files[LAYERS];
	size_t count;
};

/* One fixed action of each kind, with everything in it that rules look at. */
struct probe {
	struct action action;
	struct effects effects;
	struct effect_word words[4];
	struct effect_command outer, inner;
	struct effect effect[4];
	struct span workspace;
};

static void make_probe(struct probe *probe)
{
	static const struct span argv[] = { SPAN_INIT("sudo"), SPAN_INIT("rm"), SPAN_INIT("-rf"),
		                            SPAN_INIT("src") };
	static const struct {
		enum effect_kind kind;
		struct span target;
	} effects[] = { { EFFECT_DELETE, SPAN_INIT("/home/u/proj/src") },
		        { EFFECT_READ, SPAN_INIT("/home/u/proj/.env") },
		        { EFFECT_WRITE, SPAN_INIT("/etc/passwd") },
		        { EFFECT_CONNECT, SPAN_INIT("https://a.example.com/") } };

	probe->workspace = SPAN("/home/u/proj");
	probe->action.tool = SPAN("Bash");
	probe->action.session = SPAN("s1");
	probe->action.paths = (struct paths_context){ .cwd = SPAN("/home/u/proj"),
		                                      .home = SPAN("/home/u"),
		                                      .workspace = &probe->workspace,
		                                      .workspace_count = 1 };
	for (size_t i = 0; i < 4; i++) {
		probe->words[i] = (struct effect_word){ .text = argv[i], .complete = true };
		probe->effect[i] = (struct effect){ .kind = effects[i].kind,
			                            .target = effects[i].target,
			                            .certainty = CERTAINTY_KNOWN,
			                            .command = &probe->inner,
			                            .next = i < 3 ? &probe->effect[i + 1] : NULL };
	}
	probe->effect[0].flags = EFFECT_RECURSIVE;
	probe->outer = (struct effect_command){ .argv = probe->words,
		                                .argc = 4,
		                                .next = &probe->inner };
	probe->inner = (struct effect_command){ .argv = probe->words + 1,
		                                .argc = 3,
		                                .parent = &probe->outer };
	probe->effects = (struct effects){ .text = SPAN("sudo rm -rf src"),
		                           .first = &probe->effect[0],
		                           .commands = &probe->outer,
		                           .count = 4 };
}

static enum policy_layer layer_of(unsigned char byte)
{
	static const enum policy_layer layers[] = { POLICY_USER, POLICY_PROJECT, POLICY_SYSTEM,
		                                    POLICY_PACK, POLICY_USER_MANAGED };

	return layers[byte % 5];
}

static void split(struct span bytes, struct input *input)
{
	struct span part;

	while (input->count < LAYERS && span_split(&bytes, '\x1e', &part)) {
		struct policy_file *file = &input->files[input->count];

		*file = (struct policy_file){
			.path = SPAN("f"),
			.layer = part.len > 0 ? layer_of((unsigned char)part.ptr[0]) : POLICY_USER,
			.bytes = span_from(part, 1)
		};
		if (input->count++ > 0)
			file[-1].next = file;
	}
}

static bool merge(const struct policy_file *files, struct arena *arena, struct policy *policy)
{
	struct policy_input input = { .files = files };
	struct policy_fault fault;

	if (policy_merge(&input, arena, policy, &fault))
		return true;
	HOLDS(fault.problem.kind != PROBLEM_NONE && fault.problem.what);
	HOLDS(fault.at.file.len == 0 || fault.problem.kind == PROBLEM_MEMORY || fault.at.line > 0);
	return false;
}

static size_t hits(const struct rules_hit *hit)
{
	size_t count = 0;

	for (; hit; hit = hit->next)
		count++;
	return count;
}

/* Under every tool: 0 deny, 1 ask, 2 nothing speaks, 3 a rule allows each effect and command. */
static unsigned verdict(const struct policy *policy, struct probe *probe, struct arena *arena)
{
	struct rules_context context = { .policy = policy,
		                         .action = &probe->action,
		                         .effects = &probe->effects };
	struct rules_matches matches;
	bool all;

	HOLDS(rules_match(&context, arena, &matches));
	if (matches.deny || !policy_allows_tool(policy, probe->action.tool, NULL))
		return 0;
	if (matches.ask || policy->safe || hits(matches.ask) > 0)
		return 1;
	all = rules_covering_command(&matches, &probe->outer) &&
	      rules_covering_command(&matches, &probe->inner);
	for (size_t i = 0; i < 4; i++)
		all = all && rules_covering(&matches, &probe->effect[i]) &&
		      !rules_requires_approval(&context, &probe->effect[i]) &&
		      !rules_outside_allowed(&context, &probe->effect[i]);
	return all ? 3 : 2;
}

static void check_not_looser(const struct policy *less, const struct policy *more)
{
	static const struct span names[] = { SPAN_INIT("Bash"), SPAN_INIT("Read"),
		                             SPAN_INIT("mcp__db__x"), SPAN_INIT("a"),
		                             SPAN_INIT("a.example.com") };
	static const enum policy_key numbers[] = { POLICY_MAX_BUDGET_USD, POLICY_MAX_FILE_SIZE,
		                                   POLICY_MAX_EXECUTION_TIME };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		HOLDS(!policy_allows_tool(more, names[i], NULL) ||
		      policy_allows_tool(less, names[i], NULL));
		HOLDS(!policy_allows_model(more, names[i], NULL) ||
		      policy_allows_model(less, names[i], NULL));
		HOLDS(!policy_allows_host(more, names[i], NULL) ||
		      policy_allows_host(less, names[i], NULL));
	}
	for (size_t i = 0; i < 3; i++)
		HOLDS(more->values[numbers[i]].number <= less->values[numbers[i]].number);
	HOLDS(!less->safe || more->safe);
	HOLDS(more->mode <= less->mode);
	HOLDS(!less->values[POLICY_DISABLE_WEB_ACCESS].truth ||
	      more->values[POLICY_DISABLE_WEB_ACCESS].truth);
	HOLDS(!less->values[POLICY_AUDIT_LOG].truth || more->values[POLICY_AUDIT_LOG].truth);
	HOLDS(!less->values[POLICY_SANDBOX_ENABLED].truth ||
	      more->values[POLICY_SANDBOX_ENABLED].truth);
}

/* A repository's file on top of the others: whatever it says, nothing is looser. */
static void check_project(struct input *input, struct arena *arena, struct probe *probe)
{
	struct policy_file project = input->files[0],
			   *rest = input->count > 1 ? &input->files[1] : NULL;
	struct policy less, more;

	for (size_t i = 1; i < input->count; i++)
		if (input->files[i].layer == POLICY_PROJECT)
			return;
	project.layer = POLICY_PROJECT;
	project.next = rest;
	if (!merge(rest, arena, &less) || !merge(&project, arena, &more))
		return;
	check_not_looser(&less, &more);
	HOLDS(verdict(&more, probe, arena) <= verdict(&less, probe, arena));
}

/* A rule more, deny or ask, in any layer. */
static void check_rule(const struct policy *policy, struct span text, struct arena *arena,
                       struct probe *probe)
{
	static const enum rule_action actions[] = { RULE_DENY, RULE_ASK };
	unsigned before = verdict(policy, probe, arena);

	for (size_t i = 0; i < 2; i++) {
		struct policy_rule rule = { .source = { .layer = POLICY_SYSTEM,
			                                .file = SPAN("x") } };
		struct policy more = *policy;

		more.rules = NULL;
		more.rule_count = 0;
		for (size_t k = 0; k < policy->rule_count; k++)
			HOLDS(policy_add_rule(&more, &policy->rules[k], arena));
		if (!rule_read(text, actions[i], &rule.rule, NULL))
			return;
		HOLDS(policy_add_rule(&more, &rule, arena));
		HOLDS(verdict(&more, probe, arena) <= before);
	}
}

/* An edit that is taken is one that reads back. */
static void check_edit(struct span source, struct arena *arena)
{
	struct policy_edit edit = { SPAN("security.mode"), SPAN("\"safe\"") };
	struct json_value *value;
	struct problem problem;
	struct span result, text;
	bool changed;

	if (!policy_edit_apply(source, &edit, arena, &result, &changed, &problem))
		return;
	HOLDS(json_parse(result, NULL, arena, &value, &problem));
	HOLDS(json_string(json_get(json_get(value, SPAN("security")), SPAN("mode")), &text) &&
	      span_equal(text, SPAN("safe")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = { (const char *)data, size };
	struct input input = { 0 };
	struct probe probe = { 0 };
	struct policy policy;
	struct arena arena;

	arena_init(&arena, ARENA * 8);
	make_probe(&probe);
	if (size <= 1 << 16) {
		split(bytes, &input);
		if (merge(input.count > 0 ? &input.files[0] : NULL, &arena, &policy)) {
			(void)verdict(&policy, &probe, &arena);
			check_rule(&policy, span_slice(bytes, 0, 64), &arena, &probe);
		}
		if (input.count > 0) {
			check_project(&input, &arena, &probe);
			check_edit(input.files[0].bytes, &arena);
		}
	} else {
		(void)merge(&(struct policy_file){ .layer = POLICY_SYSTEM,
		                                   .path = SPAN("f"),
		                                   .bytes = bytes },
		            &arena, &policy);
	}
	arena_release(&arena);
	return 0;
}
