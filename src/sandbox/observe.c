/*
 * The filter that tells of every exec (inside), and the reader of what it tells (outside).
 * Fixed sizes only: what is read is never more than a path, 64 starts of arguments, and one
 * text.
 */
#include "sandbox/observe.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

/* Arguments looked at, and bytes of each, before the text. */
enum { ARGUMENTS = 64, ARGUMENT_BYTES = 64, PAGE = 4096 };

/* ---- inside ---- */

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif

int observe_apply(void)
{
	/* other architectures are not for here to refuse: the first filter has done that */
	static const struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	/* the kernel only reads it, but takes no const */
	struct sock_fprog program = { .len = sizeof filter / sizeof filter[0],
		                      .filter = (struct sock_filter *)(uintptr_t)filter };
	/* a signal must not make an exec that is being looked at fail: no program expects that */
	int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	                      SECCOMP_FILTER_FLAG_NEW_LISTENER |
	                              SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
	                      &program);

	if (fd < 0 && errno == EINVAL)
		fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		                  SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	return fd;
}

/* ---- outside: another process's memory ---- */

/* Bytes at `address`, page by page: up to the end of what can be read, or of `cap`. */
static size_t remote_bytes(pid_t pid, uint64_t address, char *to, size_t cap, bool string)
{
	size_t len = 0;

	while (len < cap) {
		size_t most = PAGE - (size_t)((address + len) % PAGE);
		struct iovec here = { to + len, most < cap - len ? most : cap - len };
		struct iovec there = { (void *)(uintptr_t)(address + len), here.iov_len };
		ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);

		if (got <= 0)
			break;
		if (string && memchr(to + len, '\0', (size_t)got))
			return (size_t)((char *)memchr(to + len, '\0', (size_t)got) - to);
		len += (size_t)got;
	}
	return len;
}

/* The start of a string, as a string; false where there is none. */
static bool remote_string(pid_t pid, uint64_t address, char *to, size_t cap)
{
	char first;

	to[0] = '\0';
	if (address == 0 || remote_bytes(pid, address, &first, 1, false) != 1)
		return false;
	to[remote_bytes(pid, address, to, cap - 1, true)] = '\0';
	return true;
}

/* ---- outside: what it is ---- */

bool sandbox_is_shell(const char *name)
{
	static const char *const shells[] = { "sh",  "bash",  "rbash", "dash", "zsh",  "ash",
		                              "ksh", "ksh93", "mksh",  "fish", "yash", NULL };
	const char *slash = strrchr(name, '/');

	name = slash ? slash + 1 : name;
	if (*name == '-') /* a login shell's argv[0] */
		name++;
	for (size_t i = 0; shells[i]; i++) {
		if (strcmp(name, shells[i]) == 0)
			return true;
	}
	return false;
}

/* bash(1), OPTIONS: long options that take the next argument. */
static bool takes_next(const char *option)
{
	return strcmp(option, "--rcfile") == 0 || strcmp(option, "--init-file") == 0;
}

bool sandbox_shell_text(const char *const *argv, size_t argc, size_t *index)
{
	bool command = false;
	size_t i = 1;

	for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+'); i++) {
		const char *letters = argv[i] + 1;

		if (strcmp(argv[i], "-") == 0 || strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (argv[i][1] == '-') {
			i += takes_next(argv[i]);
			continue;
		}
		for (; *letters; letters++) {
			command |= *letters == 'c' && argv[i][0] == '-';
			if (*letters == 'o' ||
			    *letters == 'O') /* each takes an argument of its own */
				i += i + 1 < argc;
		}
	}
	*index = i;
	return command && i < argc;
}

static void read_arguments(pid_t pid, uint64_t address, char *buffer, struct sandbox_exec *exec)
{
	char heads[ARGUMENTS][ARGUMENT_BYTES];
	const char *argv[ARGUMENTS];
	uint64_t places[ARGUMENTS] = { 0 };
	size_t got = remote_bytes(pid, address, (char *)places, sizeof places, false);
	size_t argc = 0, text;

	while (argc < got / sizeof places[0] &&
	       remote_string(pid, places[argc], heads[argc], sizeof heads[0])) {
		argv[argc] = heads[argc];
		argc++;
	}
	if (argc == 0 || !(sandbox_is_shell(exec->program) || sandbox_is_shell(argv[0])) ||
	    !sandbox_shell_text(argv, argc, &text))
		return;
	exec->shell = true;
	exec->text = (struct span){ buffer, remote_bytes(pid, places[text], buffer,
		                                         SANDBOX_EXEC_TEXT, true) };
}

/* ---- outside: the kernel's messages, which may be longer than those we were built with ---- */

bool sandbox_exec_take(const struct sandbox *sandbox, char *buffer, struct sandbox_exec *exec)
{
	union {
		char room[512];
		struct seccomp_notif message;
	} told = { .room = { 0 } };
	const __u64 *args = told.message.data.args;
	bool at;

	*exec = (struct sandbox_exec){ 0 };
	if (syscall(SYS_ioctl, sandbox->watch, SECCOMP_IOCTL_NOTIF_RECV, &told) != 0)
		return false;
	exec->id = told.message.id;
	exec->pid = (pid_t)told.message.pid;
	at = told.message.data.nr == SYS_execveat;
	exec->readable = remote_string(exec->pid, args[at ? 1 : 0], exec->program,
	                               sizeof exec->program);
	if (exec->readable)
		read_arguments(exec->pid, args[at ? 2 : 1], buffer, exec);
	/* what was read was another's, should it have died and its number been given away */
	return syscall(SYS_ioctl, sandbox->watch, SECCOMP_IOCTL_NOTIF_ID_VALID, &exec->id) == 0;
}

void sandbox_exec_go(const struct sandbox *sandbox, const struct sandbox_exec *exec)
{
	union {
		char room[512];
		struct seccomp_notif_resp answer;
	} told = { .room = { 0 } };

	told.answer.id = exec->id;
	told.answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	syscall(SYS_ioctl, sandbox->watch, SECCOMP_IOCTL_NOTIF_SEND, &told);
}
