/* Directories, lock, door and store of the recorder. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "audit/frame.h"
#include "audit/recorder/recorder.h"
#include "base/file.h"

enum { BACKLOG = 4096, FILES_WANTED = PEERS_MAX + 64 };

/* Opens a directory that must be ours alone to write to; makes it where it is missing. */
static bool open_ours(int at, const char *name, int *fd, struct problem *problem)
{
	struct stat status;

	if (mkdirat(at, name, 0700) == 0)
		(void)fsync(at);
	else if (errno != EEXIST)
		return problem_system(problem, "cannot make a directory of the audit record");
	*fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return problem_system(problem, "cannot open a directory of the audit record");
	if (fstat(*fd, &status) == 0 && (status.st_uid == geteuid() || status.st_uid == 0) &&
	    (status.st_mode & 022) == 0)
		return true;
	close(*fd);
	*fd = -1;
	return problem_set(problem, PROBLEM_REFUSED, 0,
	                   "others can write to the directory of the audit record");
}

/* "REAL/audit" */
static bool copy_path(const char *real, char **path)
{
	size_t len = strlen(real);
	char *copy = calloc(1, len + sizeof("/" AUDIT_DIRECTORY));

	if (copy == NULL)
		return false;
	memcpy(copy, real, len);
	memcpy(copy + len, "/" AUDIT_DIRECTORY, sizeof("/" AUDIT_DIRECTORY));
	*path = copy;
	return true;
}

/* That a state directory which was just made is on the disk; where we may not look at its parent, it was there. */
static void sync_parent(int directory)
{
	int parent = openat(directory, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (parent < 0)
		return;
	(void)fsync(parent);
	close(parent);
}

static bool open_directories(struct recorder *recorder, const char *state, int *audit,
                             struct problem *problem)
{
	struct stat status;
	char *real;
	int door = -1, top;
	bool opened;

	if (!file_make_directory(state, 0700, problem))
		return false;
	real = realpath(state, NULL);
	top = real != NULL ? open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (top < 0) {
		free(real);
		return problem_system(problem, "cannot open the state directory");
	}
	sync_parent(top);
	opened = fstat(top, &status) == 0 && (status.st_uid == geteuid() || status.st_uid == 0) &&
	         (status.st_mode & 022) == 0;
	if (!opened)
		problem_set(problem, PROBLEM_REFUSED, 0, "others can write to the state directory");
	opened = opened && open_ours(top, AUDIT_DIRECTORY, audit, problem) &&
	         open_ours(*audit, AUDIT_SPOOL, &recorder->spool_fd, problem) &&
	         open_ours(*audit, "damaged", &recorder->damaged_fd, problem) &&
	         open_ours(*audit, AUDIT_DOOR, &door, problem);
	if (door >= 0)
		close(door);
	if (opened)
		opened = copy_path(real, &recorder->directory) ||
		         problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	close(top);
	free(real);
	return opened;
}

static bool take_lock(struct recorder *recorder, int audit, int given, struct problem *problem)
{
	struct stat ours, theirs;
	int lock = openat(audit, AUDIT_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	recorder->lock_fd = lock;
	if (lock < 0)
		return problem_system(problem, "cannot open the recorder's lock");
	if (given >= 0) {
		if (fstat(lock, &ours) != 0 || fstat(given, &theirs) != 0 ||
		    ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino)
			return problem_set(problem, PROBLEM_REFUSED, 0,
			                   "the lock handed over is another one");
		close(lock);
		recorder->lock_fd = given;
		if (fcntl(given, F_SETFD, FD_CLOEXEC) != 0)
			return problem_system(problem, "cannot keep the recorder's lock");
	}
	if (flock(recorder->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return problem_set(problem, PROBLEM_REFUSED, 0, RECORDER_OTHER_RUNS);
	return true;
}

static bool open_door(struct recorder *recorder, const char *path, struct problem *problem)
{
	struct sockaddr_un address;
	int directory;
	bool bound;

	recorder->socket_path = strdup(path);
	if (recorder->socket_path == NULL)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	if (!recorder_address(path, &address, &directory, problem))
		return false;
	recorder->listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	(void)unlink(path); /* of a recorder that was killed: we hold the lock */
	bound = recorder->listen_fd >= 0 &&
	        bind(recorder->listen_fd, (const struct sockaddr *)&address, sizeof(address)) ==
	                0 &&
	        listen(recorder->listen_fd, BACKLOG) == 0;
	if (!bound)
		problem_system(problem, "cannot open the recorder's socket");
	if (directory >= 0)
		close(directory);
	return bound;
}

static bool watch(struct recorder *recorder, int fd, void *mark, struct problem *problem)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = mark };

	return epoll_ctl(recorder->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ||
	       problem_system(problem, "cannot wait for writers");
}

static bool open_events(struct recorder *recorder, struct problem *problem)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t signals;
	char *spool = NULL;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
	recorder->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	recorder->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	recorder->watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (recorder->epoll_fd < 0 || recorder->signal_fd < 0)
		return problem_system(problem, "cannot wait for writers");
	if (recorder->watch_fd >= 0) {
		spool = calloc(1, strlen(recorder->directory) + sizeof("/" AUDIT_SPOOL));
		if (spool == NULL)
			return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
		memcpy(spool, recorder->directory, strlen(recorder->directory));
		memcpy(spool + strlen(recorder->directory), "/" AUDIT_SPOOL,
		       sizeof("/" AUDIT_SPOOL));
		/* Without a watch, pings and the next start find what was spooled. */
		if (inotify_add_watch(recorder->watch_fd, spool, IN_CLOSE_WRITE | IN_MOVED_TO) >=
		            0 &&
		    !watch(recorder, recorder->watch_fd, &recorder->watch_fd, problem)) {
			free(spool);
			return false;
		}
		free(spool);
	}
	return watch(recorder, recorder->listen_fd, &recorder->listen_fd, problem) &&
	       watch(recorder, recorder->signal_fd, &recorder->signal_fd, problem);
}

static void know_ourselves(struct recorder *recorder)
{
	struct rlimit files;
	struct arena arena;
	struct stat status;
	struct span text;
	struct uuid boot;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES_WANTED) {
		files.rlim_cur = files.rlim_max < FILES_WANTED ? files.rlim_max : FILES_WANTED;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	if (stat("/proc/self/ns/pid", &status) == 0)
		recorder->pid_namespace = status.st_ino;
	arena_init(&arena, 4096);
	if (file_read("/proc/sys/kernel/random/boot_id", 64, &arena, &text, NULL) &&
	    uuid_parse(span_trim(text), &boot))
		memcpy(recorder->boot, boot.bytes, sizeof(recorder->boot));
	arena_release(&arena);
}

bool recorder_open(struct recorder *recorder, const struct recorder_options *options,
                   struct problem *problem)
{
	struct audit_target places;
	struct arena arena;
	int audit = -1;
	bool opened;

	recorder->spool_fd = recorder->damaged_fd = recorder->listen_fd = recorder->epoll_fd = -1;
	recorder->signal_fd = recorder->watch_fd = recorder->lock_fd = -1;
	know_ourselves(recorder);
	arena_init(&arena, 1 << 16);
	opened = open_directories(recorder, options->state, &audit, problem) &&
	         take_lock(recorder, audit, options->lock_fd, problem);
	if (opened) {
		recorder->store = store_open(recorder->directory, problem);
		opened = recorder->store != NULL;
	}
	opened = opened && audit_target_in(options->state, NULL, &arena, &places, problem) &&
	         open_door(recorder, options->socket != NULL ? options->socket : places.socket,
	                   problem) &&
	         open_events(recorder, problem);
	if (audit >= 0)
		close(audit);
	arena_release(&arena);
	return opened;
}

void recorder_close_door(struct recorder *recorder)
{
	if (recorder->socket_path != NULL)
		(void)unlink(recorder->socket_path);
	free(recorder->socket_path);
	recorder->socket_path = NULL;
}

void recorder_close(struct recorder *recorder)
{
	const int fds[] = { recorder->spool_fd, recorder->damaged_fd, recorder->listen_fd,
		            recorder->epoll_fd, recorder->signal_fd,  recorder->watch_fd };

	for (size_t i = 0; i < recorder->peer_count; i++) {
		close(recorder->peers[i]->fd);
		free(recorder->peers[i]);
	}
	if (recorder->listen_fd >= 0)
		recorder_close_door(recorder);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	store_close(recorder->store);
	free(recorder->socket_path);
	free(recorder->directory);
	if (recorder->lock_fd >= 0)
		close(recorder->lock_fd); /* last: the next one may come */
}
