/*
 * Tries to get out of the sandbox it runs in, by every way that is known to have worked
 * somewhere.  usage: probe [NAME...]; without names all of them.
 *
 * Prints a line for each: "NAME held" or "NAME ESCAPED", with what is left of it in PROBE_LEFT.
 * Run outside the sandbox by the same user it is the control: what cannot be done there either
 * proves nothing.  What it needs to know of the outside comes in variables:
 *
 *   PROBE_SECRET   a file outside the workspace         PROBE_SOCKET    a listening socket beside it
 *   PROBE_ABSTRACT a listening abstract socket's name   PROBE_PORT      a listening TCP port
 *   PROBE_PID      a process of the same user           PROBE_FD        a descriptor of a folder outside
 *   PROBE_STATE    Bailiff's own folder
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/perf_event.h>

enum { MPTCP = 262, FASTOPEN = 0x20000000 };

static const char *given(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static long number(const char *name)
{
	return strtol(given(name), NULL, 10);
}

/* Whether something can be read there. */
static bool reads(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool read_one = fd >= 0 && read(fd, &byte, 1) == 1;

	if (fd >= 0)
		close(fd);
	return read_one;
}

static bool writes(const char *path, int flags)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0644);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* ---- files ---- */

static bool read_outside(void)
{
	return reads(given("PROBE_SECRET"));
}

static bool read_by_symlink(void)
{
	bool got = symlink(given("PROBE_SECRET"), "link-out") == 0 && reads("link-out");

	unlink("link-out");
	return got;
}

static bool read_by_hard_link(void)
{
	bool got = link(given("PROBE_SECRET"), "hard-out") == 0 && reads("hard-out");

	unlink("hard-out");
	return got;
}

static bool read_by_descriptor(void)
{
	const char *slash = strrchr(given("PROBE_SECRET"), '/');
	int fd = slash && *given("PROBE_FD") ? openat((int)number("PROBE_FD"), slash + 1, O_RDONLY)
	                                     : -1;

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool read_by_init_root(void)
{
	char path[4096];
	bool got;

	snprintf(path, sizeof path, "/proc/1/root%s", given("PROBE_SECRET"));
	got = reads(path);
	snprintf(path, sizeof path, "/proc/self/root/..%s", given("PROBE_SECRET"));
	return got || reads(path);
}

static bool read_by_handle(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[128];
	} handle = { .head = { .handle_bytes = 128 } };
	int mount_id, root = open("/", O_PATH | O_CLOEXEC), fd;

	if (name_to_handle_at(AT_FDCWD, ".", &handle.head, &mount_id, 0) != 0 && errno == EPERM)
		return false;
	fd = open_by_handle_at(root, &handle.head, O_RDONLY);
	close(root);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != EPERM;
}

static bool read_shadow(void)
{
	return reads("/etc/shadow") || reads("/etc/gshadow") || reads("/etc/sudoers");
}

static bool read_env_file(void)
{
	return reads(".env");
}

static bool read_state(void)
{
	int fd = open(given("PROBE_STATE"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool read_kernel(void)
{
	return reads("/proc/kcore") || reads("/proc/kallsyms") || reads("/proc/keys") ||
	       reads("/dev/mem") || reads("/dev/kmsg") || reads("/proc/kmsg") ||
	       access("/sys/kernel", F_OK) == 0;
}

static bool read_disk(void)
{
	return reads("/dev/vda") || reads("/dev/sda") || reads("/dev/nvme0n1");
}

static bool write_hooks(void)
{
	return writes(".git/hooks/pre-commit", O_CREAT);
}

static bool write_git_config(void)
{
	return writes(".git/config", O_APPEND);
}

static bool write_agent_settings(void)
{
	return writes(".claude/settings.json", O_CREAT) || writes(".mcp.json", O_APPEND);
}

static bool remove_protected(void)
{
	return (unlink(".mcp.json") == 0 && writes(".mcp.json", O_CREAT)) ||
	       rmdir(".git/hooks") == 0;
}

static bool move_git(void)
{
	return rename(".git", ".git-away") == 0 && rename(".git-away", ".git") == 0;
}

static bool replace_git_config(void)
{
	bool done = writes("fake-config", O_CREAT) && rename("fake-config", ".git/config") == 0;

	unlink("fake-config");
	return done;
}

static bool exchange_protected(void)
{
	bool done = mkdir("decoy", 0755) == 0 && syscall(SYS_renameat2, AT_FDCWD, "decoy", AT_FDCWD,
	                                                 ".claude", 2 /* EXCHANGE */) == 0;

	if (done)
		syscall(SYS_renameat2, AT_FDCWD, "decoy", AT_FDCWD, ".claude", 2);
	rmdir("decoy");
	return done;
}

static bool write_system(void)
{
	return writes("/usr/bin/probe", O_CREAT) || writes("/etc/cron.d/probe", O_CREAT) ||
	       writes("/etc/passwd", O_APPEND) || writes("/run/probe", O_CREAT) ||
	       writes("/probe", O_CREAT) || writes("/var/probe", O_CREAT);
}

static bool write_run_folder(void)
{
	return writes("/run/bailiff/run.json", O_TRUNC) || unlink("/run/bailiff/run.json") == 0 ||
	       writes("/run/bailiff/policy", O_CREAT) ||
	       mkdir("/run/bailiff/policy/system", 0755) == 0;
}

static bool write_kernel(void)
{
	return writes("/proc/sysrq-trigger", 0) || writes("/proc/sys/kernel/core_pattern", 0) ||
	       writes("/proc/sys/kernel/hostname", 0);
}

static bool make_device(void)
{
	bool made = mknod("device", S_IFCHR | 0600, 1 << 8 | 1) == 0 ||
	            mknod("device", S_IFBLK | 0600, 8 << 8) == 0;

	unlink("device");
	return made;
}

static bool make_set_id(void)
{
	struct stat found = { 0 };
	struct {
		unsigned long long flags, mode, resolve;
	} how = { O_WRONLY | O_CREAT, 04755, 0 };
	int fd = open("set-id", O_WRONLY | O_CREAT, 0755);

	chmod("set-id", 04755);
	fchmod(fd, 02755);
	syscall(452 /* fchmodat2 */, AT_FDCWD, "set-id", 04755, 0);
	close(fd);
	stat("set-id", &found);
	unlink("set-id");
	fd = open("set-id", O_WRONLY | O_CREAT, 04755);
	if (fd < 0)
		fd = (int)syscall(437 /* openat2 */, AT_FDCWD, "set-id", &how, sizeof how);
	if (fd >= 0)
		fstat(fd, &found);
	unlink("set-id");
	return found.st_mode & (S_ISUID | S_ISGID);
}

static bool use_set_id(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

/* ---- the environment and other processes ---- */

static bool keys_in_environment(void)
{
	return getenv("ANTHROPIC_API_KEY") || getenv("AWS_SECRET_ACCESS_KEY") ||
	       getenv("SSH_AUTH_SOCK") || getenv("DBUS_SESSION_BUS_ADDRESS") ||
	       getenv("LD_PRELOAD");
}

static bool environment_of_init(void)
{
	return reads("/proc/1/environ") || reads("/proc/1/mem") ||
	       access("/proc/1/fd/0", F_OK) == 0;
}

static bool trace_init(void)
{
	return ptrace(PTRACE_SEIZE, 1, 0, 0) == 0;
}

static bool signal_outside(void)
{
	char comm[64];

	/* inside the number is nobody's, or another's */
	snprintf(comm, sizeof comm, "/proc/%ld/comm", number("PROBE_PID"));
	return number("PROBE_PID") > 0 && kill((pid_t)number("PROBE_PID"), 0) == 0;
}

static bool read_memory_outside(void)
{
	char byte;
	struct iovec mine = { &byte, 1 }, theirs = { &byte, 1 };

	if (number("PROBE_PID") == 0)
		return false;
	/* a wrong address is an answer, too */
	return process_vm_readv((pid_t)number("PROBE_PID"), &mine, 1, &theirs, 1, 0) == 1 ||
	       errno == EFAULT;
}

static bool see_processes(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%ld/cmdline", number("PROBE_PID"));
	return number("PROBE_PID") > 0 && reads(path);
}

static bool raise_priority(void)
{
	struct sched_param param = { .sched_priority = 1 };

	return setpriority(PRIO_PROCESS, 0, -5) == 0 ||
	       sched_setscheduler(0, SCHED_FIFO, &param) == 0;
}

static bool dump_core(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0;
}

static bool many_processes(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_max > 65536;
}

static bool gain_capability(void)
{
	return sethostname("probe", 5) == 0 || setgroups(0, NULL) == 0 || chroot(".") == 0;
}

/* ---- sockets ---- */

static bool connects(int fd, const void *address, size_t size)
{
	bool connected = fd >= 0 && connect(fd, address, (socklen_t)size) == 0;

	if (fd >= 0)
		close(fd);
	return connected;
}

static bool connect_path(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof address.sun_path, "%s", given("PROBE_SOCKET"));
	return connects(socket(AF_UNIX, SOCK_STREAM, 0), &address, sizeof address);
}

static bool connect_abstract(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(given("PROBE_ABSTRACT"));

	if (len == 0 || len >= sizeof address.sun_path)
		return false;
	memcpy(address.sun_path + 1, given("PROBE_ABSTRACT"), len);
	return connects(socket(AF_UNIX, SOCK_STREAM, 0), &address,
	                offsetof(struct sockaddr_un, sun_path) + 1 + len);
}

static bool connect_services(void)
{
	static const char *const paths[] = { "/run/docker.sock",
		                             "/var/run/docker.sock",
		                             "/run/dbus/system_bus_socket",
		                             "/run/systemd/private",
		                             "/run/containerd/containerd.sock",
		                             "/tmp/.X11-unix/X0" };

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		if (access(paths[i], F_OK) == 0)
			return true;
	}
	return false;
}

static struct sockaddr_in loopback(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		                     .sin_port = htons((uint16_t)number("PROBE_PORT")),
		                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static bool connect_tcp(void)
{
	struct sockaddr_in address = loopback();

	return connects(socket(AF_INET, SOCK_STREAM, 0), &address, sizeof address);
}

static bool connect_mptcp(void)
{
	return socket(AF_INET, SOCK_STREAM, MPTCP) >= 0;
}

static bool connect_fast_open(void)
{
	struct sockaddr_in address = loopback();
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	ssize_t sent = fd < 0 ? -1
	                      : sendto(fd, "x", 1, FASTOPEN | MSG_NOSIGNAL,
	                               (struct sockaddr *)&address, sizeof address);

	if (fd >= 0)
		close(fd);
	return sent >= 0;
}

/* A datagram that has a way out. */
static bool send_datagram(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_port = htons(53),
		                       .sin_addr.s_addr = htonl(0x08080808) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	ssize_t sent = fd < 0 ? -1
	                      : sendto(fd, "x", 1, 0, (struct sockaddr *)&address, sizeof address);

	if (fd >= 0)
		close(fd);
	return sent >= 0;
}

static bool odd_families(void)
{
	static const int families[] = { AF_VSOCK, AF_PACKET, AF_ALG, AF_BLUETOOTH, AF_KEY,
		                        AF_CAN,   AF_XDP,    AF_RDS, AF_TIPC,      AF_X25 };

	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		if (socket(families[i], SOCK_RAW, 0) >= 0 || errno != EAFNOSUPPORT ||
		    socket(families[i], SOCK_DGRAM, 0) >= 0)
			return errno != EACCES && errno != EPERM;
	}
	return false;
}

/* A family with high bits set is that family to the kernel, and must be none to the filter. */
static bool odd_family_high_bits(void)
{
	long fd = syscall(SYS_socket, 0x100000000L + AF_ALG, SOCK_SEQPACKET, 0);

	return fd >= 0;
}

static bool odd_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 9 /* AUDIT */) >= 0 ||
	       socket(AF_NETLINK, SOCK_RAW, 12 /* NETFILTER */) >= 0;
}

static bool raw_socket(void)
{
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0 ||
	       socket(AF_INET, SOCK_RAW, IPPROTO_TCP) >= 0;
}

/* ---- the kernel ---- */

static bool new_namespaces(void)
{
	static const int flags[] = { CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID };

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		pid_t pid;

		if (unshare(flags[i]) == 0)
			return true;
		pid = (pid_t)syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0);
		if (pid == 0)
			_exit(0);
		if (pid > 0) {
			waitpid(pid, NULL, 0);
			return true;
		}
	}
	return false;
}

static bool new_namespaces_clone3(void)
{
	unsigned long long arguments[8] = { CLONE_NEWUSER, 0, 0, 0, SIGCHLD, 0, 0, 0 };
	pid_t pid = (pid_t)syscall(435, arguments, sizeof arguments);

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid > 0;
}

static bool change_mounts(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL) == 0 ||
	       mount(NULL, "/usr", NULL, MS_REMOUNT | MS_BIND, NULL) == 0 ||
	       umount2(".env", MNT_DETACH) == 0 || umount2("/proc", MNT_DETACH) == 0 ||
	       syscall(SYS_pivot_root, ".", ".") == 0 ||
	       syscall(428 /* open_tree */, AT_FDCWD, "/", 1) >= 0 ||
	       syscall(430 /* fsopen */, "tmpfs", 0) >= 0 ||
	       syscall(442 /* mount_setattr */, AT_FDCWD, "/usr", 0, "", 0) == 0;
}

static bool join_namespace(void)
{
	int fd = open("/proc/1/ns/mnt", O_RDONLY);

	return fd >= 0 && setns(fd, 0) == 0;
}

static bool use_bpf(void)
{
	unsigned char attributes[64] = { 1 };

	return syscall(SYS_bpf, 0, attributes, sizeof attributes) >= 0 || errno != EPERM;
}

static bool use_perf(void)
{
	struct perf_event_attr attributes = { .type = PERF_TYPE_SOFTWARE,
		                              .size = sizeof attributes,
		                              .config = PERF_COUNT_SW_TASK_CLOCK,
		                              .exclude_kernel = 1 };

	return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0) >= 0;
}

static bool use_userfaultfd(void)
{
	return syscall(SYS_userfaultfd, 1 /* USER_MODE_ONLY */) >= 0;
}

static bool use_io_uring(void)
{
	unsigned char parameters[120] = { 0 };

	return syscall(425, 1, parameters) >= 0 || errno != ENOSYS;
}

static bool use_keys(void)
{
	return syscall(SYS_add_key, "user", "probe", "x", 1, -2) >= 0 ||
	       syscall(SYS_keyctl, 0 /* GET_KEYRING_ID */, -3, 1) >= 0;
}

static bool use_fanotify(void)
{
	return syscall(SYS_fanotify_init, 0x200 /* REPORT_FID */, O_RDONLY) >= 0;
}

static bool load_kernel(void)
{
	return syscall(SYS_init_module, "", 0, "") == 0 || errno != EPERM ||
	       syscall(SYS_kexec_load, 0, 0, NULL, 0) == 0 || errno != EPERM;
}

static bool change_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return clock_settime(CLOCK_REALTIME, &now) == 0;
}

static bool change_personality(void)
{
	return syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */) >= 0;
}

static bool call_32_bit(void)
{
#ifdef __x86_64__
	long result = 20; /* getpid */

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
	return result > 0;
#else
	return false;
#endif
}

static bool call_x32(void)
{
#ifdef __x86_64__
	return syscall(0x40000000L | SYS_getpid) >= 0 || errno != ENOSYS;
#else
	return false;
#endif
}

static bool call_unknown(void)
{
	return syscall(500) >= 0 || errno != ENOSYS;
}

/* ---- terminals ---- */

static bool type_into_terminal(void)
{
	int leader = posix_openpt(O_RDWR | O_NOCTTY), terminal;
	char *name = leader >= 0 && grantpt(leader) == 0 && unlockpt(leader) == 0 ? ptsname(leader)
	                                                                          : NULL;
	bool typed;

	terminal = name ? open(name, O_RDWR | O_NOCTTY) : -1;
	/* without the filter: EPERM for want of a controlling terminal, so make it that */
	if (terminal < 0 || setsid() < 0)
		terminal = terminal < 0 ? 0 : terminal;
	ioctl(terminal, TIOCSCTTY, 0);
	typed = ioctl(terminal, TIOCSTI, "x") == 0 ||
	        syscall(SYS_ioctl, terminal, 0x100000000UL | TIOCSTI, "x") == 0;
	return typed || ioctl(terminal, TIOCLINUX, "\2") == 0;
}

/* ---- */

/* clang-format off */
static const struct {
	const char *name;
	bool (*escapes)(void);
	bool control; /* anybody can do it outside */
} probes[] = {
	{ "read-outside", read_outside, true }, { "read-by-symlink", read_by_symlink, true },
	{ "read-by-hard-link", read_by_hard_link, true }, { "read-by-descriptor", read_by_descriptor, true },
	{ "read-by-init-root", read_by_init_root, true }, { "read-by-handle", read_by_handle, false },
	{ "read-shadow", read_shadow, false }, { "read-env-file", read_env_file, true },
	{ "read-state", read_state, true }, { "read-kernel", read_kernel, true },
	{ "read-disk", read_disk, false }, { "write-hooks", write_hooks, true },
	{ "write-git-config", write_git_config, true }, { "write-agent-settings", write_agent_settings, true },
	{ "remove-protected", remove_protected, true }, { "move-git", move_git, true },
	{ "replace-git-config", replace_git_config, true }, { "exchange-protected", exchange_protected, true },
	{ "write-system", write_system, false }, { "write-run-folder", write_run_folder, false },
	{ "write-kernel", write_kernel, false }, { "make-device", make_device, false },
	{ "make-set-id", make_set_id, true }, { "use-set-id", use_set_id, true },
	{ "keys-in-environment", keys_in_environment, true }, { "environment-of-init", environment_of_init, false },
	{ "trace-init", trace_init, false }, { "signal-outside", signal_outside, true },
	{ "read-memory-outside", read_memory_outside, true }, { "see-processes", see_processes, true },
	{ "raise-priority", raise_priority, false }, { "dump-core", dump_core, false },
	{ "many-processes", many_processes, false }, { "gain-capability", gain_capability, false },
	{ "connect-path", connect_path, true }, { "connect-abstract", connect_abstract, true },
	{ "connect-services", connect_services, false }, { "connect-tcp", connect_tcp, true },
	{ "connect-mptcp", connect_mptcp, false }, { "connect-fast-open", connect_fast_open, true },
	{ "send-datagram", send_datagram, false }, { "odd-families", odd_families, false },
	{ "odd-family-high-bits", odd_family_high_bits, false }, { "odd-netlink", odd_netlink, false },
	{ "raw-socket", raw_socket, false }, { "new-namespaces", new_namespaces, false },
	{ "new-namespaces-clone3", new_namespaces_clone3, false }, { "change-mounts", change_mounts, false },
	{ "join-namespace", join_namespace, false }, { "use-bpf", use_bpf, false }, { "use-perf", use_perf, false },
	{ "use-userfaultfd", use_userfaultfd, false }, { "use-io-uring", use_io_uring, false },
	{ "use-keys", use_keys, false }, { "use-fanotify", use_fanotify, false }, { "load-kernel", load_kernel, false },
	{ "change-clock", change_clock, false }, { "change-personality", change_personality, true },
	{ "call-32-bit", call_32_bit, false }, { "call-x32", call_x32, false }, { "call-unknown", call_unknown, false },
	{ "type-into-terminal", type_into_terminal, false },
};
/* clang-format on */

/* In a child, so that what one leaves behind does not help or hinder the next. */
static void run(size_t i)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		errno = 0;
		_exit(probes[i].escapes() ? 1 : 0);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	printf("%s %s\n", probes[i].name,
	       pid > 0 && WIFEXITED(status) ? (WEXITSTATUS(status) ? "ESCAPED" : "held")
	       : WIFSIGNALED(status)        ? "held"
	                                    : "FAILED");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && strcmp(argv[1], "--controls") == 0;

	for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
		bool chosen = argc < 2;

		for (int k = 1; k < argc; k++)
			chosen = chosen || strcmp(argv[k], probes[i].name) == 0;
		if (list && probes[i].control)
			printf("%s\n", probes[i].name);
		else if (!list && chosen)
			run(i);
	}
	return 0;
}
