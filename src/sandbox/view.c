/*
 * The view: a root made from nothing, step by step as planned, then the old one let go.
 *
 * Everything happens on descriptors.  The new root is a file system in memory that is
 * attached at /proc of the old one until it takes over; targets are resolved below
 * it, without following links, for some of the directories there (a private home
 * that earlier runs wrote to) hold what a command inside has made.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

enum { BENEATH = SYS_RESOLVE_BENEATH | SYS_RESOLVE_NO_SYMLINKS | SYS_RESOLVE_NO_MAGICLINKS };
enum { DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC };

/* Where the empty things lie that hide others. */
#define EMPTY_FILE      "run/.empty-file"
#define EMPTY_DIRECTORY "run/.empty"

struct view {
	struct sandbox_init *init;
	int root;      /* of the new root */
	int temporary; /* the file system behind every TEMPORARY; -1: none yet */
	unsigned temporaries;
	/* The parent directory of the last target: the next one is often beside it. */
	char parent_path[4096];
	int parent;
};

static bool failed(struct view *view, const char *what)
{
	return init_failed(view->init, SANDBOX_STAGE_VIEW, what);
}

/* A new file system of `type`, detached. */
static int new_file_system(const char *type, const char *const *options, unsigned attributes)
{
	int fs = sys_fsopen(type), mount = -1;

	if (fs < 0)
		return -1;
	for (; options && *options; options += 2) {
		if (sys_fsconfig_string(fs, options[0], options[1]) != 0)
			goto out;
	}
	if (sys_fsconfig_create(fs) == 0)
		mount = sys_fsmount(fs, attributes);
out:
	close(fs);
	return mount;
}

/* ---- targets ---- */

/* Opens the directory `path` below the new root, making what is missing. */
static int open_directory(struct view *view, const char *path)
{
	char component[256];
	int fd = *path == '\0' ? dup(view->root)
	                       : sys_openat2(view->root, path, DIRECTORY, BENEATH);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = fcntl(view->root, F_DUPFD_CLOEXEC, 3);
	while (fd >= 0 && *path != '\0') {
		size_t len = strcspn(path, "/");
		int next;

		if (len >= sizeof component) {
			errno = ENAMETOOLONG;
			close(fd);
			return -1;
		}
		memcpy(component, path, len);
		component[len] = '\0';
		if (mkdirat(fd, component, 0755) != 0 && errno != EEXIST) {
			close(fd);
			return -1;
		}
		next = sys_openat2(fd, component, DIRECTORY, BENEATH);
		close(fd);
		fd = next;
		path += len + (path[len] == '/');
	}
	return fd;
}

/* Opens the parent of `target` (cached) and gives its last component. */
static bool open_parent(struct view *view, const char *target, const char **name)
{
	const char *path = target + 1, *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	int fd;

	*name = slash ? slash + 1 : path;
	if (view->parent >= 0 && strlen(view->parent_path) == len &&
	    memcmp(view->parent_path, path, len) == 0)
		return true;
	if (len >= sizeof view->parent_path)
		return failed(view, "a path is too long");
	if (view->parent >= 0)
		close(view->parent);
	memcpy(view->parent_path, path, len);
	view->parent_path[len] = '\0';
	fd = open_directory(view, view->parent_path);
	view->parent = fd;
	return fd >= 0 || failed(view, target);
}

/* A mount may have covered the parent that is remembered. */
static void forget_parent(struct view *view)
{
	if (view->parent >= 0)
		close(view->parent);
	view->parent = -1;
}

/* ---- steps ---- */

static bool same_object(int fd, const struct sandbox_step *step)
{
	struct stat found;

	if (fstat(fd, &found) != 0)
		return false;
	errno = ESTALE;
	return found.st_dev == step->device && found.st_ino == step->inode &&
	       !S_ISLNK(found.st_mode);
}

/* A detached copy of the tree at `fd`. */
static int clone_tree(int fd, uint64_t attributes, bool recursive)
{
	unsigned depth = recursive ? SYS_AT_RECURSIVE : 0;
	int tree = sys_open_tree(
		fd, "", SYS_OPEN_TREE_CLONE | SYS_OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | depth);

	if (tree >= 0 && sys_mount_setattr(tree, depth, attributes) != 0) {
		int error = errno;

		close(tree);
		errno = error;
		return -1;
	}
	return tree;
}

/* Makes the place that `tree` is attached to, unless there is one. */
static bool make_place(struct view *view, const char *name, bool directory)
{
	int fd;

	if (directory)
		return mkdirat(view->parent, name, 0755) == 0 || errno == EEXIST;
	fd = openat(view->parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EEXIST;
}

/* Attaches and closes `tree`. */
static bool attach(struct view *view, int tree, const char *target, bool directory)
{
	const char *name;
	bool attached;

	if (!open_parent(view, target, &name)) {
		close(tree);
		return false;
	}
	attached = make_place(view, name, directory) &&
	           sys_move_mount(tree, view->parent, name, 0) == 0;
	close(tree);
	return attached || failed(view, target);
}

static bool bind_outside(struct view *view, const struct sandbox_step *step)
{
	uint64_t attributes = SYS_MOUNT_ATTR_NOSUID | SYS_MOUNT_ATTR_NODEV;
	int fd = sys_openat2(AT_FDCWD, step->source, O_PATH | O_CLOEXEC,
	                     SYS_RESOLVE_NO_SYMLINKS | SYS_RESOLVE_NO_MAGICLINKS);
	int tree = -1;

	if (fd < 0)
		return failed(view, step->source);
	if (step->verb == SANDBOX_READ)
		attributes |= SYS_MOUNT_ATTR_RDONLY;
	if (same_object(fd, step))
		tree = clone_tree(fd, attributes, true);
	close(fd);
	return tree < 0 ? failed(view, step->source)
	                : attach(view, tree, step->target, step->directory);
}

/* PROTECT, PIN, HIDE: covers what is inside already with itself, or with something empty. */
static bool cover(struct view *view, const struct sandbox_step *step)
{
	uint64_t attributes = SYS_MOUNT_ATTR_NOSUID | SYS_MOUNT_ATTR_NODEV;
	int fd = sys_openat2(view->root, step->target + 1, O_PATH | O_CLOEXEC, BENEATH);
	int from = fd, tree = -1;
	bool done;

	if (fd < 0)
		return failed(view, step->target);
	if (step->verb == SANDBOX_HIDE)
		from = sys_openat2(view->root, step->directory ? EMPTY_DIRECTORY : EMPTY_FILE,
		                   O_PATH | O_CLOEXEC, BENEATH);
	if (step->verb != SANDBOX_PIN)
		attributes |= SYS_MOUNT_ATTR_RDONLY;
	if (from >= 0 && same_object(fd, step))
		tree = clone_tree(from, attributes, step->verb != SANDBOX_HIDE);
	done = tree >= 0 && sys_move_mount(tree, fd, "", SYS_MOVE_MOUNT_T_EMPTY_PATH) == 0;
	if (tree >= 0)
		close(tree);
	if (from != fd && from >= 0)
		close(from);
	close(fd);
	forget_parent(view);
	return done || failed(view, step->target);
}

static bool write_file(struct view *view, const char *target, struct span content, mode_t mode)
{
	const char *name;
	int fd;
	bool written;

	if (!open_parent(view, target, &name))
		return false;
	fd = openat(view->parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return failed(view, target);
	written = write(fd, content.ptr, content.len) == (ssize_t)content.len;
	close(fd);
	return written || failed(view, target);
}

/* Copies what is no longer than it was; the rest of a file that has grown is not planned for. */
static bool copy_file(struct view *view, const struct sandbox_step *step)
{
	char bytes[16384];
	int fd = sys_openat2(AT_FDCWD, step->source, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	                     SYS_RESOLVE_NO_SYMLINKS | SYS_RESOLVE_NO_MAGICLINKS);
	ssize_t len = -1;

	if (fd >= 0 && same_object(fd, step))
		len = read(fd, bytes, sizeof bytes);
	if (fd >= 0)
		close(fd);
	if (len < 0)
		return failed(view, step->source);
	return write_file(view, step->target, (struct span){ bytes, (size_t)len }, 0444);
}

static bool make_link(struct view *view, const char *target, const char *text)
{
	const char *name;

	return open_parent(view, target, &name) &&
	       (symlinkat(text, view->parent, name) == 0 || failed(view, target));
}

static bool make_directory(struct view *view, const char *target)
{
	const char *name;

	return open_parent(view, target, &name) &&
	       (make_place(view, name, true) || failed(view, target));
}

/* All writable places in memory share one file system, and so one limit. */
static bool make_temporary(struct view *view, const char *target)
{
	char size[32], name[16];
	int fd, tree;

	snprintf(size, sizeof size, "%llu",
	         (unsigned long long)view->init->plan->limits.temporary_bytes);
	if (view->temporary < 0) {
		const char *const options[] = { "size", size, "mode", "0755", NULL };

		view->temporary = new_file_system("tmpfs", options,
		                                  SYS_MOUNT_ATTR_NOSUID | SYS_MOUNT_ATTR_NODEV);
		if (view->temporary < 0)
			return failed(view, "tmpfs");
	}
	snprintf(name, sizeof name, "%u", view->temporaries++);
	if (mkdirat(view->temporary, name, 0700) != 0 ||
	    fchmodat(view->temporary, name, 01777, 0) != 0)
		return failed(view, target);
	fd = sys_openat2(view->temporary, name, DIRECTORY, BENEATH);
	if (fd < 0)
		return failed(view, target);
	tree = sys_open_tree(fd, "", SYS_OPEN_TREE_CLONE | SYS_OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	close(fd);
	return tree < 0 ? failed(view, target) : attach(view, tree, target, true);
}

static bool make_proc(struct view *view)
{
	/* what tells about the kernel or the machine's other users; not all exist everywhere */
	static const struct {
		const char *name;
		bool root; /* its mode keeps everybody else out */
	} hidden[] = { { "kallsyms", false },    { "keys", false },         { "key-users", false },
		       { "sched_debug", false }, { "kcore", true },         { "timer_list", true },
		       { "kmsg", true },         { "vmallocinfo", true },   { "slabinfo", true },
		       { "pagetypeinfo", true }, { "sysrq-trigger", true }, { "kpagecount", true },
		       { "kpageflags", true },   { "kpagecgroup", true } };
	unsigned attributes = SYS_MOUNT_ATTR_RDONLY | SYS_MOUNT_ATTR_NOSUID | SYS_MOUNT_ATTR_NODEV |
	                      SYS_MOUNT_ATTR_NOEXEC;
	int proc = new_file_system("proc", NULL, attributes), empty;
	bool done = true;

	if (proc < 0)
		return init_failed(view->init, SANDBOX_STAGE_MOUNTS, "proc");
	if (mkdirat(view->root, "proc", 0555) != 0 ||
	    sys_move_mount(proc, view->root, "proc", 0) != 0) {
		close(proc);
		return failed(view, "/proc");
	}
	empty = sys_openat2(view->root, EMPTY_FILE, O_PATH | O_CLOEXEC, BENEATH);
	for (size_t i = 0; done && i < sizeof hidden / sizeof hidden[0]; i++) {
		int tree;

		if ((hidden[i].root && view->init->uid != 0) ||
		    faccessat(proc, hidden[i].name, F_OK, 0) != 0)
			continue;
		tree = clone_tree(empty, SYS_MOUNT_ATTR_RDONLY, false);
		done = tree >= 0 && sys_move_mount(tree, proc, hidden[i].name, 0) == 0;
		if (tree >= 0)
			close(tree);
	}
	close(empty);
	close(proc);
	return done || failed(view, "hiding what is in /proc");
}

static bool make_node(struct view *view, int dev, const char *name, unsigned minor_number)
{
	unsigned major_number = strcmp(name, "tty") == 0 ? 5 : 1;
	char path[32];
	struct stat found;
	int fd, place, tree = -1;
	bool done;

	snprintf(path, sizeof path, "/dev/%s", name);
	fd = sys_openat2(AT_FDCWD, path, O_PATH | O_CLOEXEC, SYS_RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return failed(view, "a device of /dev");
	if (fstat(fd, &found) == 0 && S_ISCHR(found.st_mode) &&
	    found.st_rdev == makedev(major_number, minor_number))
		tree = clone_tree(fd, SYS_MOUNT_ATTR_NOSUID | SYS_MOUNT_ATTR_NOEXEC, false);
	close(fd);
	place = openat(dev, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (place >= 0)
		close(place);
	done = place >= 0 && tree >= 0 && sys_move_mount(tree, dev, name, 0) == 0;
	if (tree >= 0)
		close(tree);
	return done || failed(view, "a device of /dev");
}

static bool make_devices(struct view *view)
{
	/* clang-format off */
	static const struct { const char *name; unsigned minor; } nodes[] = {
		{ "null", 3 }, { "zero", 5 }, { "full", 7 }, { "random", 8 }, { "urandom", 9 }, { "tty", 0 },
	};
	static const struct { const char *name, *text; } links[] = {
		{ "fd", "/proc/self/fd" }, { "stdin", "/proc/self/fd/0" }, { "stdout", "/proc/self/fd/1" },
		{ "stderr", "/proc/self/fd/2" }, { "ptmx", "pts/ptmx" },
	};
	/* clang-format on */
	static const char *const options[] = { "mode", "0620", "ptmxmode", "0666", NULL };
	int dev, pts;
	bool done = mkdirat(view->root, "dev", 0755) == 0;

	dev = sys_openat2(view->root, "dev", DIRECTORY, BENEATH);
	for (size_t i = 0; done && i < sizeof nodes / sizeof nodes[0]; i++)
		done = make_node(view, dev, nodes[i].name, nodes[i].minor);
	for (size_t i = 0; done && i < sizeof links / sizeof links[0]; i++)
		done = symlinkat(links[i].text, dev, links[i].name) == 0;
	pts = new_file_system("devpts", options, SYS_MOUNT_ATTR_NOSUID | SYS_MOUNT_ATTR_NOEXEC);
	done = done && pts >= 0 && mkdirat(dev, "pts", 0755) == 0 &&
	       sys_move_mount(pts, dev, "pts", 0) == 0;
	if (pts >= 0)
		close(pts);
	if (dev >= 0)
		close(dev);
	return done ? make_temporary(view, "/dev/shm") : failed(view, "/dev");
}

/* bind(2) knows no directory but the current one. */
static bool make_socket(struct view *view, const char *target)
{
	struct sockaddr_un here = { .sun_family = AF_UNIX };
	const char *name;
	int fd;

	if (!open_parent(view, target, &name))
		return false;
	snprintf(here.sun_path, sizeof here.sun_path, "%s", name);
	fd = view->init->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return (fd >= 0 && fchdir(view->parent) == 0 &&
	        bind(fd, (struct sockaddr *)&here, sizeof here) == 0) ||
	       failed(view, target);
}

static bool take_step(struct view *view, const struct sandbox_step *step)
{
	switch (step->verb) {
	case SANDBOX_DIRECTORY:
		return make_directory(view, step->target);
	case SANDBOX_FILE:
		return write_file(view, step->target, step->content, 0444);
	case SANDBOX_LINK:
		return make_link(view, step->target, step->source);
	case SANDBOX_COPY:
		return copy_file(view, step);
	case SANDBOX_READ:
	case SANDBOX_WRITE:
		return bind_outside(view, step);
	case SANDBOX_PROTECT:
	case SANDBOX_PIN:
	case SANDBOX_HIDE:
		return cover(view, step);
	case SANDBOX_DEVICES:
		return make_devices(view);
	case SANDBOX_PROC:
		return make_proc(view);
	case SANDBOX_TEMPORARY:
		return make_temporary(view, step->target);
	case SANDBOX_SOCKET:
		return make_socket(view, step->target);
	}
	return failed(view, "unknown step");
}

/* ---- the whole ---- */

static bool start_root(struct view *view)
{
	static const char *const options[] = { "mode", "0755", "size", "16m", NULL };

	/* nothing that is mounted out there later shall appear in here */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return init_failed(view->init, SANDBOX_STAGE_MOUNTS, "making mounts private");
	view->root = new_file_system("tmpfs", options,
	                             SYS_MOUNT_ATTR_NOSUID | SYS_MOUNT_ATTR_NODEV);
	if (view->root < 0 || sys_move_mount(view->root, AT_FDCWD, "/proc", 0) != 0)
		return init_failed(view->init, SANDBOX_STAGE_MOUNTS, "mounting a root");
	if (mkdirat(view->root, "run", 0755) != 0 ||
	    mkdirat(view->root, EMPTY_DIRECTORY, 0555) != 0)
		return failed(view, "/run");
	return write_file(view, "/" EMPTY_FILE, (struct span){ NULL, 0 }, 0444);
}

static bool take_over(struct view *view)
{
	if (sys_mount_setattr(view->root, 0, SYS_MOUNT_ATTR_RDONLY) != 0 || fchdir(view->root) != 0)
		return failed(view, "making the root read-only");
	/* the old root comes to lie on the new one, and is then let go */
	if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0)
		return failed(view, "pivot_root");
	return chdir("/") == 0 || failed(view, "/");
}

bool view_apply(struct sandbox_init *init)
{
	const struct sandbox_plan *plan = init->plan;
	struct view view = { .init = init, .root = -1, .temporary = -1, .parent = -1 };
	bool done = start_root(&view);

	for (size_t i = 0; done && i < plan->step_count; i++) {
		init->report.step = (int)i;
		done = take_step(&view, &plan->steps[i]);
	}
	if (done)
		init->report.step = -1;
	done = done && take_over(&view);
	forget_parent(&view);
	if (view.temporary >= 0)
		close(view.temporary);
	if (view.root >= 0)
		close(view.root);
	return done;
}
