/*
 * The private home: a folder for each project and agent, mounted where the real one is.
 *
 * It starts with copies of what the profile names, made once, and is then the
 * agent's: what it holds is not to be believed, so every step in it is by descriptor
 * and follows no link.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/path.h"
#include "run/private.h"

enum { SEED_BYTES = 1024 * 1024, SEED_DEPTH = 6, SEED_FILES = 500 };
enum { FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

struct seeding {
	struct run *run;
	unsigned files;
};

/* The directory `name` in `at`, made where missing; -1 where it is something else. */
static int enter(int at, const char *name, bool make)
{
	if (make && mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(at, name, FOLDER);
}

/* Writes a file that is not there yet; one that is stays. */
static void write_new(int at, const char *name, struct span bytes, mode_t mode)
{
	struct problem problem = { 0 };
	int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return;
	if (!file_write_fd(fd, bytes, &problem))
		unlinkat(at, name, 0);
	close(fd);
}

static void copy_file(struct seeding *seeding, int from, int to, const char *name)
{
	struct problem problem = { 0 };
	struct span bytes;
	struct stat found;
	int fd = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	if (seeding->files++ < SEED_FILES && fstat(fd, &found) == 0 && S_ISREG(found.st_mode) &&
	    file_read_fd(fd, SEED_BYTES, &seeding->run->arena, &bytes, &problem))
		write_new(to, name, bytes, found.st_mode & 0700);
	close(fd);
}

static void copy_any(struct seeding *seeding, int from, int to, const char *name, unsigned depth)
{
	int source = openat(from, name, FOLDER), target;
	DIR *directory;
	struct dirent *entry;

	if (source < 0) {
		copy_file(seeding, from, to, name);
		return;
	}
	target = depth < SEED_DEPTH ? enter(to, name, true) : -1;
	directory = target < 0 ? NULL : fdopendir(source);
	while (directory && (entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			copy_any(seeding, source, target, entry->d_name, depth + 1);
	}
	if (directory)
		closedir(directory);
	else
		close(source);
	if (target >= 0)
		close(target);
}

/* Goes down all of `path` but its last component, in both trees (`from` may be -1). */
static bool descend(int *from, int *to, struct span path, char name[NAME_MAX + 1])
{
	struct span rest = path, part;

	*from = *from < 0 ? -1 : dup(*from);
	*to = dup(*to);
	while (span_split(&rest, '/', &part)) {
		int next_from, next_to;

		if (part.len > NAME_MAX)
			return false;
		memcpy(name, part.ptr, part.len);
		name[part.len] = '\0';
		if (rest.len == 0)
			return true;
		next_from = *from < 0 ? -1 : enter(*from, name, false);
		next_to = enter(*to, name, true);
		if (*from >= 0)
			close(*from);
		close(*to);
		*to = next_to;
		if (next_to < 0 || (*from >= 0 && next_from < 0)) {
			*from = next_from;
			return false;
		}
		*from = next_from;
	}
	return false;
}

static void seed_one(struct seeding *seeding, int home, int private_home, struct span path)
{
	char name[NAME_MAX + 1];
	int from = home, to = private_home;
	struct stat found;

	if (descend(&from, &to, path, name) &&
	    fstatat(to, name, &found, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
		copy_any(seeding, from, to, name, 0);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
}

static void write_one(int private_home, const struct profile_file *file)
{
	char name[NAME_MAX + 1];
	int from = -1, to = private_home;

	if (descend(&from, &to, file->path, name))
		write_new(to, name, file->content, 0600);
	if (to >= 0)
		close(to);
}

static void seed(struct run *run)
{
	struct seeding seeding = { .run = run };
	int home = open(run->home, FOLDER), private_home = open(run->private_home, FOLDER);

	for (size_t i = 0; i < run->profile.seeds.count && home >= 0 && private_home >= 0; i++)
		seed_one(&seeding, home, private_home, run->profile.seeds.items[i]);
	for (size_t i = 0; i < run->profile.home_file_count && private_home >= 0; i++)
		write_one(private_home, &run->profile.home_files[i]);
	if (home >= 0)
		close(home);
	if (private_home >= 0)
		close(private_home);
}

int places_make_home(struct run *run)
{
	struct problem problem = { 0 };
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	struct outbuf name;
	bool done;

	sha256_init(&hash);
	sha256_add(&hash, span_of(run->workspace));
	sha256_add(&hash, SPAN("\n"));
	sha256_add(&hash, run->agent ? run->profile.name : SPAN("command"));
	sha256_end(&hash, digest);
	outbuf_init(&name, 64);
	outbuf_put_hex(&name, (struct span){ (const char *)digest, 12 });
	outbuf_put_byte(&name, '\0');
	run->private_home = outbuf_ok(&name) ? run_format(run, "%s/homes/%s", run->state, name.ptr)
	                                     : NULL;
	outbuf_release(&name);
	done = run->private_home && (access(run->private_home, F_OK) == 0 ||
	                             file_make_directory(run->private_home, 0700, &problem));
	if (!done)
		return run_say(RUN_FAILED, "%s: a home for the command cannot be made: %s",
		               run->private_home ? run->private_home : "",
		               strerror(problem.sys_errno));
	if (run->agent)
		seed(run);
	return 0;
}
