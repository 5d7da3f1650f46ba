/* The running machine's file system, for the planner. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/sandbox.h"
#include "sandbox/sys.h"

static const char *keep(struct arena *arena, const char *text, size_t len)
{
	struct span copy;

	if (arena_copy(arena, (struct span){ text, len }, &copy))
		return copy.ptr;
	errno = ENOMEM;
	return NULL;
}

static bool look(void *context, const char *path, struct arena *arena, struct sandbox_fact *fact)
{
	struct stat found;
	char link[4096];
	ssize_t len;

	(void)context;
	*fact = (struct sandbox_fact){ .kind = SANDBOX_ABSENT };
	if (lstat(path, &found) != 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
	fact->device = found.st_dev;
	fact->inode = found.st_ino;
	fact->size = (uint64_t)found.st_size;
	fact->kind = S_ISREG(found.st_mode)   ? SANDBOX_IS_FILE
	             : S_ISDIR(found.st_mode) ? SANDBOX_IS_DIRECTORY
	                                      : SANDBOX_IS_OTHER;
	if (!S_ISLNK(found.st_mode))
		return true;
	fact->kind = SANDBOX_IS_LINK;
	len = readlink(path, link, sizeof link);
	if (len < 0 || (size_t)len == sizeof link)
		return false;
	fact->link = keep(arena, link, (size_t)len);
	return fact->link != NULL;
}

static bool list(void *context, const char *path, struct arena *arena, struct sandbox_name **names,
                 size_t *count)
{
	int fd = sys_openat2(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC,
	                     SYS_RESOLVE_NO_SYMLINKS);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct sandbox_name *found = NULL;
	size_t cap = 0, used = 0;
	struct dirent *entry;
	bool complete = true;

	(void)context;
	if (directory == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (complete && (entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		complete = arena_grow(arena, (void **)&found, &cap, used, sizeof *found);
		if (!complete) {
			errno = ENOMEM;
			break;
		}
		found[used].directory = entry->d_type == DT_DIR;
		found[used].name = keep(arena, entry->d_name, strlen(entry->d_name));
		complete = found[used++].name != NULL;
	}
	closedir(directory);
	*names = found;
	*count = used;
	return complete;
}

const struct sandbox_world sandbox_machine = { .look = look, .list = list };
