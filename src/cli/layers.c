/* The layers of where one stands. */
#include "cli/layers.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "door/door.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024, NAME_BYTES = 64 };

int layers_fault(const struct policy_fault *fault, struct arena *arena)
{
	struct span text;

	if (!policy_fault_text(fault, arena, &text))
		return cli_fail(NULL, EXIT_STATUS_INTERNAL, "out of memory");
	return cli_fail(NULL, EXIT_STATUS_POLICY, "%.*s", (int)text.len, text.ptr);
}

static bool find_places(const char *name, struct layers *layers, int *status)
{
	const char *state = getenv("BAILIFF_HOME");
	struct problem problem;
	char here[PATH_MAX];

	layers->inside = access(DOOR_RUN_FOLDER "/run.json", F_OK) == 0;
	if (!policy_places_of(getuid(), span_of(state), SPAN(""), &layers->arena, &layers->places,
	                      &problem)) {
		*status = cli_fail(name,
		                   problem.kind == PROBLEM_SYNTAX ? EXIT_STATUS_USAGE
		                                                  : EXIT_STATUS_INTERNAL,
		                   "%s", problem.what);
		return false;
	}
	layers->home = layers->places.home;
	if (layers->inside) {
		layers->places.system = SPAN(DOOR_RUN_FOLDER "/policy/system");
		layers->places.user_managed = SPAN(DOOR_RUN_FOLDER "/policy/user");
		layers->places.user_state = SPAN(DOOR_RUN_FOLDER "/policy/state");
		layers->places.vouched = true;
	}
	if (getcwd(here, sizeof here) &&
	    !door_project_root(span_of(here), layers->home, &layers->arena,
	                       &layers->places.project)) {
		*status = cli_fail(name, EXIT_STATUS_INTERNAL, "out of memory");
		return false;
	}
	layers->project = layers->places.project;
	return true;
}

bool layers_open(const char *name, struct layers *layers, int *status)
{
	struct policy_fault fault;
	struct policy_input input = { 0 };

	*layers = (struct layers){ 0 };
	arena_init(&layers->arena, ARENA_LIMIT);
	if (!find_places(name, layers, status)) {
		arena_release(&layers->arena);
		return false;
	}
	if (policy_read(&layers->places, &layers->arena, &layers->files, &fault)) {
		input.files = layers->files;
		if (policy_merge(&input, &layers->arena, &layers->policy, &fault))
			return true;
	}
	*status = layers_fault(&fault, &layers->arena);
	arena_release(&layers->arena);
	return false;
}

void layers_close(struct layers *layers)
{
	arena_release(&layers->arena);
}

struct grants_place layers_grants(const struct layers *layers)
{
	return (struct grants_place){ .state = layers->places.user_state,
		                      .owner = layers->places.user_owner,
		                      .vouched = layers->places.vouched };
}

int layers_print(struct outbuf *out, int status)
{
	struct span text = outbuf_span(out);
	bool good = outbuf_ok(out) &&
	            fwrite(text.len > 0 ? text.ptr : "", 1, text.len, stdout) == text.len &&
	            fflush(stdout) == 0;

	outbuf_release(out);
	return good ? status : EXIT_STATUS_INTERNAL;
}

struct span layers_user(struct layers *layers)
{
	char *text = arena_alloc(&layers->arena, NAME_BYTES, 1);
	const struct passwd *entry = getpwuid(getuid());

	if (!text)
		return SPAN("?");
	if (entry)
		(void)snprintf(text, NAME_BYTES, "%s", entry->pw_name);
	else
		(void)snprintf(text, NAME_BYTES, "uid %u", (unsigned)getuid());
	return span_of(text);
}
