/*
 * What of a workspace is kept from the command: names that the user's own tools run or
 * believe later (hooks, settings of editors and agents) can be read but not changed, and
 * files of secrets look empty.
 *
 * What is there is covered by a mount, and its ancestors up to the workspace are pinned:
 * a mount point cannot be renamed away.  What is not there cannot be covered without
 * leaving an empty file behind; it is looked for at the end (sandbox_plan.absent).
 */
#include <errno.h>
#include <string.h>

#include "base/glob.h"
#include "base/path.h"
#include "sandbox/plan.h"

/* clang-format off */
static const char *const protected_names[] = {
	".bailiff", ".claude", ".codex", ".gemini", ".qwen", ".opencode", "opencode.json", "opencode.jsonc",
	".mcp.json", ".cursor", ".vscode", ".idea", ".fleet", ".zed", ".devcontainer", ".devcontainer.json",
	".envrc", ".exrc", ".nvimrc", ".nvim.lua", ".gdbinit", ".lldbinit",
};

/* Of a git directory: what makes git run something. */
static const char *const repository_names[] = { "hooks", "config", "config.worktree", "info/attributes" };

/* Not looked into for secrets: large, made by tools, or not the project's own. */
static const char *const passed_over[] = {
	".git", "node_modules", "target", "build", "dist", "out", "vendor", "venv", ".venv", "__pycache__",
	".tox", ".cache", ".next", ".gradle", "third_party",
};

static const char *const harmless[] = { ".env.example", ".env.sample", ".env.template", ".env.dist" };
/* clang-format on */

enum { SEARCH_DEPTH = 8, SEARCH_ENTRIES = 20000 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static bool cover(struct planner *planner, enum sandbox_verb verb, const char *path,
                  const struct sandbox_fact *fact)
{
	struct sandbox_place place = { .source = path, .why = "protected" };

	if (verb == SANDBOX_HIDE)
		place.why = "secrets";
	return planner_place(planner, verb, &place, fact);
}

/* Whether `path` is pinned or protected already. */
static bool covered(const struct planner *planner, const char *path)
{
	for (size_t i = planner->step_count; i-- > 0;) {
		const struct sandbox_step *step = &planner->steps[i];

		if ((step->verb == SANDBOX_PIN || step->verb == SANDBOX_PROTECT) &&
		    strcmp(step->target, path) == 0)
			return true;
	}
	return false;
}

/*
 * Pins the directories between `base` and `name`.  *reachable: all of them are
 * there.  A link among them would let the protected name be exchanged: refused.
 */
static bool pin_ancestors(struct planner *planner, const char *base, const char *name,
                          bool *reachable)
{
	const char *path = base;
	struct sandbox_fact fact;
	struct span rest = span_of(name), part, copy;

	*reachable = true;
	while (span_split(&rest, '/', &part) && rest.len > 0) {
		if (!arena_copy(planner->arena, part, &copy))
			return planner_fail(planner, PROBLEM_MEMORY, "out of memory", NULL);
		path = planner_join(planner, path, copy.ptr);
		if (path == NULL || !planner_look(planner, path, &fact))
			return false;
		if (fact.kind == SANDBOX_IS_LINK)
			return planner_fail(planner, PROBLEM_REFUSED,
			                    "is a link, which cannot be protected", path);
		*reachable = fact.kind == SANDBOX_IS_DIRECTORY;
		if (fact.kind ==
		    SANDBOX_IS_FILE) /* .git of a linked work tree: it says where hooks are */
			return covered(planner, path) ||
			       cover(planner, SANDBOX_PROTECT, path, &fact);
		if (!*reachable)
			return true;
		if (!covered(planner, path) && !cover(planner, SANDBOX_PIN, path, &fact))
			return false;
	}
	return true;
}

static bool protect(struct planner *planner, const char *base, const char *name)
{
	const char *path = planner_join(planner, base, name);
	struct sandbox_fact fact;
	bool reachable;

	if (path == NULL || !pin_ancestors(planner, base, name, &reachable))
		return false;
	if (!reachable)
		return true;
	if (!planner_look(planner, path, &fact))
		return false;
	switch (fact.kind) {
	case SANDBOX_ABSENT:
		return planner_name(planner, &planner->absent, path);
	case SANDBOX_IS_FILE:
	case SANDBOX_IS_DIRECTORY:
		return cover(planner, SANDBOX_PROTECT, path, &fact);
	case SANDBOX_IS_LINK:
	case SANDBOX_IS_OTHER:
		break;
	}
	return planner_fail(planner, PROBLEM_REFUSED,
	                    "is a link or no file, which cannot be protected", path);
}

static bool protect_all(struct planner *planner, const char *base, const char *head,
                        const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = *head ? planner_join(planner, head, names[i]) : names[i];

		if (name == NULL || !protect(planner, base, name))
			return false;
	}
	return true;
}

/* The git directory `head` below `base` (itself where `head` is empty), and those of its submodules. */
static bool protect_repository(struct planner *planner, const char *base, const char *head)
{
	const struct sandbox_world *world = planner->world;
	const char *modules = *head ? planner_join(planner, head, "modules") : "modules";
	const char *path = modules ? planner_join(planner, base, modules) : NULL;
	struct sandbox_name *names;
	struct sandbox_fact fact;
	size_t count = 0;

	if (!protect_all(planner, base, head, repository_names, COUNT(repository_names)) ||
	    path == NULL || !planner_look(planner, path, &fact))
		return false;
	errno = 0;
	if (fact.kind == SANDBOX_IS_DIRECTORY &&
	    !world->list(world->context, path, planner->arena, &names, &count))
		return planner_fail(planner, errno == ENOMEM ? PROBLEM_MEMORY : PROBLEM_SYSTEM,
		                    "cannot be read", path);
	for (size_t i = 0; i < count; i++) {
		const char *module = planner_join(planner, modules, names[i].name);

		if (module == NULL ||
		    (names[i].directory && !protect_all(planner, base, module, repository_names,
		                                        COUNT(repository_names))))
			return false;
	}
	return true;
}

/* ---- secrets ---- */

struct search {
	struct planner *planner;
	size_t entries; /* seen */
	bool cut;
};

static bool is_secret(const char *name)
{
	return (strcmp(name, ".env") == 0 ||
	        glob_text(SPAN(".env.*"), span_of(name), GLOB_CASE_SENSITIVE)) &&
	       !one_of(name, harmless, COUNT(harmless));
}

static bool hide(struct planner *planner, const char *path)
{
	struct sandbox_fact fact;

	if (!planner_look(planner, path, &fact))
		return false;
	/* a link shows what the view has at its end, which is covered there or not in it at all */
	return fact.kind != SANDBOX_IS_FILE || cover(planner, SANDBOX_HIDE, path, &fact);
}

static bool search_directory(struct search *search, const char *path, unsigned depth)
{
	struct planner *planner = search->planner;
	const struct sandbox_world *world = planner->world;
	struct sandbox_name *names;
	size_t count;

	errno = 0;
	if (!world->list(world->context, path, planner->arena, &names, &count)) {
		if (errno == ENOMEM)
			return planner_fail(planner, PROBLEM_MEMORY, "out of memory", NULL);
		search->cut = true; /* unreadable: then inside as well, but say so */
		return true;
	}
	for (size_t i = 0; i < count && !search->cut; i++) {
		const char *below;
		bool enter = names[i].directory &&
		             !one_of(names[i].name, passed_over, COUNT(passed_over));

		search->cut = ++search->entries > SEARCH_ENTRIES;
		if (!enter && !is_secret(names[i].name))
			continue;
		below = planner_join(planner, path, names[i].name);
		if (below == NULL || (!names[i].directory && !hide(planner, below)))
			return false;
		if (enter && depth == SEARCH_DEPTH)
			search->cut = true;
		else if (enter && !search_directory(search, below, depth + 1))
			return false;
	}
	return true;
}

static bool hide_secrets(struct planner *planner)
{
	struct search search = { .planner = planner };

	if (!search_directory(&search, planner->request->workspace, 0))
		return false;
	if (search.cut)
		planner->missing |= SANDBOX_BIT(SANDBOX_PART_SECRETS);
	return true;
}

/* Our own state may lie in the workspace. */
static bool hide_state(struct planner *planner)
{
	const char *state = planner->request->state;
	struct sandbox_fact fact;

	if (!path_within(span_of(state), span_of(planner->request->workspace)))
		return true;
	if (!planner_look(planner, state, &fact))
		return false;
	if (fact.kind == SANDBOX_ABSENT)
		return true;
	if (fact.kind != SANDBOX_IS_DIRECTORY || planner->request->level != SANDBOX_FULL)
		return planner_fail(planner, PROBLEM_REFUSED,
		                    "is Bailiff's own, lies in the workspace and cannot be hidden",
		                    state);
	return cover(planner, SANDBOX_HIDE, state, &fact);
}

bool plan_protection(struct planner *planner)
{
	const struct sandbox_request *request = planner->request;

	return protect_repository(planner, request->workspace, ".git") &&
	       (request->repository == NULL ||
	        protect_repository(planner, request->repository, "")) &&
	       protect_all(planner, request->workspace, "", protected_names,
	                   COUNT(protected_names)) &&
	       (request->show_env || hide_secrets(planner)) && hide_state(planner);
}
