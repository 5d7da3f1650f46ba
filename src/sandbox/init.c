/*
 * I: the first process inside.  Builds the sandbox around itself, locks it, starts the
 * command, reaps what is left to it, and says how the command ended once nothing
 * else is alive.
 *
 * It dies with S: by PDEATHSIG where it is PID 1 (and with it, by the kernel, all that
 * is in its PID namespace), by the end of its control socket else.  What is inside can
 * neither read nor trace it: it is not dumpable, and holds nothing of the caller's
 * environment any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

enum { COMMAND_STACK = 64 * 1024 };

bool init_failed(struct sandbox_init *init, enum sandbox_stage stage, const char *what)
{
	struct sandbox_report *report = &init->report;

	report->stage = stage;
	report->sys_errno = errno;
	snprintf(report->what, sizeof report->what, "%s", what);
	return false;
}

/* ---- building ---- */

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written;

	if (fd < 0)
		return false;
	written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return written;
}

/* One user and one group, who keep their numbers; others are nobody. */
static bool map_ids(struct sandbox_init *init)
{
	char users[48], groups[48];

	snprintf(users, sizeof users, "%u %u 1", (unsigned)init->uid, (unsigned)init->uid);
	snprintf(groups, sizeof groups, "%u %u 1", (unsigned)init->gid, (unsigned)init->gid);
	if (!write_text("/proc/self/setgroups", "deny") ||
	    !write_text("/proc/self/uid_map", users) || !write_text("/proc/self/gid_map", groups))
		return init_failed(init, SANDBOX_STAGE_NAMESPACES, "mapping ids");
	return true;
}

/* Whether S is there still; a signal at its death that came before we asked for one is lost. */
static bool parent_lives(const struct sandbox_init *init)
{
	struct pollfd parent = { .fd = init->parent, .events = POLLIN };

	return poll(&parent, 1, 0) == 0;
}

/* The environment lies in this process's memory as well; only the plan's is needed. */
static void forget_environment(void)
{
	for (char **variable = environ; *variable; variable++)
		explicit_bzero(*variable, strlen(*variable));
}

static bool close_descriptors(struct sandbox_init *init)
{
	const int keep[] = { init->control, init->listener, init->socket };
	unsigned next = 3;

	for (;;) {
		unsigned kept = ~0U;

		for (size_t i = 0; i < sizeof keep / sizeof keep[0]; i++) {
			if (keep[i] >= 0 && (unsigned)keep[i] >= next && (unsigned)keep[i] < kept)
				kept = (unsigned)keep[i];
		}
		if (kept > next && sys_close_range(next, kept == ~0U ? kept : kept - 1) != 0)
			return init_failed(init, SANDBOX_STAGE_LOCK, "closing descriptors");
		if (kept == ~0U)
			return true;
		next = kept + 1;
	}
}

/* A kernel that cannot, or a caller that is watched so itself, is a protection less. */
static void watch_programs(struct sandbox_init *init)
{
	if (init->plan->watch)
		init->watch = observe_apply();
	if (init->plan->watch && init->watch < 0)
		init->report.missing |= SANDBOX_BIT(SANDBOX_PART_WATCH);
}

static bool build(struct sandbox_init *init)
{
	const struct sandbox_plan *plan = init->plan;
	bool full = plan->level == SANDBOX_FULL;

	/* without a PID namespace I must outlive S, to end what is left: it sees its socket close */
	if ((full && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) || !parent_lives(init))
		return init_failed(init, SANDBOX_STAGE_START, "the supervisor is gone");
	if (full && (!map_ids(init) || !view_apply(init) || !network_apply(init)))
		return false;
	if (full && sethostname(plan->hostname, strlen(plan->hostname)) != 0)
		return init_failed(init, SANDBOX_STAGE_NAMESPACES, "sethostname");
	if (!close_descriptors(init))
		return false;
	if (chdir(plan->cwd) != 0)
		return init_failed(init, SANDBOX_STAGE_VIEW, plan->cwd);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return init_failed(init, SANDBOX_STAGE_LOCK, "PR_SET_DUMPABLE");
	if (full) {
		watch_programs(init);
		return lock_apply(init);
	}
	/* without namespaces I stays free, so that nothing inside can signal it: the command locks itself */
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ||
	       init_failed(init, SANDBOX_STAGE_LOCK, "PR_SET_CHILD_SUBREAPER");
}

/* ---- talking to S ---- */

static bool send_report(struct sandbox_init *init)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int[SANDBOX_SENT]))];
	} control = { 0 };
	int *const fds[SANDBOX_SENT] = { &init->listener, &init->socket, &init->watch };
	struct iovec part = { &init->report, sizeof init->report };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int sent[SANDBOX_SENT];
	size_t count = 0;

	for (size_t i = 0; i < SANDBOX_SENT; i++) {
		if (*fds[i] < 0 || init->report.stage != SANDBOX_STAGE_READY)
			continue;
		init->report.sent |= 1U << i;
		sent[count++] = *fds[i];
	}
	if (count > 0) {
		struct cmsghdr *header;

		message.msg_control = control.bytes;
		message.msg_controllen = (socklen_t)CMSG_SPACE(count * sizeof(int));
		header = &control.align;
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = (socklen_t)CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(header), sent, count * sizeof(int));
	}
	if (sendmsg(init->control, &message, MSG_NOSIGNAL) != (ssize_t)sizeof init->report)
		return false;
	for (size_t i = 0; i < SANDBOX_SENT; i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
	return true;
}

static void tell(struct sandbox_init *init, const struct sandbox_message *message)
{
	(void)!send(init->control, message, sizeof *message, MSG_NOSIGNAL);
}

/* ---- the command ---- */

struct command {
	struct sandbox_init *init;
	sigset_t signals; /* to begin with */
	int error;        /* why it could not be started */
};

/* Runs in I's memory until the exec: nothing but system calls. */
static int start_command(void *argument)
{
	struct command *command = argument;
	struct sandbox_init *init = command->init;
	const struct sandbox_plan *plan = init->plan;

	/* a process group of its own: kill(0) must not reach the caller's */
	if (init->foreground ? setpgid(0, 0) != 0 || tcsetpgrp(init->terminal, getpid()) != 0
	                     : setsid() < 0)
		command->error = errno;
	if (command->error == 0 && plan->level != SANDBOX_FULL && !lock_apply(init))
		command->error = init->report.sys_errno ? init->report.sys_errno : EPERM;
	if (command->error == 0 && plan->level != SANDBOX_FULL)
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (command->error == 0 && sigprocmask(SIG_SETMASK, &command->signals, NULL) == 0) {
		execve(plan->program, plan->argv, plan->environ);
		command->error = errno;
	}
	_exit(127);
}

static pid_t launch(struct command *command)
{
	/* the command runs beside our frames, not on them, until its exec */
	char *stack = malloc(COMMAND_STACK);
	pid_t pid;

	if (stack == NULL)
		return -1;
	pid = clone(start_command, stack + COMMAND_STACK, CLONE_VM | CLONE_VFORK | SIGCHLD,
	            command);
	free(stack);
	return pid;
}

/* Ends all that is left, and waits for it. */
static void end_all(const struct sandbox_init *init, pid_t command)
{
	char children[64], line[4096];

	if (init->plan->level == SANDBOX_FULL) {
		kill(-1, SIGKILL); /* of PID 1: everybody inside but itself */
		while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
			;
		return;
	}
	/* without a PID namespace: everything that is, or comes to be, our child */
	if (command > 0)
		kill(-command, SIGKILL);
	snprintf(children, sizeof children, "/proc/self/task/%d/children", (int)getpid());
	for (;;) {
		int fd = open(children, O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
		char *at = line, *end;

		if (fd >= 0)
			close(fd);
		line[len > 0 ? len : 0] = '\0';
		for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
			kill((pid_t)pid, SIGKILL);
			at = end;
		}
		if (waitpid(-1, NULL, 0) < 0 && errno != EINTR)
			return;
	}
}

static void note_end(struct sandbox_end *end, int status, const struct rusage *usage)
{
	end->exited = WIFEXITED(status);
	end->status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	end->cpu_us = (uint64_t)usage->ru_utime.tv_sec * 1000000 +
	              (uint64_t)usage->ru_utime.tv_usec +
	              (uint64_t)usage->ru_stime.tv_sec * 1000000 +
	              (uint64_t)usage->ru_stime.tv_usec;
	end->max_rss_kb = (uint64_t)usage->ru_maxrss;
}

/* Takes in every child that has changed; true once the command has ended. */
static bool reap(struct sandbox_init *init, pid_t command, struct sandbox_end *end)
{
	struct rusage usage;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, WNOHANG | WUNTRACED, &usage)) > 0) {
		if (pid != command)
			continue;
		if (WIFSTOPPED(status)) {
			struct sandbox_message message = { .news = SANDBOX_STOPPED };

			tell(init, &message);
			continue;
		}
		note_end(end, status, &usage);
		return true;
	}
	return false;
}

/* An order of S; false where S is gone. */
static bool obey(struct sandbox_init *init, pid_t command)
{
	char order;
	ssize_t len = recv(init->control, &order, 1, 0);

	if (len <= 0)
		return len < 0 && errno == EINTR;
	if (order == SANDBOX_ORDER_CONTINUE) {
		if (init->foreground)
			tcsetpgrp(init->terminal, command);
		kill(-command, SIGCONT);
	}
	return true;
}

/* Waits for the command, forwarding what S sends. */
static void watch(struct sandbox_init *init, pid_t command, int signals, struct sandbox_end *end)
{
	struct pollfd waits[2] = { { .fd = signals, .events = POLLIN },
		                   { .fd = init->control, .events = POLLIN } };
	struct signalfd_siginfo received;

	while (!reap(init, command, end)) {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return;
		if (waits[1].revents != 0 && !obey(init, command))
			return;
		if ((waits[0].revents & POLLIN) != 0 &&
		    read(signals, &received, sizeof received) == (ssize_t)sizeof received &&
		    received.ssi_signo != SIGCHLD)
			kill(-command, (int)received.ssi_signo);
	}
}

static void run(struct sandbox_init *init)
{
	struct command command = { .init = init };
	struct sandbox_message message = { .news = SANDBOX_ENDED };
	sigset_t all;
	int signals;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signals = signalfd(-1, &all, SFD_CLOEXEC);
	sigemptyset(&command.signals);
	pid = signals < 0 ? -1 : launch(&command);
	if (pid < 0 || command.error != 0) {
		message.end.exec_failed = true;
		message.end.status = pid < 0 ? errno : command.error;
	} else {
		watch(init, pid, signals, &message.end);
	}
	end_all(init, pid);
	tell(init, &message);
}

_Noreturn void init_main(struct sandbox_init *init)
{
	char order = 0;

	init->report.step = -1;
	if (build(init))
		init->report.stage = SANDBOX_STAGE_READY;
	forget_environment();
	if (send_report(init) && init->report.stage == SANDBOX_STAGE_READY &&
	    recv(init->control, &order, 1, 0) == 1 && order == SANDBOX_ORDER_GO)
		run(init);
	_exit(0);
}
