/*
 * Layers and what they come to.  An input has parts between lines `...`; the first line of a part
 * says what follows:
 *     system, pack NAME, user-managed, project, user      a file's bytes
 *     environment KEY VALUE, command-line KEY VALUE       one value; no more lines
 *     permissions                                         an object that comes with an action
 *     tool NAME, model NAME, host NAME                    a question; no more lines
 */
#include <stdio.h>

#include "golden.h"
#include "policy/policy.h"

struct scene {
	struct arena arena;
	struct policy_file *files, **last_file;
	struct policy_override *overrides, **last_override;
	const struct json_value *permissions;
	struct span questions[16];
	size_t question_count;
};

static void put(FILE *out, struct span text)
{
	fwrite(text.len > 0 ? text.ptr : "", 1, text.len, out);
}

static void put_source(FILE *out, const struct policy_source *source, struct arena *arena)
{
	struct span text = SPAN("?");

	if (!policy_source_text(source, arena, &text))
		text = SPAN("out of memory");
	put(out, text);
}

static struct span path_of(enum policy_layer layer)
{
	switch (layer) {
	case POLICY_SYSTEM:
		return SPAN("/etc/bailiff/policy.json");
	case POLICY_USER_MANAGED:
		return SPAN("~/.bailiff/managed-settings.json");
	case POLICY_PROJECT:
		return SPAN(".bailiff/settings.json");
	case POLICY_USER:
		return SPAN("~/.bailiff/settings.json");
	case POLICY_PACK:
	case POLICY_BUILT_IN:
	case POLICY_ENVIRONMENT:
	case POLICY_COMMAND_LINE:
	case POLICY_SAVED_GRANT:
	case POLICY_SESSION_GRANT:
	case POLICY_LAYERS:
		break;
	}
	return SPAN("");
}

static void add_file(struct scene *scene, enum policy_layer layer, struct span path,
                     struct span bytes)
{
	struct policy_file *file = arena_new(&scene->arena, struct policy_file);

	*file = (struct policy_file){ .layer = layer,
		                      .path = path.len > 0 ? path : path_of(layer),
		                      .bytes = bytes };
	*scene->last_file = file;
	scene->last_file = &file->next;
}

static void add_override(struct scene *scene, enum policy_layer layer, struct span rest)
{
	struct policy_override *override = arena_new(&scene->arena, struct policy_override);

	*override = (struct policy_override){ .layer = layer,
		                              .from = layer == POLICY_ENVIRONMENT
		                                              ? SPAN("BAILIFF_X")
		                                              : SPAN("--x") };
	(void)span_split(&rest, ' ', &override->key);
	override->value = rest;
	*scene->last_override = override;
	scene->last_override = &override->next;
}

static void add_part(struct scene *scene, struct span part)
{
	struct span bytes = part, line = { NULL, 0 }, word = { NULL, 0 };
	enum policy_layer layer = POLICY_BUILT_IN;

	(void)span_split(&bytes, '\n', &line);
	struct span rest = line;
	(void)span_split(&rest, ' ', &word);
	while (layer < POLICY_LAYERS && !span_equal(policy_layer_name(layer), word))
		layer++;
	if (span_equal(word, SPAN("permissions"))) {
		struct json_value *value = NULL;
		struct problem problem;

		if (json_parse(bytes, NULL, &scene->arena, &value, &problem))
			scene->permissions = value;
	} else if (layer == POLICY_ENVIRONMENT || layer == POLICY_COMMAND_LINE) {
		add_override(scene, layer, rest);
	} else if (layer < POLICY_LAYERS) {
		add_file(scene, layer, rest, bytes);
	} else {
		scene->questions[scene->question_count++ % 16] = line;
	}
}

static bool is_list(const struct policy_value *value, enum policy_key key)
{
	(void)value;
	return key == POLICY_ALLOWED_MODELS || key == POLICY_BLOCKED_MODELS ||
	       key == POLICY_ALLOWED_TOOLS || key == POLICY_DISALLOWED_TOOLS ||
	       key == POLICY_AUTO_APPROVE_TOOLS || key == POLICY_RESTRICTED_PATHS ||
	       key == POLICY_ALLOWED_PATHS || key == POLICY_ALLOWED_COMMANDS ||
	       key == POLICY_REQUIRE_APPROVAL || key == POLICY_SANDBOX_REQUIRE ||
	       key == POLICY_SANDBOX_WRITABLE || key == POLICY_NETWORK_ALLOW ||
	       key == POLICY_NETWORK_DENY;
}

static void show_value(const struct policy *policy, enum policy_key key, struct arena *arena,
                       FILE *out)
{
	const struct policy_value *value = &policy->values[key];

	if (!value->set)
		return;
	put(out, policy_key_name(key));
	fprintf(out, " =");
	if (is_list(value, key)) {
		for (size_t i = 0; i < value->count; i++) {
			fprintf(out, "%s ", i > 0 ? "," : "");
			put(out, value->items[i].text);
		}
	} else if (key == POLICY_MAX_BUDGET_USD || key == POLICY_MAX_FILE_SIZE ||
	           key == POLICY_MAX_EXECUTION_TIME) {
		fprintf(out, " %g", value->number);
	} else if (value->text.len > 0) {
		fprintf(out, " ");
		put(out, value->text);
	} else {
		fprintf(out, " %s", value->truth ? "true" : "false");
	}
	fprintf(out, "%s  # ", value->locked ? "  locked" : "");
	put_source(out, &value->source, arena);
	for (size_t i = 0; !is_list(value, key) && i < value->count && value->count > 1; i++) {
		fprintf(out, i == 0 ? " of " : ", ");
		put_source(out, &value->items[i].source, arena);
	}
	fputc('\n', out);
}

static void show_policy(const struct policy *policy, struct arena *arena, FILE *out)
{
	for (enum policy_key key = 0; key < POLICY_KEYS; key++)
		show_value(policy, key, arena, out);
	if (policy->safe)
		fprintf(out, "safe\n");
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		put(out, rule_action_name(rule->rule.action));
		fprintf(out, " ");
		put(out, rule->rule.text);
		fprintf(out, "  # ");
		put_source(out, &rule->source, arena);
		fputc('\n', out);
	}
	for (const struct policy_server *server = policy->servers; server; server = server->next) {
		fprintf(out, "server ");
		put(out, server->name);
		for (size_t i = 0; i < server->allowed_count; i++) {
			fputc(' ', out);
			put(out, server->allowed[i].text);
		}
		fputc('\n', out);
	}
	for (const struct policy_note *note = policy->notes; note; note = note->next) {
		fprintf(out, note->kind == POLICY_VIOLATION ? "violation " : "warning ");
		put_source(out, &note->source, arena);
		fprintf(out, ": ");
		put(out, note->key);
		fprintf(out, ": %s", note->what);
		if (note->against.layer != POLICY_BUILT_IN) {
			fprintf(out, " (see ");
			put_source(out, &note->against, arena);
			fputc(')', out);
		}
		fputc('\n', out);
	}
}

static void answer(const struct policy *policy, struct span question, struct arena *arena,
                   FILE *out)
{
	const struct policy_item *item = NULL;
	struct span word = { NULL, 0 }, rest = question;
	bool yes;

	(void)span_split(&rest, ' ', &word);
	if (span_equal(word, SPAN("tool")))
		yes = policy_allows_tool(policy, rest, &item);
	else if (span_equal(word, SPAN("model")))
		yes = policy_allows_model(policy, rest, &item);
	else
		yes = policy_allows_host(policy, rest, &item);
	put(out, question);
	fprintf(out, yes ? ": yes" : ": no  # ");
	if (item) {
		put(out, item->text);
		fputc(' ', out);
		put_source(out, &item->source, arena);
	}
	fputc('\n', out);
}

static void run(struct span input, FILE *out, void *context)
{
	struct scene scene = { 0 };
	struct policy policy;
	struct policy_fault fault;
	struct span part;

	(void)context;
	arena_init(&scene.arena, 1 << 24);
	scene.last_file = &scene.files;
	scene.last_override = &scene.overrides;
	while (golden_part(&input, &part))
		add_part(&scene, part);
	struct policy_input merge = { .files = scene.files,
		                      .overrides = scene.overrides,
		                      .permissions = scene.permissions,
		                      .permissions_from = SPAN("action") };
	if (policy_merge(&merge, &scene.arena, &policy, &fault)) {
		show_policy(&policy, &scene.arena, out);
		for (size_t i = 0; i < scene.question_count; i++)
			answer(&policy, scene.questions[i], &scene.arena, out);
	} else {
		struct span text = SPAN("out of memory");

		if (!policy_fault_text(&fault, &scene.arena, &text))
			text = SPAN("out of memory");
		put(out, text);
		fputc('\n', out);
	}
	arena_release(&scene.arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
