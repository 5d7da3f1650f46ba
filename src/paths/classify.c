/*
 * One path against the tables, from what no one may loosen (Bailiff's own files, secrets) to
 * what a workspace makes of its own.  A workspace never covers the root of the system, a
 * top-level folder or a home folder: those keep their place.
 */
#include "paths/paths.h"

#include "base/glob.h"
#include "base/path.h"
#include "paths/rules.h"

enum { MAX_PATH = 4096 };

static const struct path_facts no_facts = { PLACE_UNKNOWN, NULL };

/* ---- the tables ---- */

/* Where to begin: behind the rows with a dot where the name has none. */
static size_t first_row(const struct path_rules *rules, struct span path)
{
	size_t first = rules->count;

	if (path.len == 0 || path.ptr[0] == '.' || path.ptr[0] == '/')
		return 0;
	while (first > 0 && rules->rows[first - 1].pattern.ptr[0] != '.')
		first--;
	return first;
}

static bool look_up(const struct path_rules *rules, struct span path, struct path_facts *facts)
{
	for (size_t i = first_row(rules, path); i < rules->count; i++) {
		const struct path_rule *rule = &rules->rows[i];

		if (glob_path_may_match(rule->pattern, path) && glob_path(rule->pattern, path)) {
			*facts = (struct path_facts){ rule->place, rule->why };
			return true;
		}
	}
	return false;
}

/* Any component that a table of single names has, the first one that counts. */
static bool look_up_components(const struct path_rules *rules, struct span path,
                               struct path_facts *facts)
{
	struct span component;

	while (path_next(&path, &component))
		if (look_up(rules, component, facts))
			return true;
	return false;
}

/* The end of `path` that has as many components as `pattern`. */
static struct span tail_of(struct span path, struct span pattern)
{
	size_t slashes = 0, start = path.len;

	for (size_t i = 0; i < pattern.len; i++)
		slashes += pattern.ptr[i] == '/';
	while (start > 0 && (path.ptr[start - 1] != '/' || slashes-- > 0))
		start--;
	return span_from(path, start);
}

static bool look_up_tail(const struct path_rules *rules, struct span path, struct path_facts *facts)
{
	struct span name = path_basename(path);
	bool dotted = span_starts(path, SPAN(".")) || span_find(path, SPAN("/."), NULL);

	for (size_t i = dotted ? 0 : first_row(rules, name); i < rules->count; i++) {
		const struct path_rule *rule = &rules->rows[i];
		struct span tail;

		if (!glob_path_may_end(rule->pattern, path))
			continue;
		tail = span_find_byte(rule->pattern, '/', NULL) ? tail_of(path, rule->pattern)
		                                                : name;
		if (glob_path_may_begin(rule->pattern, tail) && glob_path(rule->pattern, tail)) {
			*facts = (struct path_facts){ rule->place, rule->why };
			return true;
		}
	}
	return false;
}

/* ---- relative to what ---- */

/* `path` without `base` and the slash behind it; "" where they are the same. */
static struct span below(struct span path, struct span base)
{
	struct span rest = span_from(path, base.len);

	return rest.len > 0 && rest.ptr[0] == '/' ? span_from(rest, 1) : rest;
}

/* /var/run is a link to /run on every system of the last ten years: hier(7). */
static struct span without_alias(struct span path)
{
	return path_within(path, SPAN("/var/run")) ? span_from(path, 4) : path;
}

/* The folder of `path` that is a person's home by its place: /home/NAME, /root, /Users/NAME. */
static bool someones_home(struct span path, struct span *home)
{
	static const struct span bases[] = { SPAN_INIT("/home/"), SPAN_INIT("/Users/") };
	size_t end;

	if (path_within(path, SPAN("/root"))) {
		*home = span_slice(path, 0, 5);
		return true;
	}
	for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
		if (!span_starts(path, bases[i]) || path.len == bases[i].len)
			continue;
		for (end = bases[i].len; end < path.len && path.ptr[end] != '/';)
			end++;
		*home = span_slice(path, 0, end);
		return true;
	}
	return false;
}

static bool has_home(const struct paths_context *context)
{
	return context->home.len > 1 && context->home.ptr[0] == '/';
}

/*
 * Whether `root` may be a workspace at all: not where that would make the system, or everybody's
 * home, somebody's project.
 */
static bool acceptable(const struct paths_context *context, struct span root)
{
	struct path_facts facts;

	if (has_home(context) && context->home.len > root.len && path_within(context->home, root))
		return false;
	if (has_home(context) && span_equal(root, context->home))
		return true;
	/* Only "/" and what lies right in it are such places: the tables need not be asked. */
	return path_dirname(root).len > 1 || !look_up(&paths_system_rules, root, &facts) ||
	       facts.place != PLACE_ROOT;
}

/* The workspace that `path` lies in; the innermost where several do. */
static bool workspace_of(const struct paths_context *context, struct span path, struct span *root)
{
	bool found = false;

	for (size_t i = 0; i < context->workspace_count; i++) {
		struct span candidate = context->workspace[i];

		if (!path_within(path, candidate) || (found && candidate.len < root->len) ||
		    !acceptable(context, candidate))
			continue;
		*root = candidate;
		found = true;
	}
	return found;
}

/* ---- the kinds of place ---- */

static bool is_bailiff(const struct paths_context *context, struct span path)
{
	return context->state.len > 1 && path_within(path, context->state);
}

/* Keys of other people's packages are public. */
static bool in_packages(struct span path)
{
	static const struct span names[] = { SPAN_INIT("node_modules"),  SPAN_INIT("site-packages"),
		                             SPAN_INIT("dist-packages"), SPAN_INIT("vendor"),
		                             SPAN_INIT(".rustup"),       SPAN_INIT("registry") };
	struct span component;

	while (path_next(&path, &component))
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
			if (span_equal(component, names[i]))
				return true;
	return false;
}

/* What a name makes of a file wherever it lies. */
static bool by_name(struct span path, bool workspace, struct path_facts *facts)
{
	struct path_facts ignored;

	if (look_up_tail(&paths_file_rules, path, facts)) {
		if (facts->place != PLACE_PROJECT_SECRET)
			return workspace || facts->place == PLACE_AGENT;
		if (look_up_tail(&paths_public_rules, path, &ignored) || in_packages(path))
			return false;
		if (!workspace)
			facts->place = PLACE_SECRET;
		return true;
	}
	return false;
}

static struct path_facts in_workspace(struct span path, struct span root)
{
	struct span rest = below(path, root);
	struct path_facts facts;

	if (rest.len == 0)
		return (struct path_facts){ PLACE_WORKSPACE_ROOT, "the workspace itself" };
	if (look_up_components(&paths_folder_rules, rest, &facts))
		return facts;
	if (by_name(rest, true, &facts))
		return facts;
	if (look_up_components(&paths_build_rules, rest, &facts))
		return facts;
	return (struct path_facts){ PLACE_WORKSPACE, NULL };
}

/* Outside of every workspace: agents' and Bailiff's settings and secrets count, the rest does not. */
static bool special_elsewhere(struct span path, struct path_facts *facts)
{
	if (look_up_components(&paths_folder_rules, path, facts) &&
	    (facts->place == PLACE_AGENT || facts->place == PLACE_BAILIFF ||
	     facts->place == PLACE_VCS))
		return true;
	return by_name(path, false, facts);
}

static struct path_facts in_home(const struct paths_context *context, struct span path,
                                 struct span home, struct span root)
{
	bool own = has_home(context) && span_equal(home, context->home);
	struct span rest = below(path, home);
	struct path_facts facts;

	if (rest.len == 0)
		return own ? (struct path_facts){ PLACE_HOME_ROOT, "the home folder" }
		           : (struct path_facts){ PLACE_OTHER_HOME, "another user's home folder" };
	if (look_up(&paths_home_rules, rest, &facts))
		return facts;
	if (root.len > 0)
		return in_workspace(path, root);
	if (special_elsewhere(rest, &facts))
		return facts;
	return own ? (struct path_facts){ PLACE_HOME, NULL }
	           : (struct path_facts){ PLACE_OTHER_HOME, "another user's home folder" };
}

/* Places that keep their meaning even where someone calls them a workspace. */
static bool stays(enum place place)
{
	return place == PLACE_ROOT || place == PLACE_BAILIFF || place == PLACE_SYSTEM_SECRET ||
	       place == PLACE_SINK || place == PLACE_PROC || place == PLACE_KERNEL ||
	       place == PLACE_DEVICE || place == PLACE_SOCKET || place == PLACE_STARTUP;
}

static struct path_facts in_system(struct span path, struct span root)
{
	struct path_facts facts = no_facts, named;

	look_up(&paths_system_rules, path, &facts);
	if (stays(facts.place))
		return facts;
	if (root.len > 0)
		return in_workspace(path, root);
	if ((facts.place == PLACE_TEMP || facts.place == PLACE_SYSTEM_STATE) &&
	    special_elsewhere(path, &named))
		return named;
	return facts;
}

struct path_facts paths_classify(const struct paths_context *context, struct span path)
{
	struct span home, root = SPAN("");

	if (path.len == 0 || path.ptr[0] != '/')
		return no_facts;
	/* What is special lies nearer to the root than any system call reaches: PATH_MAX. */
	if (path.len > MAX_PATH)
		path = path_dirname(span_slice(path, 0, MAX_PATH));
	path = without_alias(path);
	if (is_bailiff(context, path))
		return (struct path_facts){ PLACE_BAILIFF, "Bailiff's own files" };
	if (!workspace_of(context, path, &root))
		root = SPAN("");
	if (has_home(context) && path_within(path, context->home))
		return in_home(context, path, context->home, root);
	if (someones_home(path, &home) && (path.len > home.len || home.len > 5) &&
	    !path_within(path, SPAN("/home/linuxbrew")))
		return in_home(context, path, home, root);
	return in_system(path, root);
}
