/* What this machine can do, found out by doing it: for `bailiff doctor`. */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

enum { MAX_CHECKS = 16, CURRENT_ABI = 6 };

struct examination {
	struct arena *arena;
	struct sandbox_check *checks;
	size_t count;
};

static void add(struct examination *examination, const char *name, const char *part, bool works,
                const char *detail, const char *fix)
{
	if (examination->count < MAX_CHECKS)
		examination->checks[examination->count++] = (struct sandbox_check){
			name, part, works, detail, works ? NULL : fix
		};
}

__attribute__((format(printf, 2, 3))) static const char *text(struct examination *examination,
                                                              const char *format, ...)
{
	char line[256];
	struct span copy;
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	return arena_copy(examination->arena, span_of(line), &copy) ? copy.ptr : "";
}

/* The first number in a file below /proc/sys, or -1. */
static long setting(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char digits[32] = "";
	ssize_t len = fd < 0 ? -1 : read(fd, digits, sizeof digits - 1);
	long value = 0;

	if (fd >= 0)
		close(fd);
	if (len <= 0 || digits[0] < '0' || digits[0] > '9')
		return -1;
	for (const char *digit = digits; *digit >= '0' && *digit <= '9'; digit++)
		value = value * 10 + (*digit - '0');
	return value;
}

/* Why namespaces may be missing, and what to do. */
static const char *namespace_fix(void)
{
	if (setting("/proc/sys/user/max_user_namespaces") == 0)
		return "sysctl user.max_user_namespaces=15000";
	if (setting("/proc/sys/kernel/unprivileged_userns_clone") == 0)
		return "sysctl kernel.unprivileged_userns_clone=1";
	if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1)
		return "an AppArmor profile for bailiff with the line \"userns,\" "
		       "(apparmor_restrict_unprivileged_userns is 1)";
	return "in a container: start it with user namespaces allowed and /proc not masked; in a "
	       "chroot the kernel makes none: enter the folder by pivot_root instead";
}

/* A whole sandbox, but for the command. */
static void examine_namespaces(struct examination *examination)
{
	static struct sandbox_step steps[] = {
		{ .verb = SANDBOX_PROC, .target = "/proc", .why = "probe" },
		{ .verb = SANDBOX_TEMPORARY, .target = "/tmp", .why = "probe" },
	};
	static char *const nothing[] = { NULL };
	static const char *const root[] = { "/" };
	struct sandbox_plan plan = { .level = SANDBOX_FULL,
		                     .steps = steps,
		                     .step_count = sizeof steps / sizeof steps[0],
		                     .readable = root,
		                     .readable_count = 1,
		                     .cwd = "/",
		                     .program = "/",
		                     .argv = nothing,
		                     .environ = nothing,
		                     .hostname = "bailiff",
		                     .limits = sandbox_default_limits };
	struct sandbox sandbox = sandbox_none;
	struct sandbox_report report = { 0 };
	struct problem problem = { 0 };
	bool asked = sandbox_start(&plan, &sandbox, &report, &problem);
	bool ready = asked && report.stage == SANDBOX_STAGE_READY;
	const char *why = asked ? report.what : problem.what;
	int error = asked ? report.sys_errno : problem.sys_errno;
	const char *detail = ready ? "own users, mounts, processes, network, IPC and host name"
	                           : text(examination, "%s: %s", why, strerror(error));

	add(examination, "namespaces", sandbox_part_name(SANDBOX_PART_USERNS), ready, detail,
	    namespace_fix());
	add(examination, "network of its own", sandbox_part_name(SANDBOX_PART_NETWORK),
	    ready || (asked && report.stage > SANDBOX_STAGE_NETWORK),
	    ready ? "nothing but loopback; agents reach hosts through the broker" : detail,
	    namespace_fix());
	sandbox_close(&sandbox);
}

static void examine_landlock(struct examination *examination)
{
	int abi = sys_landlock_abi();

	add(examination, "Landlock", sandbox_part_name(SANDBOX_PART_LANDLOCK), abi > 0,
	    abi > 0 ? text(examination, "ABI %d", abi) : "not in this kernel, or switched off",
	    "Linux 5.13 or later with \"landlock\" in the lsm= boot option");
	add(examination, "Landlock scopes", sandbox_part_name(SANDBOX_PART_SCOPES),
	    abi >= CURRENT_ABI, abi >= CURRENT_ABI ? "abstract sockets and signals" : "needs ABI 6",
	    "Linux 6.12 or later");
}

/* In a child: a filter cannot be taken off again. */
static void examine_seccomp(struct examination *examination)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		bool loaded = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		              seccomp_apply(SANDBOX_FULL);

		_exit(loaded && sethostname("x", 1) != 0 && errno == EPERM ? 0 : 1);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	add(examination, "system call filter", sandbox_part_name(SANDBOX_PART_SECCOMP),
	    pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    pid > 0 && status == 0 ? "refused calls are refused" : "the filter does not hold",
	    "a kernel with CONFIG_SECCOMP_FILTER");
}

/* In a child: such a filter must be there until its listener goes. */
static void examine_watch(struct examination *examination)
{
	int status = 0;
	pid_t pid = fork();
	bool works;

	if (pid == 0)
		_exit(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && observe_apply() >= 0 ? 0 : 1);
	works = pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
	add(examination, "programs seen", sandbox_part_name(SANDBOX_PART_WATCH), works,
	    works ? "an agent's shells are checked against what its hooks let run"
	          : "the kernel tells of no program, or somebody else listens already",
	    "Linux 5.5 or later, and no system call listener around it");
}

static void examine_limits(struct examination *examination)
{
	bool root = geteuid() == 0;

	add(examination, "process limit", sandbox_part_name(SANDBOX_PART_PROCESSES), !root,
	    root ? "the kernel does not count root's processes" : "counted for each sandbox",
	    "run it as an ordinary user");
	add(examination, "memory limit of a run", sandbox_part_name(SANDBOX_PART_MEMORY), false,
	    "of each process only; no control group is used yet",
	    "none yet; limit the session with systemd-run");
}

unsigned sandbox_missing_here(void)
{
	int abi = sys_landlock_abi();
	unsigned missing = 0;

	if (abi == 0)
		missing |= SANDBOX_BIT(SANDBOX_PART_LANDLOCK);
	if (abi < CURRENT_ABI)
		missing |= SANDBOX_BIT(SANDBOX_PART_SCOPES);
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EINVAL)
		missing |= SANDBOX_BIT(SANDBOX_PART_SECCOMP);
	return missing;
}

bool sandbox_examine(struct arena *arena, struct sandbox_check **checks, size_t *count,
                     struct problem *problem)
{
	struct examination examination = { .arena = arena };

	examination.checks = arena_array(arena, struct sandbox_check, MAX_CHECKS);
	if (examination.checks == NULL)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	examine_namespaces(&examination);
	examine_landlock(&examination);
	examine_seccomp(&examination);
	examine_watch(&examination);
	examine_limits(&examination);
	*checks = examination.checks;
	*count = examination.count;
	return true;
}
