/* One datagram from a hook to the supervisor. */
#include "door/allow.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAIT_SECONDS = 1 };

static const struct door_allow head = { .magic = { 'B', 'A', 'L', 'W' },
	                                .version = { 0, 0, 0, 1 } };

bool door_allow_send(const char *path, struct span text, struct problem *problem)
{
	struct sockaddr_un there = { .sun_family = AF_UNIX };
	struct timeval wait = { .tv_sec = WAIT_SECONDS };
	struct door_allow allow = head;
	bool sent;
	int fd;

	if (strlen(path) >= sizeof there.sun_path)
		return problem_set(problem, PROBLEM_LIMIT, 0, "the socket's path is too long");
	memcpy(there.sun_path, path, strlen(path));
	sha256_of(text, allow.sha256);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return problem_system(problem, "socket");
	/* its queue may be full for a moment: the supervisor may be writing to the record */
	sent = setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) == 0 &&
	       (connect(fd, (struct sockaddr *)&there, sizeof there) == 0
	                ? send(fd, &allow, sizeof allow, MSG_NOSIGNAL) == (ssize_t)sizeof allow
	                : errno == ENOENT);
	if (!sent)
		problem_system(problem, "the supervisor does not take what is allowed");
	close(fd);
	return sent;
}

bool door_allow_read(struct span message, struct door_allow *allow)
{
	if (message.len != sizeof *allow)
		return false;
	memcpy(allow, message.ptr, sizeof *allow);
	return memcmp(allow->magic, head.magic, sizeof head.magic) == 0 &&
	       memcmp(allow->version, head.version, sizeof head.version) == 0;
}
