/*
 * The environment of a guarded command: an allow-list, and what the run itself sets.
 *
 * What is not named does not get in: keys, tokens, sockets of agents and desktops,
 * variables that change how programs are loaded.  Everything is copied: I wipes the
 * caller's own before the command starts.
 */
#include <string.h>

#include "run/private.h"

/* clang-format off */
static const char *const passed[] = {
	"TERM", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "LS_COLORS",
	"LANG", "LANGUAGE", "LC_*", "TZ", "USER", "LOGNAME", "PATH", "EDITOR", "VISUAL", "PAGER", "LESS",
	"CI", "DEBIAN_FRONTEND", "SOURCE_DATE_EPOCH", "NODE_ENV", "RUST_BACKTRACE", "PYTHONDONTWRITEBYTECODE",
	"PYTHONUNBUFFERED", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
};
/* clang-format on */

#define PROXY "http://127.0.0.1:3128"

enum { MAX_VARIABLES = 1024 };

struct environment {
	struct run *run;
	char **items;
	size_t count;
	bool failed;
};

static struct span name_of(const char *variable)
{
	struct span text = span_of(variable);
	size_t equals;

	return span_find_byte(text, '=', &equals) ? span_slice(text, 0, equals) : text;
}

/* Adds NAME=VALUE; a later one takes the place of an earlier one. */
static void put(struct environment *environment, const char *variable)
{
	struct span copy;
	size_t at = 0;

	if (variable == NULL || !arena_copy(&environment->run->arena, span_of(variable), &copy)) {
		environment->failed = true;
		return;
	}
	while (at < environment->count &&
	       !span_equal(name_of(environment->items[at]), name_of(variable)))
		at++;
	if (at >= MAX_VARIABLES) {
		environment->failed = true;
		return;
	}
	/* the arena's copy is ours to hand to execve(2), which takes no const */
	environment->items[at] = (char *)(uintptr_t)copy.ptr;
	if (at == environment->count)
		environment->count++;
}

static void set(struct environment *environment, const char *name, const char *value)
{
	put(environment, run_format(environment->run, "%s=%s", name, value));
}

static void pass(struct environment *environment, const char *name)
{
	const char *value = run_variable(environment->run, name);

	if (value)
		set(environment, name, value);
}

static void pass_common(struct environment *environment)
{
	char *const *caller = environment->run->options->environ;

	for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++) {
		if (strcmp(passed[i], "LC_*") != 0)
			pass(environment, passed[i]);
	}
	for (size_t i = 0; caller[i]; i++) {
		if (span_starts(span_of(caller[i]), SPAN("LC_")))
			put(environment, caller[i]);
	}
}

static void set_common(struct environment *environment)
{
	struct run *run = environment->run;
	bool full = run->request.level == SANDBOX_FULL;

	if (run_variable(run, "PATH") == NULL)
		set(environment, "PATH", "/usr/local/bin:/usr/bin:/bin");
	set(environment, "HOME", full ? run->home : run->private_home);
	set(environment, "SHELL", "/bin/bash");
	set(environment, "PWD", run->cwd);
	set(environment, "TMPDIR", full ? "/tmp" : run_format(run, "%s/.tmp", run->private_home));
	set(environment, "BAILIFF_RUN", run->id);
}

static void set_proxy(struct environment *environment)
{
	static const char *const names[] = { "http_proxy",  "HTTP_PROXY", "https_proxy",
		                             "HTTPS_PROXY", "all_proxy",  "ALL_PROXY" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		set(environment, names[i], PROXY);
	set(environment, "no_proxy", "localhost,127.0.0.1,::1");
	set(environment, "NO_PROXY", "localhost,127.0.0.1,::1");
	set(environment, "NODE_USE_ENV_PROXY", "1");
}

/* The agent talks to the broker, and holds a key that opens nothing. */
static void set_provider(struct environment *environment, const struct profile_provider *provider)
{
	struct run *run = environment->run;

	set(environment, provider->base_variable.ptr,
	    run_format(run, PROXY "%s", provider->prefix.ptr));
	if (run_variable(run, provider->key_variable.ptr))
		set(environment, provider->key_variable.ptr, "bailiff-holds-the-key");
}

static void set_profile(struct environment *environment)
{
	const struct profile *profile = &environment->run->profile;

	for (size_t i = 0; i < profile->pass.count; i++)
		pass(environment, profile->pass.items[i].ptr);
	for (size_t i = 0; i < profile->set.count; i++)
		put(environment, profile->set.items[i].ptr);
	for (size_t i = 0; i < profile->provider_count; i++)
		set_provider(environment, &profile->providers[i]);
}

int environment_make(struct run *run)
{
	struct environment environment = { .run = run };

	environment.items = arena_array(&run->arena, char *, MAX_VARIABLES + 1);
	if (environment.items == NULL)
		return run_say(RUN_FAILED, "out of memory");
	pass_common(&environment);
	set_common(&environment);
	if (run->network == SANDBOX_NETWORK_PROXY)
		set_proxy(&environment);
	if (run->agent)
		set_profile(&environment);
	for (size_t i = 0; i < run->options->variable_count; i++) {
		const char *variable = run->options->variables[i];

		if (strchr(variable, '='))
			put(&environment, variable);
		else
			pass(&environment, variable);
	}
	if (environment.failed)
		return run_say(RUN_FAILED, "the environment is too large");
	run->environ = environment.items;
	return 0;
}
