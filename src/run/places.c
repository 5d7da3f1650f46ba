/* Where things are: the workspace, the program, and a home of its own for it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "run/private.h"

/* realpath(3) into the arena, or NULL with errno set. */
static const char *real(struct run *run, const char *path)
{
	char resolved[PATH_MAX];
	struct span copy;

	if (realpath(path, resolved) == NULL)
		return NULL;
	if (!arena_copy(&run->arena, span_of(resolved), &copy)) {
		errno = ENOMEM;
		return NULL;
	}
	return copy.ptr;
}

static const char *c_string(struct run *run, struct span text)
{
	struct span copy;

	return arena_copy(&run->arena, text, &copy) ? copy.ptr : NULL;
}

/* The first line of a small file, or empty. */
static struct span first_line(struct run *run, const char *path)
{
	struct problem problem = { 0 };
	struct span bytes, line = { 0 };

	if (path && file_read(path, PATH_MAX, &run->arena, &bytes, &problem))
		span_split(&bytes, '\n', &line);
	return line;
}

/*
 * A linked work tree (git-worktree(1)) holds a file .git that names its part of the main
 * repository.  That file is the project's, so it is believed only where the repository, which
 * the project cannot write to, names the work tree in turn.
 */
static void find_repository(struct run *run)
{
	struct span link = first_line(run, run_format(run, "%s/.git", run->workspace)), part, back;
	const char *folder;

	if (!span_starts(link, SPAN("gitdir: /")))
		return;
	part = span_from(link, sizeof "gitdir: " - 1);
	folder = run_format(run, "%.*s", (int)part.len, part.ptr);
	folder = folder ? real(run, folder) : NULL;
	if (folder == NULL || path_within(span_of(folder), span_of(run->workspace)) ||
	    !span_equal(path_basename(path_dirname(span_of(folder))), SPAN("worktrees")))
		return;
	back = first_line(run, run_format(run, "%s/gitdir", folder));
	if (span_equal(back, span_of(run_format(run, "%s/.git", run->workspace)))) {
		part = path_dirname(path_dirname(span_of(folder)));
		run->repository = c_string(run, part);
	}
}

static int find_workspace(struct run *run)
{
	const char *asked = run->options->workspace;
	struct span root;

	if (asked)
		run->workspace = real(run, asked);
	else if (door_project_root(span_of(run->cwd), span_of(run->home), &run->arena, &root))
		run->workspace = c_string(run, root);
	if (run->workspace == NULL)
		return run_say(RUN_FAILED, "%s: %s", asked ? asked : run->cwd, strerror(errno));
	if (!path_within(span_of(run->cwd), span_of(run->workspace)))
		run->cwd = run->workspace; /* elsewhere is not visible */
	find_repository(run);
	return 0;
}

int places_find(struct run *run)
{
	struct policy_places places;
	struct problem problem = { 0 };
	const char *state = run_variable(run, "BAILIFF_HOME"), *folder;

	run->cwd = real(run, ".");
	if (run->cwd == NULL)
		return run_say(RUN_FAILED, "the current folder cannot be found: %s",
		               strerror(errno));
	if (!policy_places_of(getuid(), span_of(state), (struct span){ 0 }, &run->arena, &places,
	                      &problem))
		return run_say(RUN_FAILED, "%s", problem.what);
	folder = c_string(run, places.home);
	run->home = folder ? real(run, folder) : NULL;
	if (run->home == NULL && errno == ENOENT)
		run->home = folder; /* of a user that has none: the private one is all there is */
	if (run->home == NULL)
		return run_say(RUN_FAILED, "the home folder: %s", strerror(errno));
	folder = c_string(run, places.user_state);
	if (folder == NULL || !file_make_directory(folder, 0700, &problem))
		return run_say(RUN_FAILED,
		               "%.*s: Bailiff keeps its state there, and it cannot be made: %s",
		               (int)places.user_state.len, places.user_state.ptr,
		               strerror(problem.sys_errno));
	run->state = real(run, folder);
	if (run->state == NULL)
		return run_say(RUN_FAILED, "%s: %s", folder, strerror(errno));
	return find_workspace(run);
}

/* ---- the program ---- */

static bool is_program(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISREG(found.st_mode) && access(path, X_OK) == 0;
}

/* execvp(3)'s search, without running anything. */
static const char *search(struct run *run, const char *name)
{
	struct span rest = span_of(run_variable(run, "PATH")), part;

	if (strchr(name, '/'))
		return is_program(name) ? name : NULL;
	if (rest.len == 0)
		rest = SPAN("/usr/local/bin:/usr/bin:/bin");
	while (span_split(&rest, ':', &part)) {
		const char *path = part.len == 0 ? NULL
		                                 : run_format(run, "%.*s/%s", (int)part.len,
		                                              part.ptr, name);

		if (path && path[0] == '/' && is_program(path))
			return path;
	}
	return NULL;
}

/* PATH with every directory real, so that what is planned is what is looked into. */
static bool real_search_path(struct run *run)
{
	struct span rest = span_of(run_variable(run, "PATH")), part;
	struct outbuf out;
	bool done;

	outbuf_init(&out, 64 * 1024);
	while (span_split(&rest, ':', &part)) {
		const char *directory = c_string(run, part);
		const char *resolved = directory && directory[0] == '/' ? real(run, directory)
		                                                        : NULL;

		if (resolved == NULL)
			continue;
		outbuf_put(&out, span_of(resolved));
		outbuf_put_byte(&out, ':');
	}
	run->search_path = outbuf_ok(&out) ? c_string(run, outbuf_span(&out)) : NULL;
	done = run->search_path != NULL;
	outbuf_release(&out);
	return done;
}

int places_find_program(struct run *run)
{
	const char *name = run->options->command[0];
	const char *found = search(run, name), *folder, *real_folder;

	if (found == NULL)
		return run_say(RUN_FAILED, "%s: there is no such program", name);
	run->real_program = real(run, found);
	/* the name stays, its folder becomes real: some programs look at what they are called */
	folder = c_string(run, path_dirname(span_of(found)));
	real_folder = folder ? real(run, folder) : NULL;
	if (run->real_program == NULL || real_folder == NULL || !real_search_path(run))
		return run_say(RUN_FAILED, "%s: %s", name, strerror(errno));
	run->program = run_format(run, "%s/%s", real_folder,
	                          strrchr(found, '/') ? strrchr(found, '/') + 1 : found);
	return run->program ? 0 : run_say(RUN_FAILED, "out of memory");
}
