/*
 * The settings of Claude Code and Codex have one shape: hooks, then the event, then
 * groups with a matcher, then handlers.  The tree is changed and written again.
 */
#include "hook/install.h"
#include "base/path.h"

/* ---- building values ---- */

static struct json_value *value_new(struct arena *arena, enum json_kind kind, struct span key)
{
	struct json_value *value = arena_new(arena, struct json_value);

	if (value) {
		value->kind = kind;
		value->key = key;
	}
	return value;
}

static void append(struct json_value *parent, struct json_value *child)
{
	struct json_value **tail = &parent->first;

	while (*tail)
		tail = &(*tail)->next;
	*tail = child;
	parent->count++;
}

static bool append_text(struct arena *arena, struct json_value *parent, struct span key,
                        struct span text)
{
	struct json_value *value = value_new(arena, JSON_STRING, key);

	if (!value)
		return false;
	value->text = text;
	append(parent, value);
	return true;
}

static struct json_value *member(struct json_value *object, struct span key)
{
	for (struct json_value *m = object->first; m; m = m->next) {
		if (span_equal(m->key, key))
			return m;
	}
	return NULL;
}

/* The member of that kind, made where it is missing; NULL: out of memory, or there as another kind. */
static struct json_value *want(struct arena *arena, struct json_value *object, struct span key,
                               enum json_kind kind, struct problem *problem)
{
	struct json_value *found = member(object, key);

	if (found && found->kind == kind)
		return found;
	if (found) {
		problem_set(problem, PROBLEM_SYNTAX, found->start,
		            "hooks are not where they should be");
		return NULL;
	}
	found = value_new(arena, kind, key);
	if (found)
		append(object, found);
	else
		problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	return found;
}

static bool read_settings(struct span before, struct arena *arena, struct json_value **root,
                          struct problem *problem)
{
	if (span_trim(before).len == 0) {
		*root = value_new(arena, JSON_OBJECT, SPAN(""));
		return *root || problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	}
	if (!json_parse(before, NULL, arena, root, problem))
		return false;
	if ((*root)->kind != JSON_OBJECT)
		return problem_set(problem, PROBLEM_SYNTAX, (*root)->start,
		                   "settings must be an object");
	return true;
}

/* ---- ours ---- */

bool hook_command_ours(const struct hook_host *host, struct span command)
{
	struct span name, rest;
	size_t at;

	if (!span_find(command, SPAN(" hook "), &at))
		return false;
	name = path_basename(span_slice(command, 0, at));
	rest = span_from(command, at + SPAN(" hook ").len);
	if (span_ends(name, SPAN("'")) || span_ends(name, SPAN("\"")))
		name.len--;
	return span_equal(name, SPAN("bailiff")) && span_equal(rest, span_of(host->name));
}

static bool handler_ours(const struct hook_host *host, const struct json_value *handler)
{
	struct span command;

	return json_string(json_get(handler, SPAN("command")), &command) &&
	       hook_command_ours(host, command);
}

/* Whether the event has our handler with exactly this command, for every tool. */
static bool present(const struct json_value *groups, struct span command)
{
	for (const struct json_value *group = groups->first; group; group = group->next) {
		const struct json_value *handlers = json_get(group, SPAN("hooks"));
		struct span matcher = SPAN("*"), text;

		json_string(json_get(group, SPAN("matcher")), &matcher);
		for (const struct json_value *h = handlers ? handlers->first : NULL; h;
		     h = h->next) {
			if (span_equal(matcher, SPAN("*")) &&
			    json_string(json_get(h, SPAN("command")), &text) &&
			    span_equal(text, command))
				return true;
		}
	}
	return false;
}

/* {"matcher":"*","hooks":[{"type":"command","command":COMMAND}]} */
static bool add_group(struct arena *arena, struct json_value *groups, struct span command)
{
	struct json_value *group = value_new(arena, JSON_OBJECT, SPAN(""));
	struct json_value *handlers = value_new(arena, JSON_ARRAY, SPAN("hooks"));
	struct json_value *handler = value_new(arena, JSON_OBJECT, SPAN(""));

	if (!group || !handlers || !handler ||
	    !append_text(arena, group, SPAN("matcher"), SPAN("*")) ||
	    !append_text(arena, handler, SPAN("type"), SPAN("command")) ||
	    !append_text(arena, handler, SPAN("command"), command))
		return false;
	append(handlers, handler);
	append(group, handlers);
	append(groups, group);
	return true;
}

/* ---- taking out ---- */

/* Drops the children that `ours` says; true where one went. */
static bool drop_handlers(const struct hook_host *host, struct json_value *handlers)
{
	struct json_value **link = &handlers->first;
	bool dropped = false;

	while (*link) {
		if (handler_ours(host, *link)) {
			*link = (*link)->next;
			handlers->count--;
			dropped = true;
		} else {
			link = &(*link)->next;
		}
	}
	return dropped;
}

/* Groups that held nothing but our handlers go with them. */
static bool drop_groups(const struct hook_host *host, struct json_value *groups)
{
	struct json_value **link = &groups->first;
	bool dropped = false;

	while (*link) {
		struct json_value *handlers = (*link)->kind == JSON_OBJECT
		                                      ? member(*link, SPAN("hooks"))
		                                      : NULL;
		bool here = handlers && handlers->kind == JSON_ARRAY &&
		            drop_handlers(host, handlers);

		dropped = dropped || here;
		if (here && handlers->count == 0) {
			*link = (*link)->next;
			groups->count--;
		} else {
			link = &(*link)->next;
		}
	}
	return dropped;
}

static bool drop_all(const struct hook_host *host, struct json_value *root)
{
	struct json_value *hooks = member(root, SPAN("hooks"));
	struct json_value **link;
	bool dropped = false;

	if (!hooks || hooks->kind != JSON_OBJECT)
		return false;
	link = &hooks->first;
	while (*link) {
		bool here = (*link)->kind == JSON_ARRAY && drop_groups(host, *link);

		dropped = dropped || here;
		if (here && (*link)->count == 0) {
			*link = (*link)->next;
			hooks->count--;
		} else {
			link = &(*link)->next;
		}
	}
	for (link = &root->first; dropped && *link && hooks->count == 0; link = &(*link)->next) {
		if (*link == hooks) {
			*link = hooks->next;
			root->count--;
			break;
		}
	}
	return dropped;
}

/* ---- the two ways ---- */

static bool all_present(const struct hook_host *host, struct json_value *root, struct span command)
{
	struct json_value *hooks = member(root, SPAN("hooks"));

	for (const struct hook_event_name *row = host->events; row->name; row++) {
		struct json_value *groups = hooks && hooks->kind == JSON_OBJECT
		                                    ? member(hooks, span_of(row->name))
		                                    : NULL;

		if (!groups || groups->kind != JSON_ARRAY || !present(groups, command))
			return false;
	}
	return true;
}

bool hook_settings_add(const struct hook_entries *entries, struct span before, struct arena *arena,
                       struct outbuf *after, bool *changed, struct problem *problem)
{
	const struct hook_host *host = entries->host;
	struct json_value *root, *hooks;

	if (!read_settings(before, arena, &root, problem))
		return false;
	*changed = !all_present(host, root, entries->command);
	if (!*changed) {
		outbuf_put(after, before);
		return true;
	}
	drop_all(host, root); /* an older place of the program */
	hooks = want(arena, root, SPAN("hooks"), JSON_OBJECT, problem);
	if (!hooks)
		return false;
	for (const struct hook_event_name *row = host->events; row->name; row++) {
		struct json_value *groups = want(arena, hooks, span_of(row->name), JSON_ARRAY,
		                                 problem);

		if (!groups)
			return false;
		if (!add_group(arena, groups, entries->command))
			return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	}
	json_write(root, 0, after);
	outbuf_put_byte(after, '\n');
	return true;
}

bool hook_settings_remove(const struct hook_host *host, struct span before, struct arena *arena,
                          struct outbuf *after, bool *changed, struct problem *problem)
{
	struct json_value *root;

	if (!read_settings(before, arena, &root, problem))
		return false;
	*changed = drop_all(host, root);
	if (!*changed) {
		outbuf_put(after, before);
		return true;
	}
	json_write(root, 0, after);
	outbuf_put_byte(after, '\n');
	return true;
}

/* A TOML basic string; the command holds no control bytes. */
static void put_toml(struct outbuf *out, struct span text)
{
	outbuf_put_json(out, text);
}

void hook_codex_requirements(const struct hook_host *host, struct span command, struct outbuf *out)
{
	outbuf_put(out, SPAN("# Written by bailiff install codex --managed.\n"
	                     "allow_managed_hooks_only = true\n\n[features]\nhooks = true\n"));
	for (const struct hook_event_name *row = host->events; row->name; row++) {
		outbuf_put(out, SPAN("\n[[hooks."));
		outbuf_put(out, span_of(row->name));
		outbuf_put(out, SPAN("]]\nmatcher = \"*\"\n[[hooks."));
		outbuf_put(out, span_of(row->name));
		outbuf_put(out, SPAN(".hooks]]\ntype = \"command\"\ncommand = "));
		put_toml(out, command);
		outbuf_put_byte(out, '\n');
	}
}
