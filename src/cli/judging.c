/* Opening a door for check and explain. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "cli/cli.h"
#include "cli/judging.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024 };

int judging_status(enum decision decision)
{
	switch (decision) {
	case DECISION_ALLOW:
		return EXIT_STATUS_ALLOW;
	case DECISION_ASK:
		return EXIT_STATUS_ASK;
	case DECISION_DENY:
		return EXIT_STATUS_DENY;
	}
	return EXIT_STATUS_DENY;
}

/* Overrides for --mode and --safe; at most two. */
static const struct policy_override *overrides_of(const struct judging_request *request,
                                                  struct arena *arena)
{
	struct policy_override *list = NULL;
	struct policy_override *made = arena_array(arena, struct policy_override, 2);

	if (!made)
		return NULL;
	if (request->mode) {
		made[0] = (struct policy_override){ .layer = POLICY_COMMAND_LINE,
			                            .key = SPAN("permissionMode"),
			                            .value = span_of(request->mode),
			                            .from = SPAN("--mode") };
		list = &made[0];
	}
	if (request->safe) {
		made[1] = (struct policy_override){ .layer = POLICY_COMMAND_LINE,
			                            .key = SPAN("permissionMode"),
			                            .value = SPAN("safe"),
			                            .from = SPAN("--safe"),
			                            .next = list };
		list = &made[1];
	}
	return list;
}

static bool find_cwd(struct judging *judging, const struct judging_request *request, int *status)
{
	char here[PATH_MAX] = "/";
	struct span asked = span_of(request->cwd ? request->cwd : "");

	if (!getcwd(here, sizeof here) && !(asked.len && asked.ptr[0] == '/')) {
		*status = cli_fail(request->name, EXIT_STATUS_INTERNAL,
		                   "the current folder cannot be found");
		return false;
	}
	if (!path_normalise(span_of(here), asked, &judging->arena, &judging->defaults.cwd)) {
		*status = cli_fail(request->name, EXIT_STATUS_INTERNAL, "out of memory");
		return false;
	}
	return true;
}

static bool mode_known(const struct judging_request *request, int *status)
{
	static const char *const modes[] = { "ask", "plan", "acceptEdits", "permissive", "safe" };

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		if (!request->mode || strcmp(request->mode, modes[i]) == 0)
			return true;
	}
	*status = cli_fail(request->name, EXIT_STATUS_USAGE,
	                   "--mode is ask, plan, acceptEdits, permissive or safe, not '%s'",
	                   request->mode);
	return false;
}

bool judging_open(struct judging *judging, const struct judging_request *request, int *status)
{
	static char self[PATH_MAX];
	struct door_request door = { .state = getenv("BAILIFF_HOME"),
		                     .session = span_of(request->session) };
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	struct span message;

	*judging = (struct judging){ .hypothetical = request->hypothetical,
		                     .session = span_of(request->session) };
	arena_init(&judging->arena, ARENA_LIMIT);
	self[len > 0 ? len : 0] = '\0';
	door.program = self;
	door.overrides = overrides_of(request, &judging->arena);
	if (!mode_known(request, status) || !find_cwd(judging, request, status))
		goto fail;
	/* A project's settings are the machine's facts: a hypothetical folder has none. */
	if (!request->hypothetical &&
	    !door_project_root(judging->defaults.cwd, SPAN(""), &judging->arena, &door.project)) {
		*status = cli_fail(request->name, EXIT_STATUS_INTERNAL, "out of memory");
		goto fail;
	}
	if (!door_open(&door, &judging->arena, &judging->door, status, &message)) {
		*status = cli_fail(NULL, *status, "%.*s", (int)message.len, message.ptr);
		goto fail;
	}
	judging->defaults.home = judging->door.home;
	judging->defaults.state = judging->door.state;
	return true;
fail:
	arena_release(&judging->arena);
	return false;
}

void judging_close(struct judging *judging)
{
	arena_release(&judging->arena);
}

bool judging_one(const struct judging *judging, const struct json_value *object,
                 struct arena *arena, struct judgement *judgement, struct problem *problem)
{
	const struct json_value *permissions;
	struct action *action = &judgement->action;

	if (!action_read(object, &judging->defaults, arena, action, &permissions, problem))
		return false;
	if (action->session.len == 0)
		action->session = judging->session;
	action->view = judging->hypothetical ? NULL : &paths_machine;
	if (judging->hypothetical)
		action->paths.state = SPAN("");
	door_judge(&judging->door, action, permissions, arena, &judgement->effects,
	           &judgement->verdict);
	return true;
}

bool judging_words(const char *tool, const char *word, struct outbuf *out)
{
	static const struct {
		const char *tool, *member;
	} rows[] = {
		{ "Bash", "command" },        { "Read", "file_path" },
		{ "Write", "file_path" },     { "Edit", "file_path" },
		{ "MultiEdit", "file_path" }, { "NotebookEdit", "notebook_path" },
		{ "Glob", "pattern" },        { "Grep", "pattern" },
		{ "WebFetch", "url" },        { "WebSearch", "query" },
		{ "Agent", "prompt" },        { "Task", "prompt" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!span_equal_nocase(span_of(rows[i].tool), span_of(tool)))
			continue;
		outbuf_put(out, SPAN("{\"tool\":"));
		outbuf_put_json(out, span_of(rows[i].tool));
		outbuf_put(out, SPAN(",\"input\":{"));
		outbuf_put_json(out, span_of(rows[i].member));
		outbuf_put_byte(out, ':');
		outbuf_put_json(out, span_of(word));
		outbuf_put(out, SPAN("}}"));
		return true;
	}
	return false;
}
