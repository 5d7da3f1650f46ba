/* bailiff policy: what is in force, whether a file is good, and the schema. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/layers.h"
#include "cli/policy_test.h"
#include "policy/show.h"

enum { OUTPUT_BYTES = 32 * 1024 * 1024, FILE_BYTES = 1 << 20 };

struct request {
	const char *key, *layer;
	bool json;
};

static void put_value(struct outbuf *out, const struct policy *policy, enum policy_key key)
{
	const struct policy_value *value = &policy->values[key];

	switch (policy_key_shape(key)) {
	case POLICY_SHAPE_TRUTH:
		outbuf_put(out, value->truth ? SPAN("true") : SPAN("false"));
		break;
	case POLICY_SHAPE_NUMBER:
		if (value->set)
			policy_put_number(out, value->number);
		else
			outbuf_put(out, SPAN("no limit"));
		break;
	case POLICY_SHAPE_LIST:
		for (size_t i = 0; i < value->count; i++) {
			outbuf_put(out, i > 0 ? SPAN(", ") : SPAN(""));
			outbuf_put_visible(out, value->items[i].text, false);
		}
		outbuf_put(out, value->count == 0 ? SPAN("-") : SPAN(""));
		break;
	case POLICY_SHAPE_TEXT:
		outbuf_put_visible(out, value->text.len > 0 ? value->text : SPAN("-"), false);
		break;
	}
}

static void put_source(struct outbuf *out, const struct policy_source *source, struct arena *arena)
{
	struct span text;

	if (policy_source_text(source, arena, &text))
		outbuf_put(out, text);
}

static void put_key(struct outbuf *out, struct layers *layers, enum policy_key key, bool whole)
{
	const struct policy_value *value = &layers->policy.values[key];
	bool list = policy_key_shape(key) == POLICY_SHAPE_LIST;

	outbuf_put(out, policy_key_name(key));
	outbuf_put(out, SPAN(" = "));
	put_value(out, &layers->policy, key);
	outbuf_put(out, value->locked ? SPAN("  (locked)  ") : SPAN("  "));
	put_source(out, &value->source, &layers->arena);
	outbuf_put_byte(out, '\n');
	/* Where more was said than what stands, all of it is shown: the other budget, say. */
	for (size_t i = 0; i < value->count && (whole || (!list && value->count > 1)); i++) {
		outbuf_put(out, SPAN("    "));
		if (policy_key_shape(key) == POLICY_SHAPE_NUMBER)
			policy_put_number(out, value->items[i].number);
		else
			outbuf_put_visible(out, value->items[i].text, false);
		outbuf_put(out, value->items[i].locked ? SPAN("  (locked)  ") : SPAN("  "));
		put_source(out, &value->items[i].source, &layers->arena);
		outbuf_put_byte(out, '\n');
	}
}

static void put_all(struct outbuf *out, struct layers *layers)
{
	const struct policy *policy = &layers->policy;

	for (enum policy_key key = 0; key < POLICY_KEYS; key++)
		if (policy->values[key].set || key == POLICY_PERMISSION_MODE ||
		    key == POLICY_AUDIT_LOG || key == POLICY_SANDBOX_ENABLED)
			put_key(out, layers, key, false);
	for (size_t i = 0; i < policy->rule_count; i++) {
		outbuf_put(out, rule_action_name(policy->rules[i].rule.action));
		outbuf_put(out, SPAN("  "));
		outbuf_put_visible(out, policy->rules[i].rule.text, false);
		outbuf_put(out, SPAN("  "));
		put_source(out, &policy->rules[i].source, &layers->arena);
		outbuf_put_byte(out, '\n');
	}
}

static void tell_notes(const struct policy *policy, struct arena *arena)
{
	for (const struct policy_note *note = policy->notes; note; note = note->next) {
		struct span source = SPAN("?");

		if (!policy_source_text(&note->source, arena, &source))
			source = SPAN("?");
		fprintf(stderr, "bailiff: %.*s: %s: %.*s: %s\n", (int)source.len, source.ptr,
		        note->kind == POLICY_VIOLATION ? "tries to loosen" : "warning",
		        (int)note->key.len, note->key.ptr, note->what);
	}
}

static int show(const struct request *request)
{
	enum policy_key key = POLICY_KEYS;
	struct layers layers;
	struct outbuf out;
	int status;

	if (request->key && !policy_key_find(span_of(request->key), &key))
		return cli_fail("policy", EXIT_STATUS_USAGE,
		                "%s is no key of a policy; see bailiff-policy(5)", request->key);
	if (!layers_open("policy", &layers, &status))
		return status;
	outbuf_init(&out, OUTPUT_BYTES);
	if (key != POLICY_KEYS && request->json)
		policy_put_key(&out, &layers.policy, key);
	else if (key != POLICY_KEYS)
		put_key(&out, &layers, key, true);
	else if (request->json)
		policy_put_json(&out, &layers.policy);
	else
		put_all(&out, &layers);
	if (request->json)
		outbuf_put_byte(&out, '\n');
	status = layers_print(&out, 0);
	if (!request->json)
		tell_notes(&layers.policy, &layers.arena);
	layers_close(&layers);
	return status;
}

static bool layer_of(const char *name, enum policy_layer *layer)
{
	for (*layer = POLICY_SYSTEM; *layer <= POLICY_USER; (*layer)++)
		if (span_equal(policy_layer_name(*layer), span_of(name)))
			return true;
	return false;
}

/* A file as if it stood in its place: strict as a managed one where nothing else is said. */
static int check(const struct request *request, const char *path)
{
	struct policy_file file = { .layer = POLICY_SYSTEM, .path = span_of(path) };
	struct policy_input input = { .files = &file };
	struct policy_fault fault;
	struct problem problem;
	struct policy policy;
	struct arena arena;
	int status = 0;

	if (request->layer && !layer_of(request->layer, &file.layer))
		return cli_fail("policy", EXIT_STATUS_USAGE,
		                "%s is no layer: system, pack, user-managed, project or user",
		                request->layer);
	arena_init(&arena, 64 * 1024 * 1024);
	if (!file_read(path, FILE_BYTES, &arena, &file.bytes, &problem)) {
		status = cli_fail("policy", EXIT_STATUS_DATA, "%s: %s%s%s", path, problem.what,
		                  problem.sys_errno ? ": " : "",
		                  problem.sys_errno ? strerror(problem.sys_errno) : "");
	} else if (!policy_merge(&input, &arena, &policy, &fault)) {
		status = layers_fault(&fault, &arena);
	} else {
		tell_notes(&policy, &arena);
		printf("%s: good, as a file of layer %s: %zu rules\n", path,
		       policy_layer_name(file.layer).ptr, policy.rule_count);
	}
	arena_release(&arena);
	return status;
}

int cli_policy(int argc, char **argv)
{
	struct request request = { 0 };
	const struct args_option *option;
	struct args args;
	const char *word;

	args_init(&args, argc, argv, cli_options("policy"));
	while (args_next(&args, &option)) {
		switch (option->letter) {
		case 'h':
			return cli_help_for("policy");
		case 'j':
			request.json = true;
			break;
		case 'k':
			request.key = args.value;
			break;
		default:
			request.layer = args.value;
		}
	}
	word = args.at < argc ? argv[args.at] : "";
	if (args.problem)
		return cli_usage("policy", &args);
	if (strcmp(word, "show") == 0 && argc - args.at == 1)
		return show(&request);
	if (strcmp(word, "check") == 0 && argc - args.at == 2)
		return check(&request, argv[args.at + 1]);
	if (strcmp(word, "test") == 0 && argc - args.at == 2)
		return cli_policy_test(argv[args.at + 1]);
	if (strcmp(word, "schema") == 0 && argc - args.at == 1)
		return fwrite(policy_schema.ptr, 1, policy_schema.len, stdout) == policy_schema.len
		               ? 0
		               : EXIT_STATUS_INTERNAL;
	return cli_usage("policy", &args);
}
