/*
 * The planner: from what is asked for and what is there to the steps of a view.
 *
 * The view is an allow-list.  System: programs and libraries, and of /etc what programs
 * need that hold no secret.  Tools: the directories of PATH.  Home: a private one.  The
 * workspace, with its protected names covered.  Order matters, parents first.
 */
#include <errno.h>
#include <string.h>

#include "base/path.h"
#include "sandbox/plan.h"

/* clang-format off */
static const char *const system_trees[] = {
	"/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32", "/opt", "/nix/store", "/gnu/store",
};

/* Of /etc: what programs look up and what everybody may read.  No keys, no accounts' secrets. */
static const char *const system_settings[] = {
	"/etc/alternatives", "/etc/bash.bashrc", "/etc/debian_version", "/etc/fonts", "/etc/gitconfig",
	"/etc/group", "/etc/host.conf", "/etc/hosts", "/etc/inputrc", "/etc/java", "/etc/ld.so.cache",
	"/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/locale.alias", "/etc/locale.conf", "/etc/localtime",
	"/etc/lsb-release", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/os-release", "/etc/passwd",
	"/etc/pki/tls/certs", "/etc/pki/ca-trust", "/etc/profile", "/etc/profile.d", "/etc/protocols",
	"/etc/services", "/etc/shells", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone",
};

/* What is never shown as somebody's tools or extra place: it holds more than that. */
static const char *const too_wide[] = {
	"/", "/boot", "/dev", "/etc", "/home", "/media", "/mnt", "/proc", "/root", "/run", "/srv",
	"/sys", "/tmp", "/var", "/var/tmp", "/var/lib", "/nix", "/gnu",
};

/* Names below a home that hold credentials, whatever leads there. */
static const char *const secret_names[] = {
	".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".password-store", ".mozilla",
	".config", ".netrc", ".pki", ".bailiff", "snap", ".thunderbird", ".claude", ".codex",
};
/* clang-format on */

enum { COPY_BYTES = 8192 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

bool planner_fail(struct planner *planner, enum problem_kind kind, const char *what,
                  const char *culprit)
{
	planner->culprit = culprit;
	return problem_set(planner->problem, kind, 0, what);
}

static bool out_of_memory(struct planner *planner)
{
	return planner_fail(planner, PROBLEM_MEMORY, "out of memory", NULL);
}

const char *planner_join(struct planner *planner, const char *directory, const char *name)
{
	size_t head = strlen(directory), tail = strlen(name);
	char *text = arena_array(planner->arena, char, head + tail + 2);

	if (text == NULL) {
		out_of_memory(planner);
		return NULL;
	}
	memcpy(text, directory, head);
	if (head > 0 && text[head - 1] != '/')
		text[head++] = '/';
	memcpy(text + head, name, tail);
	return text;
}

bool planner_look(struct planner *planner, const char *path, struct sandbox_fact *fact)
{
	errno = 0;
	if (planner->world->look(planner->world->context, path, planner->arena, fact))
		return true;
	if (errno == ENOMEM)
		return out_of_memory(planner);
	return planner_fail(planner, PROBLEM_SYSTEM, "cannot tell what this is", path);
}

bool planner_step(struct planner *planner, struct sandbox_step step)
{
	if (!arena_grow(planner->arena, (void **)&planner->steps, &planner->step_cap,
	                planner->step_count, sizeof step))
		return out_of_memory(planner);
	planner->steps[planner->step_count++] = step;
	return true;
}

bool planner_place(struct planner *planner, enum sandbox_verb verb,
                   const struct sandbox_place *place, const struct sandbox_fact *fact)
{
	return planner_step(planner,
	                    (struct sandbox_step){
				    .verb = verb,
				    .target = place->target ? place->target : place->source,
				    .source = place->source,
				    .device = fact->device,
				    .inode = fact->inode,
				    .directory = fact->kind == SANDBOX_IS_DIRECTORY,
				    .why = place->why,
			    });
}

bool planner_name(struct planner *planner, struct planner_names *names, const char *name)
{
	if (!arena_grow(planner->arena, (void **)&names->items, &names->cap, names->count,
	                sizeof *names->items))
		return out_of_memory(planner);
	names->items[names->count++] = name;
	return true;
}

static bool within(const char *path, const char *base)
{
	return path_within(span_of(path), span_of(base));
}

/* ---- the system ---- */

/* One system path, as it is: a link stays a link, what is not there is left out. */
static bool plan_system(struct planner *planner, const char *path)
{
	struct sandbox_place place = { .source = path, .why = "system" };
	struct sandbox_fact fact;
	enum sandbox_verb verb;

	if (!planner_look(planner, path, &fact))
		return false;
	if (fact.kind == SANDBOX_IS_LINK)
		return planner_step(planner, (struct sandbox_step){ .verb = SANDBOX_LINK,
		                                                    .target = path,
		                                                    .source = fact.link,
		                                                    .why = "system" });
	if (fact.kind != SANDBOX_IS_FILE && fact.kind != SANDBOX_IS_DIRECTORY)
		return true;
	/* a mount costs more than copying a page or two */
	verb = fact.kind == SANDBOX_IS_FILE && fact.size <= COPY_BYTES ? SANDBOX_COPY
	                                                               : SANDBOX_READ;
	return planner_name(planner, &planner->readable, path) &&
	       planner_place(planner, verb, &place, &fact);
}

static bool plan_base(struct planner *planner)
{
	static const struct sandbox_step own[] = {
		{ .verb = SANDBOX_DEVICES, .target = "/dev", .why = "own" },
		{ .verb = SANDBOX_PROC, .target = "/proc", .why = "own" },
		{ .verb = SANDBOX_TEMPORARY, .target = "/tmp", .why = "own" },
		{ .verb = SANDBOX_LINK, .target = "/var/tmp", .source = "/tmp", .why = "own" },
	};

	for (size_t i = 0; i < COUNT(system_trees); i++) {
		if (!plan_system(planner, system_trees[i]))
			return false;
	}
	for (size_t i = 0; i < COUNT(system_settings); i++) {
		if (!plan_system(planner, system_settings[i]))
			return false;
	}
	for (size_t i = 0; i < COUNT(own); i++) {
		if (!planner_step(planner, own[i]))
			return false;
	}
	return true;
}

/* ---- tools and extra places ---- */

/* Whether showing the tree at `path` would show somebody's home, secrets or our own state. */
static bool shows_too_much(const struct sandbox_request *request, const char *path)
{
	struct span rest = span_of(path), component;

	for (size_t i = 0; i < COUNT(too_wide); i++) {
		if (strcmp(path, too_wide[i]) == 0)
			return true;
	}
	if (within(request->home, path) || within(request->state, path) ||
	    within(path, request->state))
		return true;
	if (!within(path, request->home))
		return false;
	rest = span_from(rest, strlen(request->home));
	if (!path_next(&rest, &component))
		return true;
	for (size_t i = 0; i < COUNT(secret_names); i++) {
		if (span_equal(component, span_of(secret_names[i])))
			return true;
	}
	return false;
}

/* Whether `path` is visible already, by a READ or WRITE of it or of what it lies in. */
static bool visible(const struct planner *planner, const char *path)
{
	for (size_t i = 0; i < planner->step_count; i++) {
		const struct sandbox_step *step = &planner->steps[i];

		if ((step->verb == SANDBOX_READ ||
		     (step->verb == SANDBOX_WRITE && step->target == step->source)) &&
		    within(path, step->target))
			return true;
	}
	return within(path, planner->request->workspace);
}

/*
 * The tree that a directory of programs belongs to: PREFIX of PREFIX/bin, for its
 * libraries; the directory alone where PREFIX is a home or lies directly in it.
 */
static const char *tool_tree(struct planner *planner, const char *directory)
{
	struct span path = span_of(directory), parent = path_dirname(path);
	struct span copy;

	if (!span_equal(path_basename(path), SPAN("bin")) ||
	    span_equal(path_dirname(parent), span_of(planner->request->home)))
		return directory;
	if (!arena_copy(planner->arena, parent, &copy)) {
		out_of_memory(planner);
		return NULL;
	}
	return shows_too_much(planner->request, copy.ptr) ? directory : copy.ptr;
}

static bool plan_tools(struct planner *planner)
{
	struct span rest = span_of(planner->request->search_path), part, copy;
	struct sandbox_place place = { .why = "tool" };
	struct sandbox_fact fact;

	while (span_split(&rest, ':', &part)) {
		if (part.len == 0 || part.ptr[0] != '/')
			continue;
		if (!arena_copy(planner->arena, part, &copy))
			return out_of_memory(planner);
		if (visible(planner, copy.ptr) || shows_too_much(planner->request, copy.ptr))
			continue;
		place.source = tool_tree(planner, copy.ptr);
		if (place.source == NULL || !planner_look(planner, place.source, &fact))
			return false;
		if (fact.kind == SANDBOX_IS_DIRECTORY &&
		    (!planner_name(planner, &planner->readable, place.source) ||
		     !planner_place(planner, SANDBOX_READ, &place, &fact)))
			return false;
	}
	return true;
}

static bool plan_places(struct planner *planner, enum sandbox_verb verb,
                        const struct sandbox_place *places, size_t count)
{
	struct sandbox_fact fact;

	for (size_t i = 0; i < count; i++) {
		const struct sandbox_place *place = &places[i];
		const char *target = place->target ? place->target : place->source;
		bool same = target == place->source || strcmp(target, place->source) == 0;

		if (same && shows_too_much(planner->request, place->source))
			return planner_fail(planner, PROBLEM_REFUSED,
			                    "would show a home, credentials or Bailiff's own state",
			                    place->source);
		if (!planner_look(planner, place->source, &fact))
			return false;
		if (fact.kind != SANDBOX_IS_FILE && fact.kind != SANDBOX_IS_DIRECTORY)
			return planner_fail(planner, PROBLEM_REFUSED,
			                    "is not a file or directory (a link is not followed)",
			                    place->source);
		if (verb == SANDBOX_READ && same && visible(planner, place->source))
			continue;
		if (!planner_name(planner,
		                  verb == SANDBOX_WRITE ? &planner->writable : &planner->readable,
		                  planner->request->level == SANDBOX_FULL ? target
		                                                          : place->source) ||
		    !planner_place(planner, verb, place, &fact))
			return false;
	}
	return true;
}

/* ---- home and workspace ---- */

static bool plan_directory(struct planner *planner, const char *source, const char *target,
                           const char *why)
{
	struct sandbox_place place = { .source = source, .target = target, .why = why };
	struct sandbox_fact fact;

	if (!planner_look(planner, source, &fact))
		return false;
	if (fact.kind != SANDBOX_IS_DIRECTORY)
		return planner_fail(planner, PROBLEM_REFUSED, "is not a directory", source);
	return planner_place(planner, SANDBOX_WRITE, &place, &fact) &&
	       planner_name(planner, &planner->writable,
	                    planner->request->level == SANDBOX_FULL ? target : source);
}

static bool check_workspace(struct planner *planner)
{
	const struct sandbox_request *request = planner->request;
	const char *workspace = request->workspace;

	for (size_t i = 0; i < COUNT(too_wide); i++) {
		if (strcmp(workspace, too_wide[i]) == 0)
			return planner_fail(planner, PROBLEM_REFUSED,
			                    "cannot be a workspace: choose a project's folder",
			                    workspace);
	}
	if (within(request->home, workspace))
		return planner_fail(planner, PROBLEM_REFUSED,
		                    "holds a home and its credentials: choose a project's folder",
		                    workspace);
	if (within(workspace, request->state))
		return planner_fail(planner, PROBLEM_REFUSED, "is Bailiff's own", workspace);
	return true;
}

static bool plan_texts(struct planner *planner)
{
	const struct sandbox_request *request = planner->request;

	for (size_t i = 0; i < request->text_count; i++) {
		if (!planner_step(planner,
		                  (struct sandbox_step){ .verb = SANDBOX_FILE,
		                                         .target = request->texts[i].target,
		                                         .content = request->texts[i].content,
		                                         .why = "generated" }))
			return false;
	}
	if (request->socket != NULL &&
	    !planner_step(planner, (struct sandbox_step){ .verb = SANDBOX_SOCKET,
	                                                  .target = request->socket,
	                                                  .why = "supervisor" }))
		return false;
	for (size_t i = 0; i < request->link_count; i++) {
		if (!planner_step(planner,
		                  (struct sandbox_step){ .verb = SANDBOX_LINK,
		                                         .target = request->links[i].target,
		                                         .source = request->links[i].content.ptr,
		                                         .why = "generated" }))
			return false;
	}
	return true;
}

static bool plan_all(struct planner *planner)
{
	const struct sandbox_request *request = planner->request;

	return check_workspace(planner) && plan_base(planner) &&
	       plan_directory(planner, request->private_home, request->home, "private home") &&
	       plan_tools(planner) &&
	       plan_places(planner, SANDBOX_READ, request->readable, request->readable_count) &&
	       plan_places(planner, SANDBOX_WRITE, request->writable, request->writable_count) &&
	       (request->repository == NULL ||
	        plan_directory(planner, request->repository, request->repository, "repository")) &&
	       plan_directory(planner, request->workspace, request->workspace, "workspace") &&
	       plan_protection(planner) && plan_texts(planner);
}

/* What is confined by Landlock alone sees the machine's own directories. */
static bool plan_shared(struct planner *planner)
{
	static const char *const devices[] = { "/dev/null",   "/dev/zero",    "/dev/full",
		                               "/dev/random", "/dev/urandom", "/dev/tty" };

	for (size_t i = 0; i < COUNT(devices); i++) {
		if (!planner_name(planner, &planner->writable, devices[i]))
			return false;
	}
	planner->step_count = 0;
	planner->missing |= SANDBOX_BIT(SANDBOX_PART_USERNS) | SANDBOX_BIT(SANDBOX_PART_PROCESSES) |
	                    SANDBOX_BIT(SANDBOX_PART_SECRETS) |
	                    (planner->request->socket ? SANDBOX_BIT(SANDBOX_PART_WATCH) : 0);
	return planner_name(planner, &planner->readable, "/proc");
}

static bool plan_full(struct planner *planner)
{
	/* the view is the list: what is in it may be read and run */
	planner->readable = (struct planner_names){ NULL, 0, 0 };
	return planner_name(planner, &planner->readable, "/") &&
	       planner_name(planner, &planner->writable, "/tmp") &&
	       planner_name(planner, &planner->writable, "/dev");
}

bool sandbox_plan(const struct sandbox_request *request, const struct sandbox_world *world,
                  struct arena *arena, struct sandbox_plan *plan, const char **culprit,
                  struct problem *problem)
{
	struct planner planner = {
		.request = request,
		.world = world,
		.arena = arena,
		.problem = problem,
		/* a limit for the whole tree needs a cgroup, which is not used yet */
		.missing = SANDBOX_BIT(SANDBOX_PART_MEMORY) |
		           (request->root ? SANDBOX_BIT(SANDBOX_PART_PROCESSES) : 0) |
		           (request->network == SANDBOX_NETWORK_HOST
		                    ? SANDBOX_BIT(SANDBOX_PART_NETWORK)
		                    : 0),
	};
	bool done = plan_all(&planner) &&
	            (request->level == SANDBOX_FULL ? plan_full(&planner) : plan_shared(&planner));

	if (!done) {
		*culprit = planner.culprit;
		return false;
	}
	*plan = (struct sandbox_plan){
		.level = request->level,
		.network = request->network,
		.missing = planner.missing,
		.steps = planner.steps,
		.step_count = planner.step_count,
		.writable = planner.writable.items,
		.writable_count = planner.writable.count,
		.readable = planner.readable.items,
		.readable_count = planner.readable.count,
		.absent = planner.absent.items,
		.absent_count = planner.absent.count,
		.hostname = "bailiff",
		.limits = sandbox_default_limits,
		.watch = request->socket != NULL && request->level == SANDBOX_FULL,
	};
	return true;
}
