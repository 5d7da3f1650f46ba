/*
 * Which rules an action meets, without a shell in between: commands and effects are written down.
 * An input has lines of rules, then lines of actions; the answer is one line an action.
 *     deny RULE, ask RULE, allow RULE            of the user; with "managed " before: of the system
 *     grant RULE, session-grant RULE, with "other " (session's) or "expired " before RULE
 *     no-grants, managed-only                    safe mode; only managed rules may allow
 *     workspace PATH, cwd PATH, home PATH, link PATH TARGET
 *     $ WORDS => WORDS ;; WORDS @ KIND TARGET [FLAG...]
 *           commands: => is run by the one before it, ;; stands beside it, @ is an effect of it.
 *           Words are split at blanks, quoting with ''; ? at a word's end: unknown from there on;
 *           ... as last word: more may follow.  NAME=value words in front are assignments.
 *     % TOOL TARGET, or % TOOL {JSON}           another tool: Read, Edit, WebFetch ...
 * "-" means that no rule decides.
 */
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "command/command.h"
#include "golden.h"
#include "judge/rules.h"

struct scene {
	struct arena arena;
	struct policy policy;
	struct action action;
	struct effects effects;
	struct effect_command **last_command;
	struct effect **last_effect;
	struct span workspace, link, target;
	bool no_grants;
	FILE *out;
};

static bool takes(struct span *line, const char *word)
{
	struct span name = span_of(word);

	if (!span_starts(*line, name))
		return false;
	*line = span_from(*line, name.len);
	return true;
}

static bool resolve(void *context, struct span path, struct arena *arena, struct span *real)
{
	const struct scene *scene = context;

	(void)arena;
	*real = scene->link.len > 0 && span_equal(path, scene->link) ? scene->target : path;
	return !span_equal(*real, SPAN("?"));
}

static void add_rule(struct scene *scene, enum rule_action action, enum policy_layer layer,
                     bool grant, struct span text)
{
	struct policy_rule rule = { .source = { .layer = layer, .file = policy_layer_name(layer) },
		                    .grant = grant,
		                    .session = layer == POLICY_SESSION_GRANT ? SPAN("s1")
		                                                             : SPAN("") };
	struct problem problem = { 0 };

	if (takes(&text, "other "))
		rule.session = SPAN("s2");
	if (takes(&text, "expired "))
		rule.expires_ns = 50;
	if (!rule_read(text, action, &rule.rule, &problem))
		fprintf(scene->out, "%.*s: %s\n", (int)text.len, text.ptr, problem.what);
	else if (!policy_add_rule(&scene->policy, &rule, &scene->arena))
		fprintf(scene->out, "out of memory\n");
}

static bool rule_line(struct scene *scene, struct span line)
{
	enum policy_layer layer = takes(&line, "managed ") ? POLICY_SYSTEM : POLICY_USER;

	if (takes(&line, "deny "))
		add_rule(scene, RULE_DENY, layer, false, line);
	else if (takes(&line, "ask "))
		add_rule(scene, RULE_ASK, layer, false, line);
	else if (takes(&line, "allow "))
		add_rule(scene, RULE_ALLOW, layer, false, line);
	else if (takes(&line, "grant "))
		add_rule(scene, RULE_ALLOW, POLICY_SAVED_GRANT, true, line);
	else if (takes(&line, "session-grant "))
		add_rule(scene, RULE_ALLOW, POLICY_SESSION_GRANT, true, line);
	else
		return false;
	return true;
}

/* Splits off one word; quotes are taken away. */
static bool next_word(struct span *line, struct arena *arena, struct effect_word *word)
{
	char *text, *end;
	bool quoted = false;
	size_t at = 0;

	*line = span_trim(*line);
	if (line->len == 0)
		return false;
	text = end = arena_alloc(arena, line->len + 1, 1);
	for (; at < line->len && (quoted || line->ptr[at] != ' '); at++) {
		if (line->ptr[at] == '\'')
			quoted = !quoted;
		else
			*end++ = line->ptr[at];
	}
	*word = (struct effect_word){ .text = { text, (size_t)(end - text) }, .complete = true };
	if (word->text.len > 0 && end[-1] == '?') {
		word->complete = false;
		word->text.len--;
	}
	*line = span_from(*line, at);
	return true;
}

static bool is_assignment(struct span word)
{
	size_t equal;

	return span_find_byte(word, '=', &equal) && equal > 0 && word.ptr[0] != '-' &&
	       !span_find_byte(span_slice(word, 0, equal), '/', NULL);
}

/* The name and the sub-command, as the tables know them. */
static void look_up(struct scene *scene, struct effect_command *command)
{
	struct command_arg *args = arena_array(&scene->arena, struct command_arg, command->argc);
	struct command_match match;

	for (size_t i = 0; i < command->argc; i++)
		args[i] = (struct command_arg){ command->argv[i].text, command->argv[i].complete };
	if (command->argc == 0)
		return;
	command->name = path_basename(command->argv[0].text);
	if (command_match(args, command->argc, &scene->arena, &match, NULL) && match.spec) {
		command->name = match.name;
		command->sub = match.sub;
		command->known = match.understood;
	}
}

static struct effect_command *add_command(struct scene *scene, struct span text,
                                          struct effect_command *parent)
{
	struct effect_command *command = arena_new(&scene->arena, struct effect_command);
	struct effect_word word;

	command->argv = arena_array(&scene->arena, struct effect_word, text.len + 1);
	command->assignments = arena_array(&scene->arena, struct span, text.len + 1);
	command->parent = parent;
	command->start = (size_t)(text.ptr - scene->effects.text.ptr);
	command->end = command->start + text.len;
	while (next_word(&text, &scene->arena, &word)) {
		word.start = command->start;
		word.end = command->end;
		if (span_equal(word.text, SPAN("...")))
			command->open_ended = true;
		else if (command->argc == 0 && is_assignment(word.text))
			command->assignments[command->assignment_count++] = word.text;
		else
			command->argv[command->argc++] = word;
	}
	look_up(scene, command);
	*scene->last_command = command;
	scene->last_command = &command->next;
	return command;
}

static unsigned flag_of(struct span word)
{
	static const struct {
		struct span word;
		unsigned flag;
	} flags[] = { { SPAN_INIT("recursive"), EFFECT_RECURSIVE },
		      { SPAN_INIT("redirect"), EFFECT_REDIRECT },
		      { SPAN_INIT("glob"), EFFECT_GLOB },
		      { SPAN_INIT("beneath"), EFFECT_BENEATH },
		      { SPAN_INIT("create"), EFFECT_CREATE } };

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (span_equal(word, flags[i].word))
			return flags[i].flag;
	return 0;
}

static void add_effect(struct scene *scene, struct span text, struct effect_command *command)
{
	static const struct {
		struct span word;
		enum effect_kind kind;
	} kinds[] = {
		{ SPAN_INIT("read"), EFFECT_READ },       { SPAN_INIT("list"), EFFECT_LIST },
		{ SPAN_INIT("write"), EFFECT_WRITE },     { SPAN_INIT("delete"), EFFECT_DELETE },
		{ SPAN_INIT("move"), EFFECT_MOVE },       { SPAN_INIT("mode"), EFFECT_MODE },
		{ SPAN_INIT("connect"), EFFECT_CONNECT }, { SPAN_INIT("code"), EFFECT_CODE },
		{ SPAN_INIT("upload"), EFFECT_UPLOAD }
	};
	struct effect *effect = arena_new(&scene->arena, struct effect);
	struct effect_word word = { 0 };

	(void)next_word(&text, &scene->arena, &word);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_equal(word.text, kinds[i].word))
			effect->kind = kinds[i].kind;
	(void)next_word(&text, &scene->arena, &word);
	effect->target = word.text;
	effect->certainty = word.complete ? CERTAINTY_KNOWN : CERTAINTY_UNKNOWN;
	effect->facts.place = span_equal(word.text, SPAN("/dev/null")) ? PLACE_SINK : PLACE_UNKNOWN;
	effect->command = command;
	effect->end = scene->effects.text.len;
	while (next_word(&text, &scene->arena, &word)) {
		effect->flags |= flag_of(word.text);
		if (takes(&word.text, "from=")) {
			effect->source = word.text;
		} else if (takes(&word.text, "typed=") &&
		           span_find(scene->effects.text, word.text, &effect->start)) {
			effect->end = effect->start + word.text.len;
		}
	}
	if (effect->flags & (EFFECT_GLOB | EFFECT_BENEATH))
		effect->certainty = CERTAINTY_PARTLY;
	*scene->last_effect = effect;
	scene->last_effect = &effect->next;
}

static bool cut(struct span *rest, const char *mark, struct span *part)
{
	size_t at;

	if (rest->len == 0)
		return false;
	if (!span_find(*rest, span_of(mark), &at)) {
		*part = *rest;
		*rest = span_from(*rest, rest->len);
		return true;
	}
	*part = span_slice(*rest, 0, at);
	*rest = span_from(*rest, at + strlen(mark));
	return true;
}

static void read_commands(struct scene *scene, struct span line)
{
	struct span beside, chain, part;

	while (cut(&line, " ;; ", &beside)) {
		struct effect_command *parent = NULL;

		while (cut(&beside, " => ", &chain)) {
			(void)cut(&chain, " @ ", &part);
			parent = add_command(scene, part, parent);
			while (cut(&chain, " @ ", &part))
				add_effect(scene, part, parent);
		}
	}
}

static void read_tool(struct scene *scene, struct span line)
{
	struct span rest = line, target;
	struct json_value *input = NULL;
	const char *kind = "list ";
	char text[512];

	(void)span_split(&rest, ' ', &scene->action.tool);
	target = rest;
	if (span_starts(target, SPAN("{"))) {
		if (!json_parse(target, NULL, &scene->arena, &input, NULL))
			fprintf(scene->out, "no JSON\n");
		scene->action.input = input;
		return;
	}
	if (target.len == 0)
		return;
	if (span_equal(scene->action.tool, SPAN("WebFetch")))
		kind = "connect ";
	else if (span_equal(scene->action.tool, SPAN("Read")) ||
	         span_equal(scene->action.tool, SPAN("Grep")))
		kind = "read ";
	else if (span_find(scene->action.tool, SPAN("dit"), NULL) ||
	         span_equal(scene->action.tool, SPAN("Write")))
		kind = "write ";
	(void)snprintf(text, sizeof text, "%s%.*s", kind, (int)target.len, target.ptr);
	struct span copy;
	if (arena_copy(&scene->arena, span_of(text), &copy))
		add_effect(scene, copy, NULL);
}

/* The one rule that covers everything, "several" where it takes more, NULL where something is not. */
static struct span covering(const struct scene *scene, const struct rules_matches *matches)
{
	const struct policy_rule *first = matches->tool, *rule;
	bool several = false;

	for (const struct effect_command *at = scene->effects.commands; at; at = at->next) {
		rule = rules_covering_command(matches, at);
		if (!rule)
			return SPAN("");
		several = several || (first && rule != first);
		first = first ? first : rule;
	}
	for (const struct effect *at = scene->effects.first; at; at = at->next) {
		rule = rules_covering(matches, at);
		if (!rule && at->facts.place != PLACE_SINK)
			return SPAN("");
		several = several || (first && rule && rule != first);
		first = first ? first : rule;
	}
	if (!first)
		return SPAN("");
	return several ? SPAN("several") : first->rule.text;
}

static void decide(struct scene *scene)
{
	struct rules_context context = { .policy = &scene->policy,
		                         .action = &scene->action,
		                         .effects = &scene->effects,
		                         .now_ns = 100,
		                         .no_grants = scene->no_grants };
	struct rules_matches matches;
	struct span rule;

	if (!rules_match(&context, &scene->arena, &matches)) {
		fprintf(scene->out, "out of memory\n");
		return;
	}
	if (matches.deny) {
		rule = matches.deny->rule->rule.text;
		fprintf(scene->out, "deny  by %.*s\n", (int)rule.len, rule.ptr);
	} else if (matches.ask) {
		rule = matches.ask->rule->rule.text;
		fprintf(scene->out, "ask   by %.*s\n", (int)rule.len, rule.ptr);
	} else {
		rule = covering(scene, &matches);
		if (rule.len > 0)
			fprintf(scene->out, "allow by %.*s\n", (int)rule.len, rule.ptr);
		else
			fprintf(scene->out, "-\n");
	}
}

static void action_line(struct scene *scene, struct span line)
{
	bool commands = takes(&line, "$ ");

	scene->effects = (struct effects){ .text = line };
	scene->last_command = &scene->effects.commands;
	scene->last_effect = &scene->effects.first;
	scene->action.tool = SPAN("Bash");
	scene->action.input = NULL;
	scene->action.session = SPAN("s1");
	if (commands)
		read_commands(scene, line);
	else if (takes(&line, "% "))
		read_tool(scene, line);
	else
		fprintf(scene->out, "what is this: ");
	decide(scene);
}

static void run(struct span input, FILE *out, void *context)
{
	struct scene scene = { .out = out };
	struct paths_view view = { &scene, resolve };
	struct span line;

	(void)context;
	arena_init(&scene.arena, 1 << 26);
	policy_default(&scene.policy);
	scene.workspace = SPAN("/home/u/proj");
	scene.action.paths = (struct paths_context){ .cwd = SPAN("/home/u/proj"),
		                                     .home = SPAN("/home/u"),
		                                     .workspace = &scene.workspace,
		                                     .workspace_count = 1 };
	while (span_split(&input, '\n', &line)) {
		if (line.len == 0 || rule_line(&scene, line))
			continue;
		if (takes(&line, "no-grants"))
			scene.no_grants = true;
		else if (takes(&line, "managed-only"))
			scene.policy.values[POLICY_MANAGED_RULES_ONLY].truth = true;
		else if (takes(&line, "cwd "))
			scene.action.paths.cwd = line;
		else if (takes(&line, "home "))
			scene.action.paths.home = line;
		else if (takes(&line, "workspace "))
			scene.workspace = line;
		else if (takes(&line, "link ")) {
			(void)span_split(&line, ' ', &scene.link);
			scene.target = line;
			scene.action.view = &view;
		} else
			action_line(&scene, line);
	}
	arena_release(&scene.arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
