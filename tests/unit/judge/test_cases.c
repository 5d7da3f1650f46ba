/*
 * Golden cases of the judge, from an action's text to the verdict.
 *
 * An input is a command line, or an action as JSON, behind lines of settings:
 *     allow: RULE    ask: RULE    deny: RULE     rules of the command line
 *     policy: JSON                               a managed policy file
 *     mode: MODE     guarded: yes
 */
#include <string.h>

#include "golden.h"
#include "judge/action.h"
#include "policy/policy.h"

enum { MAX_RULES = 16 };

struct setup {
	struct span rules[3][MAX_RULES]; /* allow, ask, deny */
	size_t counts[3];
	struct span policy, mode;
	bool guarded;
};

static bool take_rule(struct setup *setup, struct span line)
{
	static const struct span names[] = { SPAN_INIT("allow: "), SPAN_INIT("ask: "),
		                             SPAN_INIT("deny: ") };

	for (size_t i = 0; i < 3; i++) {
		if (span_starts(line, names[i]) && setup->counts[i] < MAX_RULES) {
			setup->rules[i][setup->counts[i]++] = span_from(line, names[i].len);
			return true;
		}
	}
	return false;
}

/* Takes the settings off the front of *rest. */
static void read_setup(struct setup *setup, struct span *rest)
{
	*setup = (struct setup){ 0 };
	for (;;) {
		struct span before = *rest, line;

		if (!span_split(rest, '\n', &line))
			return;
		if (take_rule(setup, line))
			continue;
		if (span_starts(line, SPAN("policy: "))) {
			setup->policy = span_from(line, 8);
		} else if (span_starts(line, SPAN("mode: "))) {
			setup->mode = span_from(line, 6);
		} else if (span_equal(line, SPAN("guarded: yes"))) {
			setup->guarded = true;
		} else {
			*rest = before;
			return;
		}
	}
}

static void put_permissions(const struct setup *setup, struct outbuf *out)
{
	static const struct span names[] = { SPAN_INIT("allow"), SPAN_INIT("ask"),
		                             SPAN_INIT("deny") };

	outbuf_put_byte(out, '{');
	for (size_t i = 0; i < 3; i++) {
		if (i)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, names[i]);
		outbuf_put(out, SPAN(":["));
		for (size_t r = 0; r < setup->counts[i]; r++) {
			if (r)
				outbuf_put_byte(out, ',');
			outbuf_put_json(out, setup->rules[i][r]);
		}
		outbuf_put_byte(out, ']');
	}
	outbuf_put_byte(out, '}');
}

static void put_action(struct span input, struct outbuf *out)
{
	if (span_starts(input, SPAN("{\"tool\""))) {
		outbuf_put(out, input);
		return;
	}
	outbuf_put(out, SPAN("{\"tool\":\"Bash\",\"input\":{\"command\":"));
	outbuf_put_json(out, input);
	outbuf_put(out, SPAN("}}"));
}

static void print_verdict(const struct verdict *verdict, FILE *out)
{
	fprintf(out, "%s %s %s\n", decision_name(verdict->decision).ptr,
	        risk_level_name(verdict->risk).ptr, approval_name(verdict->approval).ptr);
	for (const struct judge_reason *r = verdict->reasons; r; r = r->next) {
		fprintf(out, "  %s %.*s", decision_name(r->decision).ptr, (int)r->rule.len,
		        r->rule.ptr);
		if (r->effect && r->effect->target.len)
			fprintf(out, " %.*s", (int)r->effect->target.len, r->effect->target.ptr);
		if (!span_equal(r->source, SPAN("built-in")))
			fprintf(out, " (%.*s)", (int)r->source.len, r->source.ptr);
		fputc('\n', out);
	}
}

static bool merge(const struct setup *setup, struct arena *arena, struct policy *policy, FILE *out)
{
	struct policy_file file = { .layer = POLICY_SYSTEM,
		                    .path = SPAN("policy.json"),
		                    .bytes = setup->policy };
	struct policy_override mode = { .layer = POLICY_COMMAND_LINE,
		                        .key = SPAN("permissionMode"),
		                        .value = setup->mode,
		                        .from = SPAN("--mode") };
	struct policy_input merged = { .files = setup->policy.len ? &file : NULL,
		                       .overrides = setup->mode.len ? &mode : NULL,
		                       .permissions_from = SPAN("rules") };
	struct policy_fault fault = { 0 };
	struct json_value *permissions;
	struct outbuf text;
	struct span copy, what;
	bool done;

	outbuf_init(&text, 1 << 20);
	put_permissions(setup, &text);
	done = outbuf_ok(&text) && arena_copy(arena, outbuf_span(&text), &copy) &&
	       json_parse(copy, NULL, arena, &permissions, NULL);
	outbuf_release(&text);
	if (!done)
		return false;
	merged.permissions = permissions;
	if (policy_merge(&merged, arena, policy, &fault))
		return true;
	if (policy_fault_text(&fault, arena, &what))
		fprintf(out, "policy: %.*s\n", (int)what.len, what.ptr);
	return false;
}

static void judge_text(const struct setup *setup, struct span input, struct arena *arena, FILE *out)
{
	struct action_defaults defaults = { .cwd = SPAN("/home/u/project"),
		                            .home = SPAN("/home/u") };
	const struct json_value *permissions;
	struct problem problem = { 0 };
	struct json_value *object;
	struct policy policy;
	struct judge_context context = { .policy = &policy, .guarded = setup->guarded };
	struct action action;
	struct effects effects;
	struct verdict verdict;
	struct outbuf text;
	struct span copy;

	if (!merge(setup, arena, &policy, out))
		return;
	outbuf_init(&text, 8 << 20);
	put_action(input, &text);
	if (arena_copy(arena, outbuf_span(&text), &copy) &&
	    json_parse(copy, NULL, arena, &object, &problem) &&
	    action_read(object, &defaults, arena, &action, &permissions, &problem) &&
	    effect_of_action(&action, NULL, arena, &effects, &problem) &&
	    judge(&context, &action, &effects, arena, &verdict))
		print_verdict(&verdict, out);
	else
		fprintf(out, "problem: %s\n", problem.what ? problem.what : "out of memory");
	outbuf_release(&text);
}

static void run(struct span input, FILE *out, void *context)
{
	struct setup setup;
	struct arena arena;

	(void)context;
	arena_init(&arena, (size_t)256 << 20);
	read_setup(&setup, &input);
	judge_text(&setup, input, &arena, out);
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
