/* What the file system adds, in a scratch folder: KC-095, KO-078, KO-079, readings 14 and 15. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths/paths.h"
#include "tap.h"

static struct arena arena;

static void check(const char *folder, const char *path, const char *expected, const char *name)
{
	char *text = NULL, *wanted = NULL;
	struct span real = SPAN("");

	if (asprintf(&text, "%s/%s", folder, path) < 0 ||
	    asprintf(&wanted, expected[0] == '/' ? "%s%s" : "%s/%s",
	             expected[0] == '/' ? "" : folder, expected) < 0)
		abort();
	bool found = paths_machine.resolve(NULL, span_of(text), &arena, &real);

	OK(found && span_equal(real, span_of(wanted)), "%s", name);
	if (found && !span_equal(real, span_of(wanted)))
		printf("# %.*s, not %s\n", (int)real.len, real.ptr, wanted);
	free(text);
	free(wanted);
}

static void refuse(const char *path, size_t len, const char *name)
{
	struct span real;

	OK(!paths_machine.resolve(NULL, (struct span){ path, len }, &arena, &real), "%s", name);
}

static void make(const char *folder)
{
	if (chdir(folder) != 0 || mkdir("proj", 0700) != 0 || mkdir("proj-evil", 0700) != 0 ||
	    mkdir("proj/src", 0700) != 0 || symlink("../../proj-evil", "proj/src/out") != 0 ||
	    symlink("/etc/passwd", "proj/absolute") != 0 || symlink("loop", "proj/loop") != 0 ||
	    symlink("../proj-evil/new/file", "proj/dangling") != 0 ||
	    symlink("dangling", "proj/twice") != 0 || symlink("nowhere", "proj/folder") != 0)
		abort();
}

static void clean(void)
{
	static const char *const files[] = { "proj/src/out",  "proj/absolute", "proj/loop",
		                             "proj/dangling", "proj/twice",    "proj/folder" };
	static const char *const folders[] = { "proj/src", "proj", "proj-evil" };

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		OK(unlink(files[i]) == 0, "removed %s", files[i]);
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		OK(rmdir(folders[i]) == 0, "removed %s", folders[i]);
}

int main(void)
{
	char template[] = "/tmp/bailiff-paths-XXXXXX", folder[4096];
	char long_path[5000];

	arena_init(&arena, 1 << 20);
	if (mkdtemp(template) == NULL || realpath(template, folder) == NULL)
		return 1;
	make(folder);
	check(folder, "proj/src", "proj/src", "a folder is itself");
	check(folder, "proj/src/out", "proj-evil",
	      "a link out of the workspace leads to a sibling");
	check(folder, "proj/src/out/new/deep", "proj-evil/new/deep",
	      "a missing file below a link is seen from what exists");
	check(folder, "proj/none/deep/er", "proj/none/deep/er", "missing parents stay");
	check(folder, "proj/absolute", "/etc/passwd", "an absolute link");
	check(folder, "proj/dangling", "proj-evil/new/file", "a link to what does not exist yet");
	check(folder, "proj/twice", "proj-evil/new/file", "a link to such a link");
	check(folder, "proj/folder/below", "proj/nowhere/below",
	      "a missing file below such a link");
	snprintf(long_path, sizeof long_path, "%s/proj/loop", folder);
	refuse(long_path, strlen(long_path), "a loop cannot be told");
	memset(long_path, 'a', sizeof long_path);
	long_path[0] = '/';
	refuse(long_path, sizeof long_path, "a path longer than the kernel takes");
	refuse("/tmp/a\0b", 8, "a NUL");
	refuse("relative", 8, "a relative path");
	refuse("", 0, "nothing");
	refuse("/proc/self/exe", 14, "a magic link is not followed: it is Bailiff's own");
	clean();
	OK(chdir("/") == 0 && rmdir(folder) == 0, "removed the folder");
	arena_release(&arena);
	return tap_done();
}
