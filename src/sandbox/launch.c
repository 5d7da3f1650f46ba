/* S: starts I in new namespaces, and talks to it in messages of fixed size. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

enum {
	NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |
	             CLONE_NEWCGROUP
};

const struct sandbox sandbox_none = {
	.init_fd = -1, .control = -1, .listener = -1, .socket = -1, .watch = -1
};

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The first of our three descriptors that is a terminal in whose foreground we are. */
static int foreground_terminal(void)
{
	for (int fd = 0; fd < 3; fd++) {
		if (isatty(fd) && tcgetpgrp(fd) == getpgrp())
			return fd;
	}
	return -1;
}

static unsigned long namespaces(const struct sandbox_plan *plan)
{
	if (plan->level != SANDBOX_FULL)
		return 0;
	return (unsigned long)NAMESPACES |
	       (plan->network == SANDBOX_NETWORK_HOST ? 0 : (unsigned long)CLONE_NEWNET);
}

bool sandbox_begin(const struct sandbox_plan *plan, struct sandbox *sandbox,
                   struct problem *problem)
{
	struct sandbox_init init = { .plan = plan,
		                     .uid = geteuid(),
		                     .gid = getegid(),
		                     .terminal = foreground_terminal(),
		                     .listener = -1,
		                     .socket = -1,
		                     .watch = -1 };
	int ends[2], pidfd = -1;
	pid_t pid;

	*sandbox = sandbox_none;
	init.foreground = init.terminal >= 0;
	init.parent = sys_pidfd_open(getpid());
	if (init.parent < 0)
		return problem_system(problem, "pidfd_open");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		close(init.parent);
		return problem_system(problem, "socketpair");
	}
	pid = (pid_t)syscall(SYS_clone, namespaces(plan) | CLONE_PIDFD | SIGCHLD, NULL, &pidfd,
	                     NULL, NULL);
	if (pid == 0) {
		close(ends[0]);
		init.control = ends[1];
		init_main(&init);
	}
	if (pid < 0)
		problem_system(problem, "cannot make namespaces");
	close(init.parent);
	close(ends[1]);
	sandbox->init = pid;
	sandbox->init_fd = pidfd;
	sandbox->control = ends[0];
	sandbox->foreground = init.foreground;
	sandbox->full = plan->level == SANDBOX_FULL;
	if (pid < 0)
		close_one(&sandbox->control);
	return pid > 0;
}

/* The descriptors that came with a report. */
static void take_descriptors(struct msghdr *message, unsigned sent, struct sandbox *sandbox)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int *const places[SANDBOX_SENT] = { &sandbox->listener, &sandbox->socket, &sandbox->watch };
	size_t count, at = 0;
	int fds[SANDBOX_SENT];

	if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len < CMSG_LEN(0) || header->cmsg_len > CMSG_LEN(sizeof fds))
		return;
	count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(header), count * sizeof(int));
	for (size_t i = 0; i < SANDBOX_SENT && at < count; i++) {
		if (sent & 1U << i)
			*places[i] = fds[at++];
	}
}

bool sandbox_await(struct sandbox *sandbox, struct sandbox_report *report, struct problem *problem)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int[SANDBOX_SENT]))];
	} control = { 0 };
	struct sandbox_report received = { 0 };
	struct iovec part = { &received, sizeof received };
	struct msghdr message = { .msg_iov = &part,
		                  .msg_iovlen = 1,
		                  .msg_control = control.bytes,
		                  .msg_controllen = sizeof control.bytes };
	ssize_t len;

	do
		len = recvmsg(sandbox->control, &message, MSG_CMSG_CLOEXEC);
	while (len < 0 && errno == EINTR);
	if (len != (ssize_t)sizeof received) {
		sandbox_close(sandbox);
		return problem_set(problem, PROBLEM_SYSTEM, 0,
		                   "the sandbox ended while it was made");
	}
	received.what[sizeof received.what - 1] = '\0';
	take_descriptors(&message, received.sent, sandbox);
	if (received.stage != SANDBOX_STAGE_READY)
		sandbox_close(sandbox);
	*report = received;
	return true;
}

/* Namespaces that clone(2) itself refuses are a report as any other. */
static bool refused_by_clone(struct sandbox_report *report)
{
	*report = (struct sandbox_report){ .stage = SANDBOX_STAGE_NAMESPACES,
		                           .sys_errno = errno,
		                           .step = -1,
		                           .what = "cannot make namespaces" };
	return errno == EPERM || errno == ENOSYS || errno == EINVAL || errno == ENOSPC ||
	       errno == EUSERS;
}

bool sandbox_start(const struct sandbox_plan *plan, struct sandbox *sandbox,
                   struct sandbox_report *report, struct problem *problem)
{
	if (!sandbox_begin(plan, sandbox, problem))
		return plan->level == SANDBOX_FULL && refused_by_clone(report);
	return sandbox_await(sandbox, report, problem);
}

static bool order(const struct sandbox *sandbox, char what)
{
	return send(sandbox->control, &what, 1, MSG_NOSIGNAL) == 1;
}

bool sandbox_go(struct sandbox *sandbox, struct problem *problem)
{
	return order(sandbox, SANDBOX_ORDER_GO) || problem_system(problem, "starting the command");
}

void sandbox_signal(const struct sandbox *sandbox, int signal)
{
	if (sandbox->init_fd >= 0)
		syscall(SYS_PIDFD_SEND_SIGNAL, sandbox->init_fd, signal, NULL, 0);
}

/* Takes the terminal back; who does that from the background must not be stopped for it. */
static void take_terminal(void)
{
	sigset_t stop, before;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stop, &before);
	for (int fd = 0; fd < 3; fd++) {
		if (isatty(fd) && tcsetpgrp(fd, getpgrp()) == 0)
			break;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

bool sandbox_end(struct sandbox *sandbox, struct sandbox_end *end, bool *ended,
                 struct problem *problem)
{
	struct sandbox_message message = { 0 };
	ssize_t len = recv(sandbox->control, &message, sizeof message, 0);

	*ended = false;
	if (len < 0 && errno == EINTR)
		return true;
	if (len != (ssize_t)sizeof message)
		return problem_set(problem, PROBLEM_SYSTEM, 0,
		                   "the sandbox was ended from outside");
	if (message.news == SANDBOX_STOPPED && !sandbox->foreground)
		return true; /* it did that to itself, and whoever continues it is inside too */
	if (sandbox->foreground)
		take_terminal();
	if (message.news == SANDBOX_STOPPED) {
		/* the caller's shell sees us stop, and takes over; later we go on where it was */
		raise(SIGSTOP);
		order(sandbox, SANDBOX_ORDER_CONTINUE);
		return true;
	}
	*end = message.end;
	*ended = true;
	return true;
}

void sandbox_close(struct sandbox *sandbox)
{
	if (sandbox->init > 0) {
		close_one(&sandbox->control); /* I ends everything when it sees that */
		if (sandbox->full)            /* the kernel does, and at once */
			sandbox_signal(sandbox, SIGKILL);
		waitpid(sandbox->init, NULL, 0);
	}
	close_one(&sandbox->init_fd);
	close_one(&sandbox->control);
	close_one(&sandbox->listener);
	close_one(&sandbox->socket);
	close_one(&sandbox->watch);
	sandbox->init = 0;
}
