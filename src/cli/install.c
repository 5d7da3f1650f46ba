/*
 * bailiff install and uninstall: the hooks in an agent's own settings.
 *
 * What a file held before is kept in the state folder, so that uninstalling gives
 * it back byte for byte; where it was edited in between, only our entries go.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/path.h"
#include "cli/cli.h"
#include "door/door.h"
#include "hook/install.h"

enum { MAX_SETTINGS = 4 * 1024 * 1024, ARENA_LIMIT = 64 * 1024 * 1024 };

enum scope { SCOPE_USER, SCOPE_PROJECT, SCOPE_MANAGED, SCOPES };

/* Where each host keeps its settings: below the home, below the project, absolute. */
static const struct {
	const char *host;
	const char *files[SCOPES];
} places[] = {
	{ "claude-code",
	  { ".claude/settings.json", ".claude/settings.json",
	    "/etc/claude-code/managed-settings.json" } },
	{ "codex", { ".codex/hooks.json", ".codex/hooks.json", "/etc/codex/requirements.toml" } },
};

struct job {
	const char *name; /* of the command */
	bool remove, json;
	const struct hook_host *host;
	enum scope scope;
	struct arena arena;
	struct door door;
	char file[PATH_MAX];   /* the settings */
	char before[PATH_MAX]; /* what they held; missing: there was no file */
	char after[PATH_MAX];  /* what we wrote */
	char command[PATH_MAX + 64];
};

static int fail(struct job *job, const char *file, const struct problem *problem)
{
	struct problem again = { 0 };
	struct problem_place place;
	struct span text;

	if (problem->kind == PROBLEM_SYSTEM)
		return cli_fail(job->name, EXIT_STATUS_INTERNAL, "%s: %s: %s", file, problem->what,
		                strerror(problem->sys_errno));
	if (!file_read(file, MAX_SETTINGS, &job->arena, &text, &again))
		text = SPAN("");
	place = problem_place(text, problem->offset);
	return cli_fail(job->name, EXIT_STATUS_DATA, "%s:%zu:%zu: %s; nothing changed", file,
	                place.line, place.column, problem->what);
}

/* An absent file is an empty one. */
static bool read_or_empty(struct job *job, const char *path, struct span *bytes, bool *there,
                          struct problem *problem)
{
	*bytes = SPAN("");
	*there = access(path, F_OK) == 0;
	return !*there || file_read(path, MAX_SETTINGS, &job->arena, bytes, problem);
}

/* The folder of a file that is about to be written. */
static bool make_parent(const char *path, unsigned mode, struct problem *problem)
{
	char folder[PATH_MAX];
	struct span name = path_dirname(span_of(path));

	snprintf(folder, sizeof folder, "%.*s", (int)name.len, name.ptr);
	return file_make_directory(folder, mode, problem);
}

static bool write_settings(struct job *job, struct span bytes, struct problem *problem)
{
	struct stat status;
	unsigned mode = job->scope == SCOPE_MANAGED ? 0644 : 0600;

	if (stat(job->file, &status) == 0)
		mode = status.st_mode & 07777;
	return make_parent(job->file, job->scope == SCOPE_MANAGED ? 0755 : 0700, problem) &&
	       file_replace(job->file, bytes, mode, problem);
}

/* ---- names ---- */

/* A shell reads the command: quote a path that it would not leave alone. */
static bool name_command(struct job *job)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	bool plain = len > 0;

	self[len > 0 ? len : 0] = '\0';
	for (const char *at = self; *at; at++) {
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+",
		            *at))
			plain = false;
	}
	if (len <= 0 || strchr(self, '\''))
		return false;
	snprintf(job->command, sizeof job->command, plain ? "%s hook %s" : "'%s' hook %s", self,
	         job->host->name);
	return true;
}

static bool name_files(struct job *job, const char *project)
{
	const char *relative = NULL;
	unsigned char digest[SHA256_BYTES];
	char key[17], real[PATH_MAX];
	int len;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		if (strcmp(places[i].host, job->host->name) == 0)
			relative = places[i].files[job->scope];
	}
	if (!relative)
		return false;
	if (job->scope == SCOPE_MANAGED)
		len = snprintf(job->file, sizeof job->file, "%s", relative);
	else if (job->scope == SCOPE_PROJECT)
		len = snprintf(job->file, sizeof job->file, "%s/%s", project, relative);
	else
		len = snprintf(job->file, sizeof job->file, "%.*s/%s", (int)job->door.home.len,
		               job->door.home.ptr, relative);
	if (len < 0 || (size_t)len >= sizeof job->file)
		return false;
	/* Settings kept elsewhere behind a link stay there. */
	if (realpath(job->file, real))
		snprintf(job->file, sizeof job->file, "%s", real);
	sha256_of(span_of(job->file), digest);
	for (size_t i = 0; i < 8; i++)
		snprintf(key + 2 * i, 3, "%02x", digest[i]);
	len = snprintf(job->before, sizeof job->before, "%.*s/installed/%s-%s.before",
	               (int)job->door.state.len, job->door.state.ptr, job->host->name, key);
	snprintf(job->after, sizeof job->after, "%.*s/installed/%s-%s.after",
	         (int)job->door.state.len, job->door.state.ptr, job->host->name, key);
	return len > 0 && (size_t)len < sizeof job->before;
}

/* ---- the two ways ---- */

static bool make_settings(struct job *job, struct span before, struct outbuf *out, bool *changed,
                          struct problem *problem)
{
	struct hook_entries entries = { job->host, span_of(job->command) };
	bool toml = span_ends(span_of(job->file), SPAN(".toml"));

	if (!toml)
		return job->remove ? hook_settings_remove(job->host, before, &job->arena, out,
		                                          changed, problem)
		                   : hook_settings_add(&entries, before, &job->arena, out, changed,
		                                       problem);
	if (job->remove) {
		*changed = false;
		outbuf_put(out, before);
		return true;
	}
	hook_codex_requirements(job->host, span_of(job->command), out);
	*changed = !span_equal(before, outbuf_span(out));
	if (*changed && span_trim(before).len > 0 &&
	    !span_starts(before, SPAN("# Written by bailiff install codex")))
		return problem_set(problem, PROBLEM_REFUSED, 0,
		                   "this file has rules of its own, which are not rewritten; add "
		                   "the hooks by hand "
		                   "(see bailiff-install(1))");
	return true;
}

/* Keeps what was there, once: a second install must not take our own text for the user's. */
static bool keep_before(struct job *job, struct span before, bool there, struct span after,
                        struct problem *problem)
{
	struct span old, restored = before;
	bool kept;

	if (!make_parent(job->before, 0700, problem) ||
	    !read_or_empty(job, job->after, &old, &kept, problem))
		return false;
	if (kept && span_equal(old, before)) {
		if (!read_or_empty(job, job->before, &restored, &there, problem))
			return false;
	}
	if (there ? !file_replace(job->before, restored, 0600, problem)
	          : unlink(job->before) < 0 && errno != ENOENT)
		return false;
	return file_replace(job->after, after, 0600, problem);
}

static int say(struct job *job, const char *what)
{
	if (job->json) {
		struct outbuf out;

		outbuf_init(&out, 64 * 1024);
		outbuf_put(&out, SPAN("{\"agent\":"));
		outbuf_put_json(&out, span_of(job->host->name));
		outbuf_put(&out, SPAN(",\"file\":"));
		outbuf_put_json(&out, span_of(job->file));
		outbuf_put(&out, SPAN(",\"result\":"));
		outbuf_put_json(&out, span_of(what));
		outbuf_put(&out, SPAN("}\n"));
		printf("%.*s", (int)out.len, out.ptr);
		outbuf_release(&out);
	} else {
		printf("%s: hooks %s in %s\n", job->host->title, what, job->file);
	}
	return 0;
}

static bool record_change(struct job *job, const char *what)
{
	struct audit_entry entry = { .event = AUDIT_CONFIG_CHANGE,
		                     .outcome = AUDIT_SUCCESS,
		                     .severity = job->remove ? AUDIT_MEDIUM : AUDIT_INFO,
		                     .agent = span_of(job->host->name),
		                     .tool = SPAN("bailiff"),
		                     .action = span_of(what),
		                     .input = span_of(job->file),
		                     .door = SPAN("install") };
	struct audit_receipt receipt;
	struct problem problem = { 0 };

	return audit_record(&job->door.audit, &entry, &receipt, &problem);
}

/* Writes the settings, with what they were beside them first. */
static int replace(struct job *job, struct span before, bool there, struct span after)
{
	struct problem problem = { 0 };

	if (!record_change(job, "install hooks"))
		return cli_fail(job->name, EXIT_STATUS_INTERNAL,
		                "the record cannot be written; nothing changed");
	if (!keep_before(job, before, there, after, &problem))
		return fail(job, job->before, &problem);
	if (!write_settings(job, after, &problem))
		return fail(job, job->file, &problem);
	return say(job, "are now");
}

static int install(struct job *job)
{
	struct problem problem = { 0 };
	struct span before;
	struct outbuf out;
	bool there, changed;
	int status;

	outbuf_init(&out, (size_t)2 * MAX_SETTINGS);
	if (!read_or_empty(job, job->file, &before, &there, &problem) ||
	    !make_settings(job, before, &out, &changed, &problem))
		status = fail(job, job->file, &problem);
	else if (!outbuf_ok(&out))
		status = cli_fail(job->name, EXIT_STATUS_DATA, "%s: too large", job->file);
	else if (!changed)
		status = say(job, "were already");
	else
		status = replace(job, before, there, outbuf_span(&out));
	outbuf_release(&out);
	return status;
}

/* The settings as they were, where nobody touched them since. */
static bool restore(struct job *job, struct span now, bool *restored, struct problem *problem)
{
	struct span before, after;
	bool had_after, had_before;

	*restored = false;
	if (!read_or_empty(job, job->after, &after, &had_after, problem) ||
	    !read_or_empty(job, job->before, &before, &had_before, problem))
		return false;
	if (!had_after || !span_equal(now, after))
		return true;
	*restored = true;
	if (had_before)
		return write_settings(job, before, problem);
	return unlink(job->file) == 0 || problem_system(problem, "cannot remove");
}

/* Only Bailiff's entries go, where somebody changed the settings since. */
static bool take_out(struct job *job, struct span now, bool *changed, struct problem *problem)
{
	struct outbuf out;
	bool done;

	outbuf_init(&out, (size_t)2 * MAX_SETTINGS);
	done = make_settings(job, now, &out, changed, problem);
	if (done && *changed)
		done = outbuf_ok(&out) ? write_settings(job, outbuf_span(&out), problem)
		                       : problem_set(problem, PROBLEM_LIMIT, 0, "too large");
	outbuf_release(&out);
	return done;
}

static int uninstall(struct job *job)
{
	struct problem problem = { 0 };
	struct span now;
	bool there, changed = false;

	if (!read_or_empty(job, job->file, &now, &there, &problem))
		return fail(job, job->file, &problem);
	if (there) {
		if (!record_change(job, "uninstall hooks"))
			return cli_fail(job->name, EXIT_STATUS_INTERNAL,
			                "the record cannot be written; nothing changed");
		if (!restore(job, now, &changed, &problem) ||
		    (!changed && !take_out(job, now, &changed, &problem)))
			return fail(job, job->file, &problem);
	}
	unlink(job->before);
	unlink(job->after);
	return say(job, changed ? "are no longer" : "were not");
}

/* ---- the command line ---- */

static int open_job(struct job *job)
{
	char self[PATH_MAX], here[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	struct door_request request = { .state = getenv("BAILIFF_HOME"), .program = self };
	struct span message, root;
	int status;

	self[len > 0 ? len : 0] = '\0';
	if (!door_open(&request, &job->arena, &job->door, &status, &message))
		return cli_fail(NULL, status, "%.*s", (int)message.len, message.ptr);
	if (job->door.guarded)
		return cli_fail(job->name, EXIT_STATUS_DENY,
		                "hooks are not changed inside a guarded run");
	if (!getcwd(here, sizeof here) ||
	    !door_project_root(span_of(here), job->door.home, &job->arena, &root) ||
	    !arena_copy(&job->arena, root, &root))
		return cli_fail(job->name, EXIT_STATUS_INTERNAL,
		                "the current folder cannot be found");
	if (!name_command(job) || !name_files(job, root.ptr))
		return cli_fail(job->name, EXIT_STATUS_INTERNAL,
		                "the settings' place cannot be named");
	return 0;
}

static int run(int argc, char **argv, bool removing)
{
	struct job job = { .name = removing ? "uninstall" : "install", .remove = removing };
	const struct args_option *option;
	struct args args;
	int status;

	args_init(&args, argc, argv, cli_options(job.name));
	while (args_next(&args, &option)) {
		if (option->letter == 'h')
			return cli_help_for(job.name);
		if (option->letter == 'j')
			job.json = true;
		else
			job.scope = option->letter == 'p'   ? SCOPE_PROJECT
			            : option->letter == 'm' ? SCOPE_MANAGED
			                                    : SCOPE_USER;
	}
	if (args.problem || args.at + 1 != argc)
		return cli_usage(job.name, &args);
	job.host = hook_host_find(span_of(argv[args.at]));
	if (!job.host)
		return cli_fail(job.name, EXIT_STATUS_USAGE,
		                "'%s' is no agent it knows: claude-code, codex", argv[args.at]);
	arena_init(&job.arena, ARENA_LIMIT);
	status = open_job(&job);
	if (status == 0)
		status = removing ? uninstall(&job) : install(&job);
	arena_release(&job.arena);
	return status;
}

int cli_install(int argc, char **argv)
{
	return run(argc, argv, false);
}

int cli_uninstall(int argc, char **argv)
{
	return run(argc, argv, true);
}
