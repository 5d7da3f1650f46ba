/*
 * Writing to the spool: where an entry waits when no recorder can take it.
 *
 * All writers append to the one file "current".  Whoever finds it empty syncs
 * the directory before writing, so that a record in the file proves that its
 * name is on the disk.  The recorder reads and removes a file only while it
 * holds the lock alone; where it does just that, a writer does not wait for it
 * but takes a file of its own, named after the entry.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "audit/frame.h"
#include "base/file.h"

enum { SPOOL_ATTEMPTS = 8 };

/* Opens and locks one file; *fd is -1 where the recorder has it or has removed it. */
static bool open_locked(int directory, const char *name, int *fd, struct problem *problem)
{
	struct stat status;

	*fd = openat(directory, name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return problem_system(problem, "cannot open the audit spool");
	if (flock(*fd, LOCK_SH | LOCK_NB) == 0 && fstat(*fd, &status) == 0 && status.st_nlink > 0) {
		if (status.st_size > 0 || fsync(directory) == 0)
			return true;
		problem_system(problem, "cannot sync the audit spool");
		close(*fd);
		return false;
	}
	close(*fd);
	*fd = -1;
	return true;
}

/* The whole record in one call: O_APPEND keeps it apart from the others'. */
static bool append(int fd, const struct uuid *id, struct span head, struct span body,
                   struct problem *problem)
{
	unsigned char record_head[SPOOL_HEAD_BYTES], record_tail[SPOOL_TAIL_BYTES],
		request[FRAME_REQUEST_BYTES];
	struct outbuf copy;

	if (head.len != sizeof(request))
		return problem_set(problem, PROBLEM_LIMIT, 0, "not an audit request");
	spool_put_head(id, head, body, record_head);
	memcpy(record_tail, spool_tail, sizeof(record_tail));
	memcpy(request, head.ptr, sizeof(request));
	outbuf_init(&copy, FRAME_MAX);
	outbuf_put(&copy, body);
	if (!outbuf_ok(&copy)) {
		outbuf_release(&copy);
		return problem_set(problem, PROBLEM_LIMIT, 0, "the audit entry is too long");
	}

	struct iovec pieces[] = {
		{ record_head, sizeof(record_head) },
		{ request, sizeof(request) },
		{ copy.ptr, copy.len },
		{ record_tail, sizeof(record_tail) },
	};
	size_t whole = sizeof(record_head) + sizeof(request) + body.len + sizeof(record_tail);
	ssize_t written = writev(fd, pieces, 4);

	outbuf_release(&copy);
	if (written < 0)
		return problem_system(problem, "cannot write to the audit spool");
	if ((size_t)written != whole) {
		errno = ENOSPC; /* what was written is torn, and known as such by its missing end */
		return problem_system(problem, "cannot write to the audit spool");
	}
	if (fdatasync(fd) != 0)
		return problem_system(problem, "cannot sync the audit spool");
	return true;
}

static bool write_in(int directory, const struct uuid *id, struct span head, struct span body,
                     struct problem *problem)
{
	char own[37];
	int fd = -1;
	bool written;

	if (!open_locked(directory, "current", &fd, problem))
		return false;
	uuid_format(id, own);
	for (int attempt = 0; fd < 0 && attempt < SPOOL_ATTEMPTS; attempt++)
		if (!open_locked(directory, own, &fd, problem))
			return false;
	if (fd < 0)
		return problem_set(problem, PROBLEM_REFUSED, 0, "the audit spool is busy");
	written = append(fd, id, head, body, problem);
	if (close(fd) != 0 && written)
		written = problem_system(problem, "cannot close the audit spool");
	return written;
}

/* A directory that was just made is on the disk once those above it are: the spool, audit, the state's and its parent. */
static bool sync_upward(int directory, struct problem *problem)
{
	char up[] = "../../..";

	for (size_t len = sizeof(up) - 1;; len -= 3) {
		int fd;
		bool synced;

		up[len] = 0;
		fd = openat(directory, up, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		synced = fd >= 0 && fsync(fd) == 0;
		if (fd >= 0)
			close(fd);
		if (!synced && errno != EACCES)
			return problem_system(problem, "cannot sync the audit spool's directories");
		if (len == 2)
			return true;
	}
}

bool spool_write(const char *directory, const struct uuid *id, struct span head, struct span body,
                 struct problem *problem)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(directory, flags);
	struct stat status;
	bool made = false, written;

	if (fd < 0 && errno == ENOENT) {
		if (!file_make_directory(directory, 0700, problem))
			return false;
		made = true;
		fd = open(directory, flags);
	}
	if (fd < 0)
		return problem_system(problem, "cannot open the audit spool");
	if (fstat(fd, &status) != 0 || status.st_uid != geteuid() || (status.st_mode & 022) != 0)
		written = problem_set(problem, PROBLEM_REFUSED, 0,
		                      "others can write to the audit spool");
	else
		written = (!made || sync_upward(fd, problem)) &&
		          write_in(fd, id, head, body, problem);
	close(fd);
	return written;
}
