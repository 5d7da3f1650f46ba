/*
 * The files of a policy: opened, checked on the open descriptor, read.
 *
 * A policy that others can write is worse than none: it looks like one.  So every file must be a
 * regular file of the right owner, not writable for group or others, reached through no link, below
 * folders of which the same is true up to the root.  The folders are walked from the open one
 * upwards ("..", which cannot be a link), so that what is checked is what was opened.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "policy/policy.h"

enum { POLICY_BYTES = 1 << 20, POLICY_PACKS = 256, PARENTS = 64, PASSWD_BYTES = 4096 };

struct loader {
	const struct policy_places *places;
	struct arena *arena;
	struct policy_fault *fault;
	struct policy_file *first, **last;
};

static bool refuse(struct loader *loader, enum policy_layer layer, struct span path,
                   enum problem_kind kind, const char *what)
{
	*loader->fault = (struct policy_fault){ .at = { .layer = layer, .file = path } };
	return problem_set(&loader->fault->problem, kind, 0, what);
}

static bool refuse_system(struct loader *loader, enum policy_layer layer, struct span path,
                          const char *what)
{
	*loader->fault = (struct policy_fault){ .at = { .layer = layer, .file = path } };
	return problem_system(&loader->fault->problem, what);
}

/* "FOLDER/NAME" in the arena, NUL-terminated. */
static bool join(struct arena *arena, struct span folder, struct span name, struct span *path)
{
	char *bytes = arena_alloc(arena, folder.len + name.len + 2, 1);

	if (!bytes)
		return false;
	memcpy(bytes, folder.ptr, folder.len);
	bytes[folder.len] = '/';
	memcpy(bytes + folder.len + 1, name.ptr, name.len);
	*path = (struct span){ bytes, folder.len + 1 + name.len };
	return true;
}

static uid_t owner_of(const struct policy_places *places, enum policy_layer layer)
{
	return layer == POLICY_SYSTEM || layer == POLICY_PACK ? places->system_owner
	                                                      : places->user_owner;
}

/* What is wrong with who may change this, or NULL. */
static const char *distrust(const struct stat *info, uid_t owner, bool folder)
{
	if (info->st_uid != 0 && info->st_uid != owner)
		return folder ? "a folder above it belongs to another user"
		              : "belongs to another user";
	/* In a sticky folder (/tmp) only the owner of an entry can replace it. */
	if ((info->st_mode & 022) != 0 && !(folder && (info->st_mode & S_ISVTX)))
		return folder ? "a folder above it is writable for group or others"
		              : "is writable for group or others";
	return NULL;
}

/* Checks a folder and all above it. */
static bool check_folders(struct loader *loader, enum policy_layer layer, struct span path,
                          int folder)
{
	uid_t owner = owner_of(loader->places, layer);
	int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	struct stat info, above;
	bool good = true;

	for (unsigned i = 0; good && at >= 0; i++) {
		const char *what;
		int up;

		if (fstat(at, &info) != 0 || i == PARENTS) {
			close(at);
			return refuse(loader, layer, path, PROBLEM_REFUSED,
			              "cannot be traced to the root");
		}
		what = distrust(&info, owner, true);
		if (what)
			good = refuse(loader, layer, path, PROBLEM_REFUSED, what);
		up = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = up;
		if (at >= 0 && fstat(at, &above) == 0 && above.st_dev == info.st_dev &&
		    above.st_ino == info.st_ino)
			break;
	}
	if (at < 0)
		return good && refuse_system(loader, layer, path, "cannot be traced to the root");
	close(at);
	return good;
}

static bool check_file(struct loader *loader, enum policy_layer layer, struct span path, int fd)
{
	struct stat info;
	const char *what;

	if (fstat(fd, &info) != 0)
		return refuse_system(loader, layer, path, "cannot be examined");
	if (!S_ISREG(info.st_mode))
		return refuse(loader, layer, path, PROBLEM_REFUSED, "is not a regular file");
	if (info.st_size > POLICY_BYTES)
		return refuse(loader, layer, path, PROBLEM_LIMIT, "is larger than 1 MiB");
	/* A project can only tighten, so who may write it does not matter. */
	if (loader->places->vouched || layer == POLICY_PROJECT)
		return true;
	what = distrust(&info, owner_of(loader->places, layer), false);
	return what == NULL || refuse(loader, layer, path, PROBLEM_REFUSED, what);
}

/* Reads NAME in the open folder; a file that is not there is fine. */
static bool load_file(struct loader *loader, enum policy_layer layer, int folder, struct span path,
                      const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct policy_file *file;
	struct problem problem;
	bool good;

	if (fd < 0) {
		if (errno == ENOENT)
			return true;
		if (errno == ELOOP)
			return refuse(loader, layer, path, PROBLEM_REFUSED, "is a symbolic link");
		return refuse_system(loader, layer, path, "cannot be opened");
	}
	file = arena_new(loader->arena, struct policy_file);
	good = check_file(loader, layer, path, fd) &&
	       (loader->places->vouched || layer == POLICY_PROJECT ||
	        check_folders(loader, layer, path, folder));
	if (good && !file)
		good = refuse(loader, layer, path, PROBLEM_MEMORY, "out of memory");
	if (good && !file_read_fd(fd, POLICY_BYTES, loader->arena, &file->bytes, &problem)) {
		good = refuse(loader, layer, path, problem.kind, problem.what);
		loader->fault->problem.sys_errno = problem.sys_errno;
	}
	close(fd);
	if (!good)
		return false;
	file->layer = layer;
	file->path = path;
	*loader->last = file;
	loader->last = &file->next;
	return true;
}

/* Opens a folder that is no link; *folder is -1 where there is none. */
static bool open_folder(struct loader *loader, enum policy_layer layer, int base, struct span path,
                        const char *name, int *folder)
{
	*folder = openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*folder >= 0 || errno == ENOENT)
		return true;
	if (errno == ELOOP || errno == ENOTDIR)
		return refuse(loader, layer, path, PROBLEM_REFUSED,
		              "is a symbolic link, or no folder, or lies below one that is none");
	return refuse_system(loader, layer, path, "cannot be opened");
}

/* FOLDER/NAME for one layer, FOLDER given by its whole path. */
static bool load_from(struct loader *loader, enum policy_layer layer, struct span folder,
                      const char *name)
{
	struct span path, terminated;
	bool good;
	int fd;

	if (folder.len == 0)
		return true;
	if (!arena_copy(loader->arena, folder, &terminated) ||
	    !join(loader->arena, folder, span_of(name), &path))
		return refuse(loader, layer, folder, PROBLEM_MEMORY, "out of memory");
	if (!open_folder(loader, layer, AT_FDCWD, terminated, terminated.ptr, &fd))
		return false;
	if (fd < 0)
		return true;
	good = load_file(loader, layer, fd, path, name);
	close(fd);
	return good;
}

static int compare_names(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* The names of packs, sorted, so that the order of reading does not hang on the file system. */
static bool list_packs(struct loader *loader, struct span path, DIR *folder, struct span *names,
                       size_t *count)
{
	struct dirent *entry;

	*count = 0;
	while ((errno = 0, entry = readdir(folder))) {
		struct span name = span_of(entry->d_name);

		if (!span_ends(name, SPAN(".json")) || name.ptr[0] == '.')
			continue;
		if (*count == POLICY_PACKS)
			return refuse(loader, POLICY_PACK, path, PROBLEM_LIMIT,
			              "holds more than 256 packs");
		if (!arena_copy(loader->arena, name, &names[(*count)++]))
			return refuse(loader, POLICY_PACK, path, PROBLEM_MEMORY, "out of memory");
	}
	if (errno != 0)
		return refuse_system(loader, POLICY_PACK, path, "cannot be listed");
	qsort(names, *count, sizeof(names[0]), compare_names);
	return true;
}

static bool load_packs(struct loader *loader)
{
	struct span names[POLICY_PACKS], folder, path;
	size_t count;
	DIR *list;
	bool good;
	int fd;

	if (loader->places->system.len == 0)
		return true;
	if (!join(loader->arena, loader->places->system, SPAN("policy.d"), &folder))
		return refuse(loader, POLICY_PACK, loader->places->system, PROBLEM_MEMORY,
		              "out of memory");
	if (!open_folder(loader, POLICY_PACK, AT_FDCWD, folder, folder.ptr, &fd))
		return false;
	if (fd < 0)
		return true;
	list = fdopendir(fd);
	if (!list) {
		close(fd);
		return refuse_system(loader, POLICY_PACK, folder, "cannot be listed");
	}
	good = list_packs(loader, folder, list, names, &count);
	for (size_t i = 0; good && i < count; i++)
		good = (join(loader->arena, folder, names[i], &path) ||
		        refuse(loader, POLICY_PACK, folder, PROBLEM_MEMORY, "out of memory")) &&
		       load_file(loader, POLICY_PACK, fd, path, names[i].ptr);
	closedir(list);
	return good;
}

bool policy_read(const struct policy_places *places, struct arena *arena,
                 struct policy_file **files, struct policy_fault *fault)
{
	struct loader loader = { .places = places, .arena = arena, .fault = fault };
	struct span project = places->project;

	*fault = (struct policy_fault){ 0 };
	loader.last = &loader.first;
	if (project.len > 0 && !join(arena, project, SPAN(".bailiff"), &project))
		return refuse(&loader, POLICY_PROJECT, project, PROBLEM_MEMORY, "out of memory");
	if (!load_from(&loader, POLICY_SYSTEM, places->system, "policy.json") ||
	    !load_packs(&loader) ||
	    !load_from(&loader, POLICY_USER_MANAGED, places->user_managed, "managed-settings.json"))
		return false;
	/* In the home folder the project's file and the user's are one: it is the user's. */
	if (!span_equal(project, places->user_state) &&
	    !load_from(&loader, POLICY_PROJECT, project, "settings.json"))
		return false;
	if (!load_from(&loader, POLICY_USER, places->user_state, "settings.json"))
		return false;
	*files = loader.first;
	return true;
}

bool policy_read_one(const struct policy_places *places, const struct policy_wanted *wanted,
                     struct arena *arena, struct policy_file **file, struct policy_fault *fault)
{
	struct loader loader = { .places = places, .arena = arena, .fault = fault };

	*fault = (struct policy_fault){ 0 };
	loader.last = &loader.first;
	if (!load_from(&loader, wanted->layer, wanted->folder, wanted->name))
		return false;
	*file = loader.first;
	return true;
}

bool policy_places_of(uid_t uid, struct span state, struct span project, struct arena *arena,
                      struct policy_places *places, struct problem *problem)
{
	char *buffer = arena_alloc(arena, PASSWD_BYTES, 1);
	struct passwd entry, *found = NULL;

	*places = (struct policy_places){ .system = SPAN("/etc/bailiff"),
		                          .user_state = state,
		                          .project = project,
		                          .user_owner = uid };
	if (!buffer)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	/* Relative to a folder that an agent may write to, it would be another one in each. */
	if (state.len > 0 && state.ptr[0] != '/')
		return problem_set(problem, PROBLEM_SYNTAX, 0,
		                   "BAILIFF_HOME must be an absolute path");
	errno = getpwuid_r(uid, &entry, buffer, PASSWD_BYTES, &found);
	if (errno != 0 && errno != ENOENT)
		return problem_system(problem, "the user's passwd entry cannot be read");
	/* A user without an entry (a container's) has no home that could be trusted. */
	if (!found || entry.pw_dir[0] != '/')
		return true;
	places->home = span_of(entry.pw_dir);
	if (!join(arena, places->home, SPAN(".bailiff"), &places->user_managed))
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	if (state.len == 0)
		places->user_state = places->user_managed;
	return true;
}
