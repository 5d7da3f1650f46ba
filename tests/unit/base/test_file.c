/* Whole files: bounds, short writes, and what is left behind by a failure. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char folder[64];

/* A name in the test's folder; valid until the fourth call after it. */
static const char *in_folder(const char *name)
{
	static char paths[4][512];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static int entries(const char *path)
{
	DIR *directory = opendir(path);
	int count = -2; /* "." and ".." */

	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);
	return count;
}

static unsigned mode_of(const char *path)
{
	struct stat status = { 0 };

	return stat(path, &status) == 0 ? status.st_mode & 07777 : 0;
}

static bool holds(const char *path, struct span expected)
{
	struct arena arena;
	struct span bytes;
	struct problem problem;
	bool same;

	arena_init(&arena, 4 << 20);
	same = file_read(path, 1 << 20, &arena, &bytes, &problem) && span_equal(bytes, expected);
	arena_release(&arena);
	return same;
}

static void test_replace(void)
{
	struct problem problem = { 0 };

	umask(077);
	OK(file_replace(in_folder("a"), SPAN("one\0\xff"), 0644, &problem) &&
	           holds(in_folder("a"), SPAN("one\0\xff")),
	   "a file is made");
	OK(mode_of(in_folder("a")) == 0644, "its mode is the one asked for, whatever the umask");
	OK(file_replace(in_folder("a"), SPAN("2"), 0600, &problem) &&
	           holds(in_folder("a"), SPAN("2")) && mode_of(in_folder("a")) == 0600,
	   "and replaced, with its mode");
	OK(file_replace(in_folder("a"), SPAN(""), 0600, &problem) &&
	           holds(in_folder("a"), SPAN("")),
	   "by nothing too");
	OK(entries(folder) == 1, "no temporary file is left");
	umask(022);
}

static void test_replace_failures(void)
{
	struct problem problem = { 0 };
	char *long_name = malloc(5000);

	OK(!file_replace(in_folder("none/a"), SPAN("x"), 0600, &problem) &&
	           problem.kind == PROBLEM_SYSTEM && problem.sys_errno == ENOENT,
	   "no such directory");
	OK(mkdir(in_folder("d"), 0700) == 0 && mkdir(in_folder("d/x"), 0700) == 0 &&
	           !file_replace(in_folder("d"), SPAN("x"), 0600, &problem) &&
	           problem.sys_errno == EISDIR,
	   "a directory is not replaced");
	OK(entries(folder) == 2 && rmdir(in_folder("d/x")) == 0 && rmdir(in_folder("d")) == 0,
	   "a failure leaves no temporary file");
	if (OK(long_name != NULL, "memory")) {
		memset(long_name, 'a', 4999);
		long_name[4999] = '\0';
		OK(!file_replace(long_name, SPAN("x"), 0600, &problem) &&
		           problem.sys_errno == ENAMETOOLONG,
		   "a path that is too long");
	}
	free(long_name);
}

/* A link that somebody put there does not lead the bytes elsewhere. */
static void test_replace_link(void)
{
	struct problem problem = { 0 };
	struct stat status = { 0 };

	OK(file_replace(in_folder("target"), SPAN("kept"), 0600, &problem) &&
	           symlink("target", in_folder("link")) == 0 &&
	           file_replace(in_folder("link"), SPAN("new"), 0600, &problem),
	   "replacing a link");
	OK(lstat(in_folder("link"), &status) == 0 && S_ISREG(status.st_mode) &&
	           holds(in_folder("target"), SPAN("kept")) &&
	           holds(in_folder("link"), SPAN("new")),
	   "the link is replaced, and what it named is not");
}

static void test_read_bounds(void)
{
	enum { SIZE = 100000 };
	char *text = calloc(1, SIZE);
	struct problem problem = { 0 };
	struct arena arena;
	struct span bytes = SPAN("kept");

	arena_init(&arena, 4 << 20);
	OK(text && file_replace(in_folder("b"), (struct span){ text, SIZE }, 0600, &problem),
	   "a file of 100,000 bytes");
	OK(file_read(in_folder("b"), SIZE, &arena, &bytes, &problem) && bytes.len == SIZE,
	   "read at exactly its size");
	bytes = SPAN("kept");
	OK(!file_read(in_folder("b"), SIZE - 1, &arena, &bytes, &problem) &&
	           problem.kind == PROBLEM_LIMIT && span_equal(bytes, SPAN("kept")),
	   "refused at one byte less");
	OK(!file_read(in_folder("a"), 0, &arena, &bytes, &problem) ||
	           (holds(in_folder("a"), SPAN("")) && bytes.len == 0),
	   "an empty file fits into nothing");
	OK(!file_read("/dev/zero", 1 << 16, &arena, &bytes, &problem) &&
	           problem.kind == PROBLEM_LIMIT,
	   "a device without an end is bounded");
	OK(!file_read(in_folder("none"), 10, &arena, &bytes, &problem) &&
	           problem.kind == PROBLEM_SYSTEM && problem.sys_errno == ENOENT,
	   "no such file");
	OK(!file_read(folder, 10, &arena, &bytes, &problem) && problem.sys_errno == EISDIR,
	   "a directory");
	arena_release(&arena);
	free(text);
}

/* The file holds 100,000 bytes; too small an arena must say MEMORY and nothing else. */
static void test_read_memory(void)
{
	bool only_memory = true, read = false;

	for (size_t limit = 0; !read && limit < (4 << 20); limit += 4096) {
		struct problem problem = { 0 };
		struct arena arena;
		struct span bytes;

		arena_init(&arena, limit);
		read = file_read(in_folder("b"), 1 << 20, &arena, &bytes, &problem);
		only_memory = only_memory && (read || problem.kind == PROBLEM_MEMORY);
		arena_release(&arena);
	}
	OK(read && only_memory, "every short arena is out of memory");
}

static void test_write(void)
{
	struct problem problem = { 0 };
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);

	OK(full < 0 || (!file_write_fd(full, SPAN("x"), &problem) && problem.sys_errno == ENOSPC),
	   "a full device");
	OK(!file_write_fd(closed, SPAN("x"), &problem) && problem.sys_errno == EBADF,
	   "a descriptor that cannot be written to");
	OK(file_write_fd(closed, (struct span){ NULL, 0 }, &problem),
	   "nothing is written anywhere");
	close(full);
	close(closed);
}

static void test_directories(void)
{
	struct problem problem = { 0 };

	OK(file_make_directory(in_folder("p/q//r/"), 0700, &problem) &&
	           mode_of(in_folder("p/q/r")) == 0700 && mode_of(in_folder("p")) == 0700,
	   "a directory and its parents");
	OK(file_make_directory(in_folder("p/q"), 0755, &problem) &&
	           mode_of(in_folder("p/q")) == 0700,
	   "one that is there stays as it is");
	OK(file_make_directory("/", 0700, &problem), "the root is there");
	OK(!file_make_directory(in_folder("a"), 0700, &problem) && problem.sys_errno == ENOTDIR,
	   "a file is no directory");
	OK(!file_make_directory(in_folder("a/b"), 0700, &problem) && problem.sys_errno == ENOTDIR,
	   "nor a parent");
	OK(!file_make_directory("", 0700, &problem) && problem.sys_errno == ENOENT, "no name");
	OK(!file_make_directory("/proc/bailiff-test/x", 0700, &problem) &&
	           problem.kind == PROBLEM_SYSTEM && problem.sys_errno == ENOENT,
	   "where nothing can be made");
}

int main(void)
{
	char path[128];

	snprintf(folder, sizeof folder, "/tmp/bailiff-file-XXXXXX");
	if (!OK(mkdtemp(folder) != NULL, "a folder for the test"))
		return tap_done();
	test_replace();
	test_replace_failures();
	test_replace_link();
	test_read_bounds();
	test_read_memory();
	test_write();
	test_directories();
	for (size_t i = 0; i < 7; i++) {
		static const char *const made[] = {
			"a", "b", "link", "target", "p/q/r", "p/q", "p"
		};

		snprintf(path, sizeof path, "%s/%s", folder, made[i]);
		remove(path);
	}
	OK(rmdir(folder) == 0, "nothing else is left");
	return tap_done();
}
