/*
 * What an agent's hooks see of the caller's state while it changes: STATE/runs/ID, mounted
 * read-only at policy/state inside.
 *
 * The state folder itself holds more than hooks may see.  So the saved grants are
 * copied here, and again whenever they are replaced: a grant that is given outside counts
 * inside from then on.  Grants of a session have a folder of their own, which is mounted.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "run/private.h"

enum { GRANTS_BYTES = 1024 * 1024, FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

#define GRANTS "grants.json"

/* Copies the grants as they are now; where there are none, there are none here either. */
static bool copy_grants(struct run *run)
{
	const char *from = run_format(run, "%s/" GRANTS, run->state);
	const char *to = run_format(run, "%s/" GRANTS, run->share);
	struct problem problem = { 0 };
	struct arena arena;
	struct span bytes;
	bool done;
	int fd;

	if (from == NULL || to == NULL)
		return false;
	fd = open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT && (unlink(to) == 0 || errno == ENOENT);
	arena_init(&arena, (size_t)4 * GRANTS_BYTES);
	done = file_read_fd(fd, GRANTS_BYTES, &arena, &bytes, &problem) &&
	       file_replace(to, bytes, 0600, &problem);
	arena_release(&arena);
	close(fd);
	return done;
}

static bool copy_settings(struct run *run)
{
	struct problem problem = { 0 };
	const char *to = run_format(run, "%s/settings.json", run->share);

	for (const struct policy_file *file = run->door.files; file; file = file->next) {
		if (file->layer == POLICY_USER &&
		    (to == NULL || !file_replace(to, file->bytes, 0600, &problem)))
			return false;
	}
	return true;
}

static void remove_share(struct run *run, const char *share)
{
	static const char *const names[] = { "/grants.json", "/settings.json", "/sessions", "" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *path = run_format(run, "%s%s", share, names[i]);

		if (path)
			remove(path);
	}
}

/* The folder of a run that is over, and was not let clean up: nobody holds its lock. */
static void remove_stale(struct run *run, const char *runs)
{
	DIR *directory = opendir(runs);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL) {
		const char *share = run_format(run, "%s/%s", runs, entry->d_name);
		int fd = entry->d_name[0] == '.' || share == NULL ? -1 : open(share, FOLDER);

		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			remove_share(run, share);
		close(fd);
	}
	if (directory)
		closedir(directory);
}

/* Makes the folder and holds it: the lock is gone with this process, by whatever way. */
static bool make_folder(struct run *run)
{
	const char *runs = run_format(run, "%s/runs", run->state), *place;
	struct problem problem = { 0 };

	run->share = run_format(run, "%s/runs/%s", run->state, run->id);
	place = run->share ? run_format(run, "%s/sessions", run->share) : NULL;
	if (runs == NULL || place == NULL)
		return false;
	remove_stale(run, runs);
	if (!file_make_directory(place, 0700, &problem))
		return false;
	run->share_fd = open(run->share, FOLDER);
	return run->share_fd >= 0 && flock(run->share_fd, LOCK_EX | LOCK_NB) == 0;
}

int share_make(struct run *run)
{
	struct problem problem = { 0 };
	const char *sessions = run_format(run, "%s/sessions", run->state);

	if (!run->agent)
		return 0;
	run->changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (sessions == NULL || !file_make_directory(sessions, 0700, &problem) ||
	    !make_folder(run) ||
	    inotify_add_watch(run->changes, run->state,
	                      IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE | IN_ONLYDIR) < 0 ||
	    !copy_settings(run) || !copy_grants(run))
		return run_say(RUN_FAILED, "a folder for the agent's hooks cannot be made: %s",
		               strerror(errno));
	return 0;
}

/* Something in the state folder has changed; which, does not matter. */
void share_update(struct run *run)
{
	char events[4096] __attribute__((aligned(8)));

	while (read(run->changes, events, sizeof events) > 0)
		;
	if (!copy_grants(run))
		run_say(0, "grants that were changed could not be passed on");
}

void share_end(struct run *run)
{
	if (run->changes >= 0)
		close(run->changes);
	run->changes = -1;
	if (run->share)
		remove_share(run, run->share);
	run->share = NULL;
	if (run->share_fd >= 0)
		close(run->share_fd);
	run->share_fd = -1;
}
