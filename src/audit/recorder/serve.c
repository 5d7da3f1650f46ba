/*
 * The loop.  Nothing in it waits but epoll_wait(), and an answer is sent only
 * after the commit of its batch.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit/frame.h"
#include "audit/recorder/recorder.h"

enum { EVENTS = 64, NS_PER_MS = 1000000, IDLE_WORK_MS = 1000, ACCEPTS = 64 };

static void answer(struct peer *peer, enum frame_status status, const struct uuid *id,
                   const struct store_receipt *receipt)
{
	struct frame_answer out = { .status = status };
	unsigned char bytes[FRAME_ANSWER_BYTES];

	if (id != NULL)
		out.id = *id;
	if (receipt != NULL) {
		out.seq = receipt->seq;
		out.size = receipt->seq + 1;
		memcpy(out.head, receipt->head, sizeof(out.head));
	}
	frame_put_answer(&out, bytes);
	/* A writer that does not read its answers is left; its entries stay. */
	if (send(peer->fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(bytes))
		peer->gone = true;
}

static void fail_batch(struct recorder *recorder, const char *why)
{
	for (size_t i = 0; i < recorder->pending_count; i++) {
		answer(recorder->pending[i].peer, FRAME_FAILED, &recorder->pending[i].id, NULL);
		recorder_missed(recorder, why, 0);
	}
	recorder->pending_count = 0;
}

static void finish_batch(struct recorder *recorder)
{
	struct problem problem = { 0 };

	if (!recorder_commit(recorder, &problem)) {
		fail_batch(recorder, problem.what);
		return;
	}
	for (size_t i = 0; i < recorder->pending_count; i++)
		answer(recorder->pending[i].peer, FRAME_COMMITTED, &recorder->pending[i].id,
		       &recorder->pending[i].receipt);
	recorder->pending_count = 0;
}

static void take_record(struct recorder *recorder, struct peer *peer,
                        const struct frame_request *request, struct span body)
{
	struct store_origin origin = { .id = request->id,
		                       .wall_ns = clock_wall_ns(),
		                       .mono_ns = clock_mono_ns(),
		                       .uid = peer->uid,
		                       .pid = peer->pid,
		                       .start = peer->start,
		                       .flags = peer->flags };
	struct pending *pending = &recorder->pending[recorder->pending_count];
	struct problem problem = { 0 };

	memcpy(origin.boot, recorder->boot, sizeof(origin.boot));
	if (recorder_append(recorder, &origin, body, &pending->receipt, &problem)) {
		pending->peer = peer;
		pending->id = request->id;
		recorder->pending_count++;
	} else if (problem.kind == PROBLEM_SYNTAX || problem.kind == PROBLEM_REFUSED ||
	           problem.kind == PROBLEM_LIMIT) {
		answer(peer, FRAME_MALFORMED, &request->id, NULL);
	} else {
		fail_batch(recorder, problem.what);
		answer(peer, FRAME_FAILED, &request->id, NULL);
		recorder_missed(recorder, problem.what, body.len);
	}
}

static void take_requests(struct recorder *recorder, struct peer *peer)
{
	struct frame_request request;
	struct span body;

	while (!peer->gone && recorder->pending_count < BATCH_ENTRIES) {
		ssize_t count = recv(peer->fd, recorder->buffer, FRAME_MAX,
		                     MSG_DONTWAIT | MSG_TRUNC);

		if (count < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (count <= 0) {
			peer->gone = true;
			return;
		}
		recorder->active_ns = clock_mono_ns();
		if (!frame_get_request(
			    (struct span){ (const char *)recorder->buffer, (size_t)count },
			    &request, &body)) {
			answer(peer, FRAME_MALFORMED, NULL, NULL);
			peer->gone = true;
		} else if (request.kind == FRAME_PING) {
			recorder->look_ns = 1;
			answer(peer, FRAME_ALIVE, &request.id, NULL);
		} else {
			take_record(recorder, peer, &request, body);
		}
	}
}

static void read_peer(struct recorder *recorder, struct peer *peer)
{
	take_requests(recorder, peer);
	/* Until it is closed, behind the commit, its end-of-file would wake us again and again. */
	if (peer->gone)
		(void)epoll_ctl(recorder->epoll_fd, EPOLL_CTL_DEL, peer->fd, NULL);
}

static void accept_peers(struct recorder *recorder)
{
	for (int i = 0; i < ACCEPTS && recorder->pending_count < BATCH_ENTRIES; i++) {
		int fd = accept4(recorder->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		struct peer *peer = fd >= 0 ? peer_accept(recorder, fd) : NULL;
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };

		if (fd < 0)
			return;
		if (peer == NULL) {
			close(fd); /* too many: its entry goes into the spool */
			continue;
		}
		if (epoll_ctl(recorder->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
			peer->gone = true;
		read_peer(recorder, peer);
	}
}

static void close_gone(struct recorder *recorder)
{
	size_t kept = 0;

	for (size_t i = 0; i < recorder->peer_count; i++) {
		struct peer *peer = recorder->peers[i];

		if (!peer->gone) {
			recorder->peers[kept++] = peer;
			continue;
		}
		close(peer->fd);
		free(peer);
	}
	recorder->peer_count = kept;
}

static void read_signals(struct recorder *recorder)
{
	struct signalfd_siginfo got;

	while (read(recorder->signal_fd, &got, sizeof(got)) == (ssize_t)sizeof(got)) {
		if (got.ssi_signo == SIGHUP)
			recorder->look_ns = 1;
		else
			recorder->stopping = true;
	}
}

static void read_watch(struct recorder *recorder)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	while (read(recorder->watch_fd, events, sizeof(events)) > 0)
		continue;
	recorder->look_ns = 1;
}

static void handle(struct recorder *recorder, const struct epoll_event *event)
{
	if (event->data.ptr == &recorder->listen_fd)
		accept_peers(recorder);
	else if (event->data.ptr == &recorder->signal_fd)
		read_signals(recorder);
	else if (event->data.ptr == &recorder->watch_fd)
		read_watch(recorder);
	else
		read_peer(recorder, event->data.ptr);
}

/* Takes what waits, then commits, then answers.  timeout_ms: for the first of it. */
static bool run_batch(struct recorder *recorder, int timeout_ms, struct problem *problem)
{
	struct epoll_event events[EVENTS];
	uint64_t begun_ns = 0;
	int count = epoll_wait(recorder->epoll_fd, events, EVENTS, timeout_ms);

	while (count > 0) {
		for (int i = 0; i < count; i++)
			handle(recorder, &events[i]);
		if (begun_ns == 0)
			begun_ns = clock_mono_ns();
		if (recorder->pending_count == 0 || recorder->pending_count == BATCH_ENTRIES ||
		    clock_mono_ns() - begun_ns > BATCH_NS)
			break;
		count = epoll_wait(recorder->epoll_fd, events, EVENTS, 0);
	}
	if (count < 0 && errno != EINTR)
		return problem_system(problem, "cannot wait for writers");
	finish_batch(recorder);
	close_gone(recorder);
	store_checkpoint(recorder->store, false);
	return true;
}

static bool is_idle(const struct recorder *recorder, int idle_s)
{
	return idle_s > 0 && recorder->peer_count == 0 &&
	       clock_mono_ns() - recorder->active_ns >= (uint64_t)idle_s * 1000 * NS_PER_MS;
}

/* How long to wait for a writer: there is work to do when nobody comes. */
static int patience(const struct recorder *recorder, uint64_t now_ns)
{
	uint64_t wait_ns = recorder->look_ns > now_ns ? recorder->look_ns - now_ns : 0;

	if (recorder->look_ns == 0 || wait_ns > (uint64_t)IDLE_WORK_MS * NS_PER_MS)
		return IDLE_WORK_MS;
	return (int)(wait_ns / NS_PER_MS) + 1;
}

static void note_stop(struct recorder *recorder)
{
	const struct audit_entry entry = {
		.event = AUDIT_DAEMON_STOP,
		.agent = SPAN_INIT("bailiff-recorder"),
		.action = SPAN_INIT("the recorder leaves in good order"),
	};
	struct problem problem;

	if (recorder->started && recorder_open_batch(recorder, &problem) &&
	    recorder_note(recorder, &entry, &problem))
		(void)!recorder_commit(recorder, &problem);
}

bool recorder_serve(struct recorder *recorder, int idle_s, struct problem *problem)
{
	recorder->active_ns = clock_mono_ns();
	recorder->look_ns = 1;
	while (!recorder->stopping) {
		uint64_t now_ns = clock_mono_ns();

		if (recorder->look_ns != 0 && recorder->look_ns <= now_ns)
			recorder_take_spool(recorder);
		if (is_idle(recorder, idle_s))
			break;
		if (!run_batch(recorder, patience(recorder, now_ns), problem))
			return false;
		if (clock_mono_ns() - recorder->active_ns > (uint64_t)IDLE_WORK_MS * NS_PER_MS)
			store_checkpoint(recorder->store, true);
	}
	/* Nobody finds the door from here on; who stood in it is still served. */
	recorder_close_door(recorder);
	if (!run_batch(recorder, 0, problem))
		return false;
	recorder_take_spool(recorder);
	note_stop(recorder);
	return true;
}
