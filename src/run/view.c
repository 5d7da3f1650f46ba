/* What the command shall see: the request to the planner, made from options, profile and policy. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "door/allow.h"
#include "run/private.h"

enum { MAX_PLACES = 256, MAX_TEXTS = 512 };

struct view {
	struct run *run;
	struct sandbox_place *readable, *writable;
	size_t readable_count, writable_count;
	struct sandbox_text *texts, *links;
	size_t text_count, link_count;
	bool failed;
};

static void add_place(struct view *view, bool writable, const char *source, const char *target,
                      const char *why)
{
	struct sandbox_place *places = writable ? view->writable : view->readable;
	size_t *count = writable ? &view->writable_count : &view->readable_count;

	if (source == NULL || *count == MAX_PLACES) {
		view->failed = true;
		return;
	}
	places[(*count)++] = (struct sandbox_place){ source, target, why };
}

static void add_text(struct view *view, const char *target, struct span content)
{
	if (target == NULL || view->text_count == MAX_TEXTS) {
		view->failed = true;
		return;
	}
	view->texts[view->text_count++] = (struct sandbox_text){ target, content };
}

/* ---- what was asked for ---- */

static int add_asked(struct view *view, bool writable, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *path = realpath(paths[i], NULL);
		struct span copy;
		bool kept = path && arena_copy(&view->run->arena, span_of(path), &copy);

		free(path);
		if (!kept)
			return run_say(RUN_FAILED, "%s: %s", paths[i], strerror(errno));
		add_place(view, writable, copy.ptr, NULL, "asked for");
	}
	return 0;
}

/* Places the policy lets every guarded run write. */
static void add_policy_places(struct view *view)
{
	const struct policy_value *value = &view->run->door.policy.values[POLICY_SANDBOX_WRITABLE];

	for (size_t i = 0; i < value->count; i++) {
		const char *path = run_format(view->run, "%.*s", (int)value->items[i].text.len,
		                              value->items[i].text.ptr);

		if (path && path[0] == '/' && access(path, F_OK) == 0)
			add_place(view, true, path, NULL, "policy");
	}
}

/* ---- the program ---- */

/*
 * The tree that a program needs: all of its outermost node_modules, or its own directory.
 * What is visible already is left out by the planner.
 */
static const char *program_tree(struct run *run)
{
	struct span path = span_of(run->real_program);
	size_t at;

	if (span_find(path, SPAN("/node_modules/"), &at))
		return run_format(run, "%.*s/node_modules", (int)at, path.ptr);
	path = path_dirname(path);
	/* a directory that holds more than programs shows the one program only */
	if (path.len == 1 || path_within(span_of(run->home), path) ||
	    span_equal(path, SPAN("/tmp")))
		return run->real_program;
	return run_format(run, "%.*s", (int)path.len, path.ptr);
}

/* Whether the finished plan shows `path`. */
static bool shown(const struct sandbox_plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct sandbox_step *step = &plan->steps[i];

		if ((step->verb == SANDBOX_READ || step->verb == SANDBOX_WRITE) &&
		    strcmp(step->why, "private home") != 0 &&
		    path_within(span_of(path), span_of(step->target)))
			return true;
	}
	return false;
}

/* Names are resolved as outside: the file may be a link to where nothing else is shown. */
static void add_resolver(struct view *view)
{
	static const char resolver[] = "/etc/resolv.conf";
	char *path = realpath(resolver, NULL);
	struct span copy;

	if (path && arena_copy(&view->run->arena, span_of(path), &copy))
		add_place(view, false, copy.ptr, resolver, "network");
	free(path);
}

/* ---- /run/bailiff ---- */

/* The folder below policy/ that holds a layer; NULL: it is not copied. */
static const char *policy_folder(enum policy_layer layer, bool agent)
{
	switch (layer) {
	case POLICY_SYSTEM:
		return "system";
	case POLICY_PACK:
		return "system/policy.d";
	case POLICY_USER_MANAGED:
		return "user";
	case POLICY_USER:
		return agent ? NULL : "state"; /* an agent's hooks have share.c's folder there */
	case POLICY_PROJECT:                   /* is in the workspace, protected */
	case POLICY_SAVED_GRANT:
	case POLICY_SESSION_GRANT:
	case POLICY_BUILT_IN:
	case POLICY_ENVIRONMENT:
	case POLICY_COMMAND_LINE:
	case POLICY_LAYERS:
		break;
	}
	return NULL;
}

static void add_policy(struct view *view)
{
	struct run *run = view->run;

	for (const struct policy_file *file = run->door.files; file; file = file->next) {
		const char *folder = policy_folder(file->layer, run->agent);
		struct span name = path_basename(file->path);

		if (folder)
			add_text(view,
			         run_format(run, DOOR_RUN_FOLDER "/policy/%s/%.*s", folder,
			                    (int)name.len, name.ptr),
			         file->bytes);
	}
}

#define FACTS DOOR_RUN_FOLDER "/run.json"

/* The facts say what is missing, which the plan finds out: they are filled in last. */
static bool fill_in_facts(struct run *run)
{
	struct run_facts facts = {
		.run = span_of(run->id),
		.session = span_of(run->id),
		.workspace = span_of(run->workspace),
		.home = span_of(run->home),
		.state = span_of(run->state),
		.level = span_of(sandbox_level_name(run->request.level)),
		.network = span_of(sandbox_network_name(run->network)),
		.profile = run->agent ? run->profile.name : SPAN(""),
		.degraded = run->degraded,
		.degraded_count = run->degraded_count,
	};
	struct outbuf out;
	struct span copy = { 0 };
	bool done;

	outbuf_init(&out, 256 * 1024);
	run_facts_json(&facts, &out);
	done = outbuf_ok(&out) && arena_copy(&run->arena, outbuf_span(&out), &copy);
	outbuf_release(&out);
	for (size_t i = 0; i < run->plan.step_count; i++) {
		if (strcmp(run->plan.steps[i].target, FACTS) == 0)
			run->plan.steps[i].content = copy;
	}
	return done;
}

/* What the hooks of an agent need: the program, the recorder's door, the session's grants. */
static void add_agent(struct view *view)
{
	struct run *run = view->run;
	struct problem problem = { 0 };
	const char *sessions = run_format(run, "%s/sessions", run->state);
	const char *door = run_format(run, "%.*s",
	                              (int)path_dirname(span_of(run->door.audit.socket)).len,
	                              run->door.audit.socket);
	const char *base = strrchr(run->door.audit.socket, '/');

	if (sessions == NULL || door == NULL || base == NULL ||
	    !file_make_directory(door, 0700, &problem)) {
		view->failed = true;
		return;
	}
	add_place(view, false, run->options->self, DOOR_RUN_FOLDER "/bin/bailiff", "hooks");
	add_place(view, false, run->share, DOOR_RUN_FOLDER "/policy/state", "grants");
	add_place(view, false, sessions, DOOR_RUN_FOLDER "/policy/state/sessions", "grants");
	/* the directory, not the socket: a recorder that starts anew makes a new one */
	add_place(view, false, door, DOOR_RUN_FOLDER "/recorder", "recorder");
	view->links[view->link_count++] = (struct sandbox_text){
		DOOR_RUN_FOLDER "/recorder.sock", span_of(run_format(run, "recorder%s", base))
	};
	for (size_t i = 0; i < run->profile.file_count; i++)
		add_text(view, run->profile.files[i].path.ptr, run->profile.files[i].content);
}

/* ---- the whole ---- */

static bool view_init(struct view *view, struct run *run)
{
	*view = (struct view){ .run = run };
	view->readable = arena_array(&run->arena, struct sandbox_place, MAX_PLACES);
	view->writable = arena_array(&run->arena, struct sandbox_place, MAX_PLACES);
	view->texts = arena_array(&run->arena, struct sandbox_text, MAX_TEXTS);
	view->links = arena_array(&run->arena, struct sandbox_text, 1);
	return view->readable && view->writable && view->texts && view->links;
}

/* What this run goes without, as names: for the banner, the record and the facts inside. */
static void note_missing(struct run *run, unsigned missing)
{
	run->missing = missing;
	run->degraded_count = 0;
	for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
		if (missing & SANDBOX_BIT(part))
			run->degraded[run->degraded_count++] = span_of(
				sandbox_part_name((enum sandbox_part)part));
	}
}

static struct sandbox_request make_request(struct view *view, enum sandbox_level level)
{
	struct run *run = view->run;

	return (struct sandbox_request){
		.level = level,
		.network = run->network,
		.root = geteuid() == 0,
		.workspace = run->workspace,
		.repository = run->repository,
		.home = run->home,
		.private_home = run->private_home,
		.state = run->state,
		.search_path = run->search_path,
		.readable = view->readable,
		.readable_count = view->readable_count,
		.writable = view->writable,
		.writable_count = view->writable_count,
		.texts = view->texts,
		.text_count = view->text_count,
		.links = view->links,
		.link_count = view->link_count,
		.socket = run->agent && run->profile.shells.count > 0 ? DOOR_ALLOW_SOCKET : NULL,
		.show_env = run->options->with_env,
	};
}

static int plan(struct run *run)
{
	struct problem problem = { 0 };
	const char *culprit = NULL;

	if (!sandbox_plan(&run->request, &sandbox_machine, &run->arena, &run->plan, &culprit,
	                  &problem))
		return run_say(RUN_FAILED, "%s%s%s", culprit ? culprit : "", culprit ? ": " : "",
		               problem.what);
	return 0;
}

static bool make_temporary(struct run *run, enum sandbox_level level)
{
	struct problem problem = { 0 };
	const char *path = run_format(run, "%s/.tmp", run->private_home);

	return level == SANDBOX_FULL || (path && file_make_directory(path, 0700, &problem));
}

int view_plan(struct run *run, enum sandbox_level level)
{
	struct view view;
	unsigned missing;
	int status;

	if (!view_init(&view, run) || !make_temporary(run, level))
		return run_say(RUN_FAILED, "out of memory");
	status = add_asked(&view, false, run->options->readable, run->options->readable_count);
	if (status == 0)
		status = add_asked(&view, true, run->options->writable,
		                   run->options->writable_count);
	if (status != 0)
		return status;
	add_policy_places(&view);
	add_place(&view, false, program_tree(run), NULL, "program");
	if (run->agent)
		add_agent(&view);
	if (run->network == SANDBOX_NETWORK_HOST)
		add_resolver(&view);
	add_policy(&view);
	if (run->options->safe)
		add_text(&view, DOOR_RUN_FOLDER "/policy/system/policy.d/99-safe.json",
		         SPAN("{\"permissionMode\": \"safe\"}\n"));
	add_text(&view, FACTS, (struct span){ 0 });
	if (view.failed)
		return run_say(RUN_FAILED, "what the agent's hooks need is not there");
	run->request = make_request(&view, level);
	status = plan(run);
	if (status != 0)
		return status;
	missing = run->plan.missing | sandbox_missing_here();
	if (level != SANDBOX_FULL && (missing & SANDBOX_BIT(SANDBOX_PART_SECCOMP)))
		missing |= SANDBOX_BIT(
			SANDBOX_PART_NETWORK); /* it is the filter that keeps it off */
	note_missing(run, missing);
	status = environment_make(run);
	if (!fill_in_facts(run))
		return run_say(RUN_FAILED, "out of memory");
	run->plan.cwd = run->cwd;
	run->plan.program = level != SANDBOX_FULL || shown(&run->plan, run->program)
	                            ? run->program
	                            : run->real_program;
	run->plan.argv = run->argv;
	run->plan.environ = run->environ;
	return status;
}
