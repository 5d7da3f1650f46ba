/*
 * Permission rules as text.
 *
 * The syntax is the one that agents of this field share: Tool, Tool(specifier), and what the
 * specifier means depends on the tool.  A rule that is well-formed but can never match is kept,
 * with the reason, so that a person is told rather than left with a false sense of safety.
 */
#include "policy/rule.h"

enum { RULE_BYTES = 4096 };

struct span rule_action_name(enum rule_action action)
{
	switch (action) {
	case RULE_DENY:
		return SPAN("deny");
	case RULE_ASK:
		return SPAN("ask");
	case RULE_ALLOW:
		break;
	}
	return SPAN("allow");
}

static void never(struct rule *rule, const char *why)
{
	rule->kind = RULE_NEVER;
	rule->why = why;
}

static bool is_one_of(struct span text, const struct span *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_nocase(text, names[i]))
			return true;
	return false;
}

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

/* NAME:VALUE with an identifier for a name; false where `text` has another form. */
static bool split_parameter(struct span text, struct span *name, struct span *value)
{
	size_t colon;

	if (!span_find_byte(text, ':', &colon) || colon == 0)
		return false;
	for (size_t i = 0; i < colon; i++)
		if (!is_name_byte(text.ptr[i]))
			return false;
	*name = span_slice(text, 0, colon);
	*value = span_from(text, colon + 1);
	return true;
}

/* Fields that a tool's own matcher looks at in their canonical form. */
static bool is_primary_field(struct span name)
{
	static const struct span fields[] = { SPAN_INIT("command"), SPAN_INIT("file_path"),
		                              SPAN_INIT("path"), SPAN_INIT("notebook_path"),
		                              SPAN_INIT("url") };

	return is_one_of(name, fields, sizeof(fields) / sizeof(fields[0]));
}

static void read_parameter(struct rule *rule, struct span name, struct span value)
{
	rule->kind = RULE_PARAMETER;
	rule->parameter = name;
	rule->pattern = value;
	if (is_primary_field(name))
		never(rule,
		      "this field is matched by the tool's own pattern, not by name: write the "
		      "pattern alone");
	else if (rule->action == RULE_ALLOW)
		never(rule,
		      "one parameter cannot show that a whole call is safe: only deny and ask "
		      "rules take name:value");
}

static size_t count_stars(struct span text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '*';
	return count;
}

static void read_command(struct rule *rule, struct span spec)
{
	static const struct span parameters[] = { SPAN_INIT("command"),
		                                  SPAN_INIT("run_in_background"),
		                                  SPAN_INIT("timeout"), SPAN_INIT("description"),
		                                  SPAN_INIT("dangerouslyDisableSandbox") };
	struct span name, value;

	/* "npm:*" is a command and "timeout:*" too: only a value makes a parameter of it. */
	if (split_parameter(spec, &name, &value) && !span_equal(value, SPAN("*")) &&
	    is_one_of(name, parameters, sizeof(parameters) / sizeof(parameters[0]))) {
		read_parameter(rule, name, value);
		return;
	}
	rule->kind = RULE_COMMAND;
	rule->pattern = spec;
	if (span_ends(spec, SPAN(":*"))) {
		rule->pattern = span_slice(spec, 0, spec.len - 2);
		rule->prefix = true;
		if (rule->action == RULE_ALLOW && count_stars(rule->pattern) > 0)
			never(rule, "\":*\" ends a pattern without other stars: write \" *\"");
	} else if (span_ends(spec, SPAN(" *")) && count_stars(spec) == 1) {
		rule->pattern = span_trim(span_slice(spec, 0, spec.len - 2));
		rule->prefix = true;
	}
	if (rule->pattern.len == 0 && rule->kind == RULE_COMMAND)
		rule->kind = RULE_TOOL;
}

/* One component, perhaps with a slash or a "/ **" behind it. */
static bool is_one_component(struct span pattern)
{
	if (span_ends(pattern, SPAN("/**")))
		pattern = span_slice(pattern, 0, pattern.len - 3);
	else if (span_ends(pattern, SPAN("/")))
		pattern = span_slice(pattern, 0, pattern.len - 1);
	return pattern.len > 0 && !span_find_byte(pattern, '/', NULL) &&
	       !span_equal(pattern, SPAN("**"));
}

static void read_path(struct rule *rule, struct span spec)
{
	struct span name, value;

	if (split_parameter(spec, &name, &value) &&
	    (is_primary_field(name) || span_equal(name, SPAN("limit")) ||
	     span_equal(name, SPAN("offset")))) {
		read_parameter(rule, name, value);
		return;
	}
	rule->kind = RULE_PATH;
	if (span_starts(spec, SPAN("!"))) {
		rule->negated = true;
		spec = span_from(spec, 1);
		if (rule->action == RULE_ALLOW)
			never(rule, "only deny and ask rules can be taken back with \"!\"");
	}
	rule->pattern = spec;
	if (span_starts(spec, SPAN("//"))) {
		rule->anchor = RULE_ANCHOR_ROOT;
		rule->pattern = span_from(spec, 2);
	} else if (span_starts(spec, SPAN("/"))) {
		rule->anchor = RULE_ANCHOR_SETTINGS;
		rule->pattern = span_from(spec, 1);
	} else if (span_equal(spec, SPAN("~")) || span_starts(spec, SPAN("~/"))) {
		rule->anchor = RULE_ANCHOR_HOME;
		rule->pattern = span_from(spec, spec.len == 1 ? 1 : 2);
	} else if (span_starts(spec, SPAN("./"))) {
		rule->pattern = span_from(spec, 2);
	} else if (!span_find_byte(spec, '/', NULL)) {
		rule->deep = true;
	} else {
		/* A directory's name: an allow rule means the one here, a deny rule each of that name. */
		rule->deep = rule->action != RULE_ALLOW && is_one_component(spec);
	}
}

void rule_read_path(struct span path, enum rule_action action, struct rule *rule)
{
	*rule = (struct rule){ .action = action, .text = path, .tool = SPAN("Edit") };
	read_path(rule, path);
}

static void read_domain(struct rule *rule, struct span spec)
{
	struct span name, value;

	if (span_equal(spec, SPAN("*"))) {
		rule->kind = RULE_TOOL;
	} else if (!split_parameter(spec, &name, &value)) {
		never(rule, "write domain:HOST");
	} else if (span_equal(name, SPAN("domain"))) {
		rule->kind = RULE_DOMAIN;
		rule->pattern = span_trim(value);
		if (rule->pattern.len == 0)
			never(rule, "write domain:HOST");
	} else {
		read_parameter(rule, name, value);
	}
}

static void read_specifier(struct rule *rule, struct span spec)
{
	static const struct span unread[] = { SPAN_INIT("Write"),
		                              SPAN_INIT("MultiEdit"),
		                              SPAN_INIT("NotebookEdit"),
		                              SPAN_INIT("NotebookRead"),
		                              SPAN_INIT("Glob"),
		                              SPAN_INIT("Grep"),
		                              SPAN_INIT("LS") };
	static const struct span agents[] = { SPAN_INIT("Agent"), SPAN_INIT("Task") };
	struct span name, value;

	if (span_equal_nocase(rule->tool, SPAN("Bash"))) {
		read_command(rule, spec);
	} else if (span_equal_nocase(rule->tool, SPAN("Read")) ||
	           span_equal_nocase(rule->tool, SPAN("Edit"))) {
		read_path(rule, spec);
	} else if (is_one_of(rule->tool, unread, sizeof(unread) / sizeof(unread[0]))) {
		never(rule, "path rules are read for Edit and Read alone, which cover the other "
		            "file tools");
	} else if (span_equal_nocase(rule->tool, SPAN("WebFetch"))) {
		read_domain(rule, spec);
	} else if (split_parameter(spec, &name, &value)) {
		read_parameter(rule, name, value);
	} else if (is_one_of(rule->tool, agents, sizeof(agents) / sizeof(agents[0]))) {
		rule->kind = RULE_PARAMETER;
		rule->parameter = SPAN("subagent_type");
		rule->pattern = spec;
	} else if (span_equal(spec, SPAN("*"))) {
		rule->kind = RULE_TOOL;
	} else {
		never(rule, "this tool has no patterns: write its name alone, or name:value");
	}
}

/* An allow rule names its tools; only behind a server's literal name may it have stars. */
static bool allow_names_its_tools(struct span tool)
{
	struct span rest;
	size_t at;

	if (!span_find_byte(tool, '*', NULL))
		return true;
	if (!span_starts(tool, SPAN("mcp__")))
		return false;
	rest = span_from(tool, 5);
	return span_find(rest, SPAN("__"), &at) && at > 0 &&
	       !span_find_byte(span_slice(rest, 0, at), '*', NULL);
}

bool rule_read(struct span text, enum rule_action action, struct rule *rule,
               struct problem *problem)
{
	size_t open;
	struct span spec = { NULL, 0 };

	*rule = (struct rule){ .action = action, .kind = RULE_TOOL, .text = text };
	if (text.len > RULE_BYTES)
		return problem_set(problem, PROBLEM_LIMIT, RULE_BYTES,
		                   "a rule longer than 4,096 bytes");
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return problem_set(problem, PROBLEM_SYNTAX, i,
			                   "a control character in a rule");
	if (span_find_byte(text, '(', &open)) {
		if (!span_ends(text, SPAN(")")))
			return problem_set(
				problem, PROBLEM_SYNTAX, text.len,
				"a rule's parenthesis is not closed, or something follows it");
		spec = span_trim(span_slice(text, open + 1, text.len - 1));
		rule->tool = span_trim(span_slice(text, 0, open));
	} else if (span_find_byte(text, ')', &open)) {
		return problem_set(problem, PROBLEM_SYNTAX, open,
		                   "a rule closes a parenthesis it never opened");
	} else {
		rule->tool = span_trim(text);
	}
	if (rule->tool.len == 0)
		return problem_set(problem, PROBLEM_SYNTAX, 0, "a rule without a tool's name");
	if (spec.len > 0)
		read_specifier(rule, spec);
	else if (spec.ptr && action == RULE_ALLOW)
		never(rule,
		      "empty parentheses allow nothing: write the tool's name alone for every use");
	if (action == RULE_ALLOW && rule->kind != RULE_NEVER && !allow_names_its_tools(rule->tool))
		never(rule, "an allow rule names its tools: stars only behind \"mcp__SERVER__\"");
	return true;
}
