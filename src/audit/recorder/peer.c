/* Who a writer is, as the kernel says; never as it says itself. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/recorder/recorder.h"
#include "base/file.h"

/* "/proc/PID/NAME" */
static void proc_path(uint32_t pid, const char *name, char out[64])
{
	char digits[10];
	size_t count = 0, len = 6;

	memcpy(out, "/proc/", 6);
	do {
		digits[count++] = (char)('0' + pid % 10);
		pid /= 10;
	} while (pid > 0);
	while (count > 0)
		out[len++] = digits[--count];
	out[len++] = '/';
	memccpy(out + len, name, 0, 64 - len);
	out[63] = 0;
}

/* proc_pid_stat(5), field 22; the name in field 2 may hold blanks and brackets. */
static uint64_t start_of(uint32_t pid)
{
	char path[64], text[1024];
	uint64_t start = 0;
	ssize_t count;
	int fd;

	proc_path(pid, "stat", path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	count = read(fd, text, sizeof(text));
	close(fd);

	struct span rest = { text, count > 0 ? (size_t)count : 0 }, field = { 0 };
	size_t name_end = rest.len;

	while (name_end > 0 && text[name_end - 1] != ')')
		name_end--;
	rest = span_from(rest, name_end + 1);
	for (int number = 3; number <= 22; number++)
		if (!span_split(&rest, ' ', &field))
			return 0;
	for (size_t i = 0; i < field.len; i++)
		start = start * 10 + (uint64_t)(field.ptr[i] - '0');
	return start;
}

/* Another pid namespace than ours, or one that cannot be looked at: then it is foreign as well. */
static bool is_guest(const struct recorder *recorder, uint32_t pid)
{
	char path[64];
	struct stat status;

	proc_path(pid, "ns/pid", path);
	return pid == 0 || stat(path, &status) != 0 || status.st_ino != recorder->pid_namespace;
}

struct peer *peer_accept(struct recorder *recorder, int fd)
{
	struct ucred who = { 0 };
	socklen_t size = sizeof(who);
	size_t same = 0;
	struct peer *peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
		return NULL;
	for (size_t i = 0; i < recorder->peer_count; i++)
		same += recorder->peers[i]->pid == (uint32_t)who.pid;
	if (recorder->peer_count == PEERS_MAX || same >= PEERS_OF_ONE)
		return NULL;
	peer = calloc(1, sizeof(*peer));
	if (peer == NULL)
		return NULL;
	peer->fd = fd;
	peer->uid = who.uid;
	peer->pid = (uint32_t)who.pid;
	peer->start = start_of(peer->pid);
	peer->flags = is_guest(recorder, peer->pid) ? HEADER_GUEST : 0;
	recorder->peers[recorder->peer_count++] = peer;
	return peer;
}
