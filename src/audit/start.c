/*
 * Finding the recorder, and starting one.
 *
 * The lock file tells whether one runs.  Who starts it takes the lock first and
 * hands it over as an open descriptor, so that of fifty writers that find no
 * recorder exactly one starts it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit/frame.h"
#include "base/file.h"

enum { LOCK_FD = 3, NS_PER_MS = 1000000 };

const struct audit_target audit_target_guarded = { .socket = "/run/bailiff/" AUDIT_SOCKET };

static bool join(struct arena *arena, const char *head, const char *tail, const char **joined)
{
	size_t head_len = strlen(head), tail_len = strlen(tail);
	char *text = arena_array(arena, char, head_len + tail_len + 1);

	if (text == NULL)
		return false;
	memcpy(text, head, head_len);
	memcpy(text + head_len, tail, tail_len);
	*joined = text;
	return true;
}

bool audit_target_in(const char *state, const char *libexec, struct arena *arena,
                     struct audit_target *target, struct problem *problem)
{
	struct audit_target places = { .state = state };

	if (!join(arena, state, "/" AUDIT_DIRECTORY "/" AUDIT_DOOR "/" AUDIT_SOCKET,
	          &places.socket) ||
	    !join(arena, state, "/" AUDIT_DIRECTORY "/" AUDIT_SPOOL, &places.spool) ||
	    (libexec != NULL && !join(arena, libexec, "/recorder", &places.recorder)))
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	*target = places;
	return true;
}

/* "/proc/self/fd/N/NAME" in `out`. */
static bool through_descriptor(int fd, const char *name, char *out, size_t cap)
{
	struct outbuf text;
	bool fits;

	outbuf_init(&text, cap - 1);
	outbuf_put(&text, SPAN("/proc/self/fd/"));
	outbuf_put_i64(&text, fd);
	outbuf_put_byte(&text, '/');
	outbuf_put(&text, span_of(name));
	fits = outbuf_ok(&text);
	if (fits) {
		memcpy(out, text.ptr, text.len);
		out[text.len] = 0;
	}
	outbuf_release(&text);
	return fits;
}

bool recorder_address(const char *path, struct sockaddr_un *address, int *directory_fd,
                      struct problem *problem)
{
	const char *slash = strrchr(path, '/');
	size_t len = strlen(path);

	*directory_fd = -1;
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (len < sizeof(address->sun_path)) {
		memcpy(address->sun_path, path, len);
		return true;
	}
	if (slash == NULL)
		return problem_set(problem, PROBLEM_LIMIT, 0,
		                   "the path of the recorder's socket is too long");

	char *directory = strndup(path, (size_t)(slash - path));

	if (directory == NULL)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	*directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (*directory_fd < 0)
		return problem_system(problem,
		                      "cannot open the directory of the recorder's socket");
	if (through_descriptor(*directory_fd, slash + 1, address->sun_path,
	                       sizeof(address->sun_path)))
		return true;
	close(*directory_fd);
	return problem_set(problem, PROBLEM_LIMIT, 0,
	                   "the name of the recorder's socket is too long");
}

bool recorder_connect(const char *path, int *fd, struct problem *problem)
{
	struct sockaddr_un address;
	int directory, error;

	if (!recorder_address(path, &address, &directory, problem))
		return false;
	*fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	error = *fd < 0 || connect(*fd, (const struct sockaddr *)&address, sizeof(address)) != 0
	                ? errno
	                : 0;
	if (directory >= 0)
		close(directory);
	if (error == 0)
		return true;
	if (*fd >= 0)
		close(*fd);
	errno = error;
	return problem_system(problem, "cannot reach the recorder");
}

/* In the grandchild: nothing of the caller's but the lock goes along. */
__attribute__((noreturn)) static void become_recorder(const struct audit_target *target, int lock)
{
	char number[] = "3";
	char *const arguments[] = { strdup(target->recorder),
		                    strdup("--state"),
		                    strdup(target->state),
		                    strdup("--lock-fd"),
		                    number,
		                    NULL };
	char *const environment[] = { NULL };
	const struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || (lock != LOCK_FD && dup2(lock, LOCK_FD) < 0))
		_exit(127);
	if (lock == LOCK_FD && fcntl(LOCK_FD, F_SETFD, 0) != 0)
		_exit(127);
	for (int fd = 0; fd < LOCK_FD; fd++)
		if (null != fd && dup2(null, fd) < 0)
			_exit(127);
	if (syscall(SYS_close_range, LOCK_FD + 1, ~0U, 0) != 0)
		_exit(127); /* Linux 5.9; a descriptor left open would outlive its owner in the recorder */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int which = 1; which < SIGRTMIN; which++)
		(void)sigaction(which, &standard, NULL);
	if (chdir("/") == 0)
		execve(target->recorder, arguments, environment);
	_exit(127);
}

/* Takes the lock; *fd is -1 where somebody has it. */
static bool take_lock(const char *state, int *fd, struct problem *problem)
{
	struct arena arena;
	const char *path, *directory;
	bool known;

	arena_init(&arena, 16384);
	known = join(&arena, state, "/" AUDIT_DIRECTORY, &directory) &&
	        join(&arena, directory, "/" AUDIT_LOCK, &path);
	if (!known) {
		arena_release(&arena);
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	}
	*fd = -1;
	if (file_make_directory(directory, 0700, problem)) {
		*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		known = *fd >= 0 || problem_system(problem, "cannot open the recorder's lock");
	} else {
		known = false;
	}
	arena_release(&arena);
	if (known && flock(*fd, LOCK_EX | LOCK_NB) != 0) {
		close(*fd);
		*fd = -1;
	}
	return known;
}

bool recorder_start(const struct audit_target *target, struct problem *problem)
{
	int lock = -1, status;
	pid_t child;

	if (target->recorder == NULL || target->state == NULL)
		return problem_set(problem, PROBLEM_REFUSED, 0, "no recorder runs");
	if (!take_lock(target->state, &lock, problem))
		return false;
	if (lock < 0)
		return true;
	child = fork();
	if (child == 0) {
		setsid();
		if (fork() == 0)
			become_recorder(target, lock);
		_exit(0);
	}
	if (child > 0)
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			continue;
	else
		problem_system(problem, "cannot start the recorder");
	close(lock);
	return child > 0;
}

/* Asks the recorder behind `fd` whether it answers before `deadline_ns`. */
static bool is_alive(int fd, uint64_t deadline_ns)
{
	const struct frame_request ping = { .kind = FRAME_PING };
	unsigned char request[FRAME_REQUEST_BYTES], answer[FRAME_ANSWER_BYTES + 1];
	struct frame_answer got;
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	uint64_t now = clock_mono_ns();

	frame_put_request(&ping, 0, request);
	if (send(fd, request, sizeof(request), MSG_NOSIGNAL) != (ssize_t)sizeof(request))
		return false;
	if (now >= deadline_ns || poll(&ready, 1, (int)((deadline_ns - now) / NS_PER_MS + 1)) <= 0)
		return false;

	ssize_t count = recv(fd, answer, sizeof(answer), 0);

	return count > 0 &&
	       frame_get_answer((struct span){ (const char *)answer, (size_t)count }, &got) &&
	       got.status == FRAME_ALIVE;
}

bool audit_hold(const struct audit_target *target, int wait_ms, int *fd, struct problem *problem)
{
	uint64_t deadline_ns = clock_mono_ns() + (uint64_t)(wait_ms > 0 ? wait_ms : 0) * NS_PER_MS;
	const struct timespec pause = { .tv_nsec = 2 * NS_PER_MS };

	do {
		if (recorder_connect(target->socket, fd, problem)) {
			if (is_alive(*fd, deadline_ns))
				return true;
			close(*fd);
		} else if (!recorder_start(target, problem)) {
			return false;
		}
		nanosleep(&pause, NULL);
	} while (clock_mono_ns() < deadline_ns);
	return problem_set(problem, PROBLEM_REFUSED, 0, "the recorder does not answer");
}
