/*
 * The running machine's links.
 *
 * A path is opened with O_PATH and its name is read back from the open handle, so that what is
 * judged is what was found, by whole components (reading 14).  What does not exist yet is
 * seen from its deepest ancestor that does (reading 15).  Magic links are refused: /proc/self
 * is Bailiff here, not the agent.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/path.h"
#include "paths/paths.h"

enum { MAX_LINKS = 40 /* as many as the kernel follows: path_resolution(7) */ };

static int open_path(const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS };
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);

	if (fd < 0 && errno == ENOSYS && strncmp(path, "/proc/", 6) != 0)
		return open(path, O_PATH | O_CLOEXEC);
	return (int)fd;
}

/* The name of what `fd` is open on. */
static bool name_of(int fd, struct arena *arena, struct span *name)
{
	char link[32], target[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	len = readlink(link, target, sizeof target);
	if (len <= 0 || (size_t)len >= sizeof target || target[0] != '/')
		return false;
	return arena_copy(arena, (struct span){ target, (size_t)len }, name);
}

/* A link that leads nowhere: where it would lead, seen from the folder that holds it. */
static bool dangling(const char *path, struct arena *arena, struct span *target)
{
	char text[PATH_MAX];
	ssize_t len = readlink(path, text, sizeof text);

	if (len <= 0 || (size_t)len >= sizeof text)
		return false;
	return path_normalise(path_dirname(span_of(path)), (struct span){ text, (size_t)len },
	                      arena, target);
}

/*
 * Opens the deepest ancestor of `path` that exists; *cut is how many bytes of `path` it is.
 * -1: cannot be told.  -2: what *cut covers is a link to *target, which does not exist.
 */
static int open_ancestor(struct span path, struct arena *arena, size_t *cut, struct span *target)
{
	struct span part = path, copy;
	int fd;

	for (;;) {
		*cut = part.len;
		if (!arena_copy(arena, part, &copy))
			return -1;
		fd = open_path(copy.ptr);
		if (fd >= 0 || (errno != ENOENT && errno != ENOTDIR))
			return fd;
		if (errno == ENOENT && dangling(copy.ptr, arena, target))
			return -2;
		if (part.len <= 1)
			return -1;
		part = path_dirname(part);
	}
}

/* What stands behind the first `cut` bytes, without its slash. */
static struct span rest_of(struct span path, size_t cut)
{
	while (cut < path.len && path.ptr[cut] == '/')
		cut++;
	return span_from(path, cut);
}

static bool resolve(void *context, struct span path, struct arena *arena, struct span *real)
{
	struct span target = { 0 }, folder;
	size_t cut = 0;
	int fd;

	(void)context;
	for (unsigned links = 0; links <= MAX_LINKS; links++) {
		if (path.len == 0 || path.len >= PATH_MAX || path.ptr[0] != '/' ||
		    span_find_byte(path, '\0', NULL))
			return false;
		fd = open_ancestor(path, arena, &cut, &target);
		if (fd == -1)
			return false;
		if (fd == -2) {
			if (!path_normalise(target, rest_of(path, cut), arena, &path))
				return false;
			continue;
		}
		bool named = name_of(fd, arena, &folder);

		close(fd);
		return named && path_normalise(folder, rest_of(path, cut), arena, real);
	}
	return false;
}

const struct paths_view paths_machine = { .context = NULL, .resolve = resolve };
