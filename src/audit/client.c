/* audit_record(): to the recorder, else into the spool, else no record. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "audit/frame.h"
#include "base/file.h"

enum { NS_PER_MS = 1000000 };

/* What became of an attempt to hand an entry over. */
enum handed { HANDED_OVER, HANDED_ABSENT, HANDED_SILENT, HANDED_REFUSED };

struct message {
	unsigned char head[FRAME_REQUEST_BYTES];
	struct frame_request request;
	struct outbuf body;
};

static bool build(const struct audit_entry *entry, struct message *message, struct problem *problem)
{
	static const struct uuid none;

	message->request.kind = FRAME_RECORD;
	message->request.pid = (uint32_t)getpid();
	message->request.wall_ns = clock_wall_ns();
	message->request.mono_ns = clock_mono_ns();
	message->request.id = entry->id;
	if (entry->event <= AUDIT_EVENT_NONE || entry->event >= AUDIT_EVENT_COUNT)
		return problem_set(problem, PROBLEM_REFUSED, 0, "an audit entry without an event");
	if (memcmp(&entry->id, &none, sizeof(none)) == 0 &&
	    !uuid_v7(message->request.wall_ns, &message->request.id, problem))
		return false;
	audit_entry_json(entry, &message->body);
	if (!outbuf_ok(&message->body))
		return problem_set(problem, PROBLEM_MEMORY, 0, "no memory for an audit entry");
	frame_put_request(&message->request, message->body.len, message->head);
	return true;
}

/* Connects; waits while the recorder's queue is full. */
static bool connect_in_time(const char *path, uint64_t deadline_ns, int *fd,
                            struct problem *problem)
{
	const struct timespec pause = { .tv_nsec = NS_PER_MS / 5 };

	while (!recorder_connect(path, fd, problem)) {
		if (errno != EAGAIN || clock_mono_ns() >= deadline_ns)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static bool wait_for(int fd, short events, uint64_t deadline_ns)
{
	struct pollfd ready = { .fd = fd, .events = events };

	for (;;) {
		uint64_t now = clock_mono_ns();

		if (now >= deadline_ns)
			return false;

		int count = poll(&ready, 1, (int)((deadline_ns - now + NS_PER_MS - 1) / NS_PER_MS));

		if (count > 0)
			return true;
		if (count < 0 && errno != EINTR)
			return false;
	}
}

static enum handed exchange(int fd, struct message *message, uint64_t deadline_ns,
                            struct frame_answer *answer)
{
	struct iovec pieces[] = {
		{ message->head, sizeof(message->head) },
		{ message->body.ptr, message->body.len },
	};
	const struct msghdr header = { .msg_iov = pieces, .msg_iovlen = 2 };
	char bytes[FRAME_ANSWER_BYTES + 1];
	ssize_t count;

	while (sendmsg(fd, &header, MSG_NOSIGNAL) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return HANDED_ABSENT;
		if (errno == EAGAIN && !wait_for(fd, POLLOUT, deadline_ns))
			return HANDED_SILENT;
	}
	do {
		if (!wait_for(fd, POLLIN, deadline_ns))
			return HANDED_SILENT;
		count = recv(fd, bytes, sizeof(bytes), 0);
	} while (count < 0 && (errno == EAGAIN || errno == EINTR));
	if (count <= 0)
		return HANDED_ABSENT;
	if (!frame_get_answer((struct span){ bytes, (size_t)count }, answer))
		return HANDED_SILENT;
	if (answer->status == FRAME_MALFORMED)
		return HANDED_REFUSED;
	if (answer->status != FRAME_COMMITTED ||
	    memcmp(&answer->id, &message->request.id, sizeof(answer->id)) != 0)
		return HANDED_SILENT;
	return HANDED_OVER;
}

static enum handed hand_over(const struct audit_target *target, struct message *message,
                             struct frame_answer *answer, struct problem *problem)
{
	uint64_t deadline_ns = message->request.mono_ns +
	                       (uint64_t)audit_limits.wait_ms * NS_PER_MS;
	enum handed handed;
	int fd = target->fd;

	if (!target->reached && !connect_in_time(target->socket, deadline_ns, &fd, problem))
		return HANDED_ABSENT;
	handed = exchange(fd, message, deadline_ns, answer);
	if (!target->reached)
		close(fd);
	if (handed == HANDED_REFUSED)
		problem_set(problem, PROBLEM_REFUSED, 0, "the recorder does not accept the entry");
	else if (handed != HANDED_OVER)
		problem_set(problem, PROBLEM_REFUSED, 0, "the recorder gave no receipt in time");
	return handed;
}

/* The entry's monotonic time means something only together with the boot it belongs to. */
static void add_boot(struct message *message)
{
	struct arena arena;
	struct span text;
	struct uuid boot;

	arena_init(&arena, 4096);
	if (file_read("/proc/sys/kernel/random/boot_id", 64, &arena, &text, NULL) &&
	    uuid_parse(span_trim(text), &boot))
		memcpy(message->request.boot, boot.bytes, sizeof(boot.bytes));
	arena_release(&arena);
	frame_put_request(&message->request, message->body.len, message->head);
}

static bool put_down(const struct audit_target *target, struct message *message,
                     struct problem *problem)
{
	add_boot(message);
	return spool_write(target->spool, &message->request.id,
	                   (struct span){ (const char *)message->head, sizeof(message->head) },
	                   outbuf_span(&message->body), problem);
}

void audit_reach(struct audit_target *target)
{
	struct problem problem;

	if (!target->reached)
		target->reached = recorder_connect(target->socket, &target->fd, &problem);
}

bool audit_record(const struct audit_target *target, const struct audit_entry *entry,
                  struct audit_receipt *receipt, struct problem *problem)
{
	struct message message = { 0 };
	struct frame_answer answer;
	enum handed handed = HANDED_REFUSED;
	bool recorded = false;

	outbuf_init(&message.body, audit_limits.body_bytes);
	if (build(entry, &message, problem))
		handed = hand_over(target, &message, &answer, problem);
	if (handed == HANDED_OVER) {
		*receipt = (struct audit_receipt){ .how = AUDIT_COMMITTED,
			                           .id = answer.id,
			                           .seq = answer.seq,
			                           .size = answer.size };
		memcpy(receipt->head, answer.head, sizeof(receipt->head));
		recorded = true;
	} else if (handed != HANDED_REFUSED && target->spool != NULL) {
		recorded = put_down(target, &message, problem);
		if (recorded)
			*receipt = (struct audit_receipt){ .how = AUDIT_SPOOLED,
				                           .id = message.request.id };
	}
	/* After the entry is safe: a recorder that cannot be started must not cost it. */
	if (handed == HANDED_ABSENT && target->recorder != NULL)
		(void)!recorder_start(target, NULL);
	outbuf_release(&message.body);
	return recorded;
}
