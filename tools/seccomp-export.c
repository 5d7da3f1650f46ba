/*
 * Writes src/sandbox/filters.inc: the system call filters, as BPF for each architecture.
 *
 * libseccomp is needed here and nowhere else.  usage: seccomp-export > filters.inc
 * A test regenerates the file and compares, so that what is committed is what this says.
 *
 * Everything is allowed but what is listed; unknown numbers and foreign architectures (32 bit,
 * x32) do not exist.  Arguments are compared as the kernel takes them: ioctl(2) cuts its
 * request to 32 bits, so the filter does too (CVE-2019-10063).
 */
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/filter.h>

enum { FIRST_UNKNOWN = 470 }; /* behind file_setattr of Linux 6.17 */

struct refused {
	const char *name;
	int error;
};

/* clang-format off */
static const struct refused refused[] = {
	/* ways to the kernel that nobody needs in here, each with its own record of holes */
	{ "bpf", EPERM }, { "perf_event_open", EPERM }, { "userfaultfd", EPERM },
	{ "io_uring_setup", ENOSYS }, { "io_uring_enter", ENOSYS }, { "io_uring_register", ENOSYS },
	{ "keyctl", EPERM }, { "add_key", EPERM }, { "request_key", EPERM },
	{ "kexec_load", EPERM }, { "kexec_file_load", EPERM },
	{ "init_module", EPERM }, { "finit_module", EPERM }, { "delete_module", EPERM },
	{ "create_module", EPERM }, { "query_module", EPERM }, { "get_kernel_syms", EPERM },
	{ "modify_ldt", EPERM }, { "iopl", EPERM }, { "ioperm", EPERM }, { "vmsplice", EPERM },
	{ "kcmp", EPERM }, { "lookup_dcookie", EPERM }, { "uselib", EPERM },
	{ "move_pages", EPERM }, { "migrate_pages", EPERM },
	/* the view is finished */
	{ "mount", EPERM }, { "umount2", EPERM }, { "pivot_root", EPERM }, { "chroot", EPERM },
	{ "open_tree", EPERM }, { "move_mount", EPERM }, { "fsopen", EPERM }, { "fsconfig", EPERM },
	{ "fsmount", EPERM }, { "fspick", EPERM }, { "mount_setattr", EPERM },
	{ "unshare", EPERM }, { "setns", EPERM }, { "clone3", ENOSYS }, /* its flags cannot be read: clone(2) is tried next */
	{ "open_by_handle_at", EPERM }, { "name_to_handle_at", EPERM },
	{ "fanotify_init", EPERM }, { "fanotify_mark", EPERM },
	{ "openat2", ENOSYS }, /* its mode cannot be read: openat(2) is tried next */
	/* the machine's own business */
	{ "clock_settime", EPERM }, { "clock_adjtime", EPERM }, { "settimeofday", EPERM },
	{ "adjtimex", EPERM }, { "swapon", EPERM }, { "swapoff", EPERM }, { "quotactl", EPERM },
	{ "quotactl_fd", EPERM }, { "acct", EPERM }, { "syslog", EPERM }, { "reboot", EPERM },
	{ "sethostname", EPERM }, { "setdomainname", EPERM }, { "vhangup", EPERM },
	{ "nfsservctl", EPERM }, { "_sysctl", EPERM }, { "sysfs", EPERM }, { "ustat", EPERM },
};

/* Without namespaces: what would reach the caller's other processes and sockets. */
static const struct refused refused_shared[] = {
	{ "socket", EACCES }, { "shmget", EPERM }, { "semget", EPERM }, { "msgget", EPERM },
	{ "mq_open", EPERM }, { "ptrace", EPERM }, { "process_vm_readv", EPERM },
	{ "process_vm_writev", EPERM }, { "pidfd_getfd", EPERM },
};

/* Where a mode with set-user-id or set-group-id bits would be stored, and as which argument. */
static const struct { const char *name; unsigned argument; } modes[] = {
	{ "chmod", 1 }, { "fchmod", 1 }, { "fchmodat", 2 }, { "creat", 1 }, { "mknod", 1 }, { "mknodat", 2 },
};

static const struct { const char *name; uint32_t arch; const char *condition; } architectures[] = {
	{ "x86-64", SCMP_ARCH_X86_64, "defined(__x86_64__) && !defined(__ILP32__)" },
	{ "arm64", SCMP_ARCH_AARCH64, "defined(__aarch64__)" },
};
/* clang-format on */

static scmp_filter_ctx filter;
static uint32_t filter_arch;

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "seccomp-export: %s: error %d\n", what, -result);
	exit(1);
}

/* One rule, where this architecture has the call at all. */
static void rule(int error, const char *name, unsigned count, const struct scmp_arg_cmp *arguments)
{
	int native = seccomp_syscall_resolve_name(name);

	if (seccomp_syscall_resolve_name_arch(filter_arch, name) < 0 || native == __NR_SCMP_ERROR)
		return;
	must(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO((uint32_t)error), native, count,
	                            arguments),
	     name);
}

static void rule_1(int error, const char *name, struct scmp_arg_cmp argument)
{
	rule(error, name, 1, &argument);
}

static void rule_2(int error, const char *name, struct scmp_arg_cmp a, struct scmp_arg_cmp b)
{
	rule(error, name, 2, (const struct scmp_arg_cmp[]){ a, b });
}

static struct scmp_arg_cmp bits(unsigned argument, uint64_t mask)
{
	return SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, mask);
}

static struct scmp_arg_cmp low(unsigned argument, uint32_t value)
{
	return SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, UINT32_MAX, value);
}

static struct scmp_arg_cmp is(unsigned argument, uint64_t value)
{
	return SCMP_CMP(argument, SCMP_CMP_EQ, value);
}

/* What may be typed into somebody's terminal (CVE-2017-5226, CVE-2023-28100), and line disciplines. */
static void terminals(void)
{
	static const uint32_t requests[] = { 0x5412 /* TIOCSTI */, 0x541C /* TIOCLINUX */,
		                             0x541D /* TIOCCONS */, 0x5423 /* TIOCSETD */ };

	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
		rule_1(EPERM, "ioctl", low(1, requests[i]));
}

/* New namespaces; CLONE_NEWTIME cannot be asked of clone(2). */
static void namespaces(void)
{
	static const uint64_t flags[] = { 0x00020000, 0x02000000, 0x04000000, 0x08000000,
		                          0x10000000, 0x20000000, 0x40000000 };

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		rule_1(EPERM, "clone", bits(0, flags[i]));
}

/*
 * UNIX, INET and INET6 with TCP and UDP, NETLINK for routes.  A family or protocol with high bits
 * set is larger than any that is allowed.  No MPTCP: Landlock's rules do not see it.
 */
static void sockets(void)
{
	static const int inet[] = { AF_INET, AF_INET6 };

	rule_1(EAFNOSUPPORT, "socket", SCMP_CMP(0, SCMP_CMP_GT, AF_NETLINK));
	for (uint64_t family = 3; family < AF_NETLINK; family++) {
		if (family != AF_INET6)
			rule_1(EAFNOSUPPORT, "socket", is(0, family));
	}
	rule_1(EAFNOSUPPORT, "socket", is(0, AF_UNSPEC));
	rule_2(EPROTONOSUPPORT, "socket", is(0, AF_NETLINK), SCMP_CMP(2, SCMP_CMP_NE, 0));
	for (size_t i = 0; i < sizeof inet / sizeof inet[0]; i++) {
		uint64_t family = (uint64_t)inet[i];

		rule_2(EPROTONOSUPPORT, "socket", is(0, family), SCMP_CMP(2, SCMP_CMP_GT, 17));
		for (uint64_t protocol = 1; protocol < 17; protocol++) {
			if (protocol != 6)
				rule_2(EPROTONOSUPPORT, "socket", is(0, family), is(2, protocol));
		}
	}
}

/* A program that is made set-user-id inside would be one outside, too. */
static void set_id_modes(void)
{
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		rule_1(EPERM, modes[i].name, bits(modes[i].argument, S_ISUID));
		rule_1(EPERM, modes[i].name, bits(modes[i].argument, S_ISGID));
	}
	for (size_t i = 0; i < 2; i++) {
		uint64_t creates = i == 0 ? 0100 /* O_CREAT */ : 020000000 /* O_TMPFILE */;

		rule_2(EPERM, "open", bits(1, creates), bits(2, S_ISUID));
		rule_2(EPERM, "open", bits(1, creates), bits(2, S_ISGID));
		rule_2(EPERM, "openat", bits(2, creates), bits(3, S_ISUID));
		rule_2(EPERM, "openat", bits(2, creates), bits(3, S_ISGID));
	}
}

/* personality(2) may be asked, not set: no READ_IMPLIES_EXEC, no fixed addresses. */
static void personalities(void)
{
	rule_1(EPERM, "personality", SCMP_CMP(0, SCMP_CMP_NE, UINT32_MAX));
}

static void common(void)
{
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		rule(refused[i].error, refused[i].name, 0, NULL);
	terminals();
	namespaces();
	set_id_modes();
	personalities();
}

/* Inside namespaces of its own. */
static void full(void)
{
	common();
	sockets();
}

/*
 * Without namespaces: no network, and no socket that could be connected to a path of the machine.
 * Pairs stay: programs talk to their children through them.
 */
static void shared(void)
{
	common();
	for (size_t i = 0; i < sizeof refused_shared / sizeof refused_shared[0]; i++)
		rule(refused_shared[i].error, refused_shared[i].name, 0, NULL);
	rule_1(EPERM, "socketpair", bits(1, SOCK_DGRAM));        /* could be sent to any path */
	rule_1(EPERM, "prlimit64", SCMP_CMP(0, SCMP_CMP_NE, 0)); /* 0 is oneself */
}

/* Numbers that libseccomp has no name for yet, before its part. */
static void put_prelude(FILE *out)
{
	static const struct sock_filter prelude[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 452, 2, 0), /* fchmodat2: set-id modes */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 467, 1, 0), /* open_tree_attr */
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_UNKNOWN, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};

	for (size_t i = 0; i < sizeof prelude / sizeof prelude[0]; i++)
		fprintf(out, "\t{ 0x%02x, %u, %u, 0x%08x },\n", prelude[i].code, prelude[i].jt,
		        prelude[i].jf, prelude[i].k);
}

static void put_filter(FILE *out, const char *name, void (*rules)(void))
{
	struct sock_filter instruction;
	FILE *exported = tmpfile();

	filter = seccomp_init(SCMP_ACT_ALLOW);
	must(filter == NULL || exported == NULL ? -ENOMEM : 0, "cannot start");
	must(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2), "binary tree");
	must(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)), "bad arch");
	if (filter_arch != seccomp_arch_native()) {
		must(seccomp_arch_add(filter, filter_arch), "architecture");
		must(seccomp_arch_remove(filter, SCMP_ARCH_NATIVE), "architecture");
	}
	rules();
	must(seccomp_export_bpf(filter, fileno(exported)), "export");
	seccomp_release(filter);
	rewind(exported);
	fprintf(out, "static const struct sock_filter %s[] = {\n", name);
	put_prelude(out);
	while (fread(&instruction, sizeof instruction, 1, exported) == 1)
		fprintf(out, "\t{ 0x%02x, %u, %u, 0x%08x },\n", instruction.code, instruction.jt,
		        instruction.jf, instruction.k);
	fprintf(out, "};\n");
	fclose(exported);
}

int main(void)
{
	FILE *out = stdout;

	fprintf(out, "/* Written by tools/seccomp-export.c; `./dev filters` writes it anew. */\n");
	for (size_t i = 0; i < sizeof architectures / sizeof architectures[0]; i++) {
		filter_arch = architectures[i].arch;
		fprintf(out, "%s %s /* %s */\n", i == 0 ? "#if" : "#elif",
		        architectures[i].condition, architectures[i].name);
		put_filter(out, "filter_full", full);
		put_filter(out, "filter_shared", shared);
	}
	fprintf(out, "#else\n#error \"no system call filter for this architecture\"\n#endif\n");
	return ferror(out) ? 1 : 0;
}
