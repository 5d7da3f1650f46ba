/*
 * System calls and constants that the C library or the build machine's kernel headers lack.
 * Numbers from include/uapi of Linux 6.18; the same on x86-64 and arm64 from 424 on.
 */
#ifndef BAILIFF_SANDBOX_SYS_H
#define BAILIFF_SANDBOX_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* pidfd, close_range: 5.3, 5.9 */
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* seccomp_unotify(2): 5.19 */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

enum {
	SYS_OPEN_TREE = 428,
	SYS_MOVE_MOUNT = 429,
	SYS_FSOPEN = 430,
	SYS_FSCONFIG = 431,
	SYS_FSMOUNT = 432,
	SYS_PIDFD_SEND_SIGNAL = 424,
	SYS_PIDFD_OPEN = 434,
	SYS_CLOSE_RANGE = 436,
	SYS_OPENAT2 = 437,
	SYS_MOUNT_SETATTR = 442,
	SYS_LANDLOCK_CREATE_RULESET = 444,
	SYS_LANDLOCK_ADD_RULE = 445,
	SYS_LANDLOCK_RESTRICT_SELF = 446
};

/* openat2(2) */
struct sys_open_how {
	uint64_t flags, mode, resolve;
};
#define SYS_RESOLVE_NO_MAGICLINKS 0x02U
#define SYS_RESOLVE_NO_SYMLINKS   0x04U
#define SYS_RESOLVE_BENEATH       0x08U

/* mount_setattr(2), fsmount(2), open_tree(2), move_mount(2) */
struct sys_mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};
#define SYS_MOUNT_ATTR_RDONLY       0x01U
#define SYS_MOUNT_ATTR_NOSUID       0x02U
#define SYS_MOUNT_ATTR_NODEV        0x04U
#define SYS_MOUNT_ATTR_NOEXEC       0x08U
#define SYS_OPEN_TREE_CLONE         1U
#define SYS_OPEN_TREE_CLOEXEC       02000000U
#define SYS_AT_RECURSIVE            0x8000U
#define SYS_MOVE_MOUNT_F_EMPTY_PATH 0x04U
#define SYS_MOVE_MOUNT_T_EMPTY_PATH 0x40U
#define SYS_FSMOUNT_CLOEXEC         1U
#define SYS_FSOPEN_CLOEXEC          1U
enum { SYS_FSCONFIG_SET_STRING = 1, SYS_FSCONFIG_CMD_CREATE = 6 };

/* landlock(7) */
struct sys_landlock_ruleset {
	uint64_t handled_access_fs, handled_access_net, scoped;
};
struct sys_landlock_path {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));
enum { SYS_LANDLOCK_RULE_PATH_BENEATH = 1, SYS_LANDLOCK_VERSION = 1 };
enum {
	LANDLOCK_EXECUTE = 1 << 0,
	LANDLOCK_WRITE_FILE = 1 << 1,
	LANDLOCK_READ_FILE = 1 << 2,
	LANDLOCK_READ_DIR = 1 << 3,
	LANDLOCK_REMOVE_DIR = 1 << 4,
	LANDLOCK_REMOVE_FILE = 1 << 5,
	LANDLOCK_MAKE_CHAR = 1 << 6,
	LANDLOCK_MAKE_DIR = 1 << 7,
	LANDLOCK_MAKE_REG = 1 << 8,
	LANDLOCK_MAKE_SOCK = 1 << 9,
	LANDLOCK_MAKE_FIFO = 1 << 10,
	LANDLOCK_MAKE_BLOCK = 1 << 11,
	LANDLOCK_MAKE_SYM = 1 << 12,
	LANDLOCK_REFER = 1 << 13,     /* ABI 2 */
	LANDLOCK_TRUNCATE = 1 << 14,  /* ABI 3 */
	LANDLOCK_IOCTL_DEV = 1 << 15, /* ABI 5 */
	LANDLOCK_BIND_TCP = 1 << 0,   /* ABI 4 */
	LANDLOCK_CONNECT_TCP = 1 << 1,
	LANDLOCK_SCOPE_ABSTRACT = 1 << 0, /* ABI 6 */
	LANDLOCK_SCOPE_SIGNAL = 1 << 1
};

static inline int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve)
{
	struct sys_open_how how = { .flags = flags, .resolve = resolve };

	return (int)syscall(SYS_OPENAT2, dir, path, &how, sizeof how);
}

static inline int sys_open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_OPEN_TREE, dir, path, flags);
}

static inline int sys_move_mount(int from, int to_dir, const char *to, unsigned flags)
{
	return (int)syscall(SYS_MOVE_MOUNT, from, "", to_dir, to,
	                    flags | SYS_MOVE_MOUNT_F_EMPTY_PATH);
}

static inline int sys_fsopen(const char *type)
{
	return (int)syscall(SYS_FSOPEN, type, SYS_FSOPEN_CLOEXEC);
}

static inline int sys_fsconfig_string(int fs, const char *key, const char *value)
{
	return (int)syscall(SYS_FSCONFIG, fs, SYS_FSCONFIG_SET_STRING, key, value, 0);
}

static inline int sys_fsconfig_create(int fs)
{
	return (int)syscall(SYS_FSCONFIG, fs, SYS_FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

static inline int sys_fsmount(int fs, unsigned attributes)
{
	return (int)syscall(SYS_FSMOUNT, fs, SYS_FSMOUNT_CLOEXEC, attributes);
}

static inline int sys_mount_setattr(int mount, unsigned flags, uint64_t set)
{
	struct sys_mount_attr attributes = { .attr_set = set };

	return (int)syscall(SYS_MOUNT_SETATTR, mount, "", flags | 0x1000U /* AT_EMPTY_PATH */,
	                    &attributes, sizeof attributes);
}

static inline int sys_close_range(unsigned first, unsigned last)
{
	return (int)syscall(SYS_CLOSE_RANGE, first, last, 0);
}

static inline int sys_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_PIDFD_OPEN, pid, 0);
}

/* The highest Landlock ABI of this kernel, or 0. */
static inline int sys_landlock_abi(void)
{
	int abi = (int)syscall(SYS_LANDLOCK_CREATE_RULESET, NULL, (size_t)0, SYS_LANDLOCK_VERSION);

	return abi > 0 ? abi : 0;
}

#endif
