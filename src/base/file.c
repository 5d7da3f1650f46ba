/* Whole files: bounded reading, writing that survives a crash. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"

enum { FIRST_READ = 4 * 1024 }; /* a page: what a hook is told, or a policy, mostly fits */

bool file_read_fd(int fd, size_t max, struct arena *arena, struct span *bytes,
                  struct problem *problem)
{
	size_t cap = 0, len = 0;
	char *buffer = NULL;

	for (;;) {
		ssize_t got;

		if (len == cap) {
			size_t bigger = cap ? cap * 2 : FIRST_READ;
			char *larger = cap > SIZE_MAX / 2 ? NULL : arena_alloc(arena, 1, bigger);

			if (!larger)
				return problem_set(problem, PROBLEM_MEMORY, len, "out of memory");
			if (len)
				memcpy(larger, buffer, len);
			buffer = larger;
			cap = bigger;
		}
		got = read(fd, buffer + len, cap - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return problem_system(problem, "cannot read");
		if (got == 0)
			break;
		len += (size_t)got;
		if (len > max)
			return problem_set(problem, PROBLEM_LIMIT, max, "too long");
	}
	*bytes = (struct span){ buffer, len };
	return true;
}

bool file_read(const char *path, size_t max, struct arena *arena, struct span *bytes,
               struct problem *problem)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool read;

	if (fd < 0)
		return problem_system(problem, "cannot open");
	read = file_read_fd(fd, max, arena, bytes, problem);
	close(fd);
	return read;
}

bool file_write_fd(int fd, struct span bytes, struct problem *problem)
{
	while (bytes.len > 0) {
		ssize_t put = write(fd, bytes.ptr, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put == 0)
			errno = EIO; /* no progress, and no reason given */
		if (put <= 0)
			return problem_system(problem, "cannot write");
		bytes = span_from(bytes, (size_t)put);
	}
	return true;
}

static bool sync_directory(const char *path, struct problem *problem)
{
	char directory[PATH_MAX];
	struct span name = path_dirname(span_of(path));
	bool synced;
	int fd;

	snprintf(directory, sizeof directory, "%.*s", (int)name.len, name.ptr);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return problem_system(problem, "cannot open the directory");
	synced = fsync(fd) == 0 || problem_system(problem, "cannot sync the directory");
	close(fd);
	return synced;
}

static bool fill(const char *path, struct span bytes, unsigned mode, struct problem *problem)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	bool filled;

	if (fd < 0)
		return problem_system(problem, "cannot create");
	filled = file_write_fd(fd, bytes, problem);
	if (filled && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		filled = problem_system(problem, "cannot write");
	if (close(fd) < 0 && filled)
		filled = problem_system(problem, "cannot write");
	return filled;
}

bool file_replace(const char *path, struct span bytes, unsigned mode, struct problem *problem)
{
	char temporary[PATH_MAX];
	uint64_t suffix;
	int len;

	if (!random_bytes(&suffix, sizeof suffix, problem))
		return false;
	len = snprintf(temporary, sizeof temporary, "%s.%016llx.tmp", path,
	               (unsigned long long)suffix);
	if (len < 0 || (size_t)len >= sizeof temporary) {
		errno = ENAMETOOLONG;
		return problem_system(problem, "cannot create");
	}
	if (!fill(temporary, bytes, mode, problem)) {
		unlink(temporary);
		return false;
	}
	if (rename(temporary, path) < 0) {
		problem_system(problem, "cannot replace");
		unlink(temporary);
		return false;
	}
	return sync_directory(path, problem);
}

bool file_make_directory(const char *path, unsigned mode, struct problem *problem)
{
	char partial[PATH_MAX];
	size_t len = strlen(path);
	struct stat status;
	int refused = 0; /* why the last component could not be made */

	if (len == 0 || len >= sizeof partial) {
		errno = len ? ENAMETOOLONG : ENOENT;
		return problem_system(problem, "cannot make the directory");
	}
	memcpy(partial, path, len + 1);
	for (size_t i = 1; i <= len; i++) {
		if (partial[i] != '/' && partial[i] != '\0')
			continue;
		partial[i] = '\0';
		/* What is there already may lie where nothing can be made: stat() decides. */
		refused = mkdir(partial, mode) < 0 ? errno : 0;
		partial[i] = path[i];
	}
	if (stat(path, &status) < 0) {
		errno = refused ? refused : errno;
		return problem_system(problem, "cannot make the directory");
	}
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return problem_system(problem, "cannot make the directory");
	}
	return true;
}
