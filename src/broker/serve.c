/*
 * One client: read a head, decide, and either join two sockets (CONNECT) or carry
 * one request there and its answer back.  Nothing is kept alive between requests,
 * so that each is judged by itself.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "broker/broker.h"

enum { PUMP_BYTES = 16 * 1024, MAX_CHUNK_LINE = 64, ARENA_LIMIT = 1024 * 1024 };

struct session {
	const struct broker_config *config;
	int client;
	char buffer[BROKER_MAX_HEAD]; /* the head, and what came behind it */
	size_t held;                  /* bytes in it */
	size_t head_end;
	struct broker_head head;
	struct arena arena;
};

/* ---- answers of our own ---- */

static void answer(struct session *session, const char *status, const char *why)
{
	char text[1024];
	int len = snprintf(text, sizeof text,
	                   "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
	                   "Content-Length: %zu\r\nConnection: close\r\nX-Bailiff: refused\r\n\r\n"
	                   "Bailiff refused this connection: %s.\n",
	                   status, strlen("Bailiff refused this connection: .\n") + strlen(why),
	                   why);

	if (len > 0 && (size_t)len < sizeof text)
		(void)!file_write_fd(session->client, (struct span){ text, (size_t)len }, NULL);
}

static bool record(struct session *session, bool allowed, const char *why)
{
	struct broker_event event = { .method = session->head.method,
		                      .target = session->head.target,
		                      .allowed = allowed,
		                      .why = why };

	return broker_record(session->config, &event);
}

static void refuse(struct session *session, const char *why)
{
	record(session, false, why);
	answer(session, "403 Forbidden", why);
}

/* ---- pumping ---- */

static void set_timeouts(int fd, time_t seconds)
{
	struct timeval limit = { .tv_sec = seconds };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

/* One direction's turn; false once it has ended. */
static bool move(int from, int to)
{
	char bytes[PUMP_BYTES];
	ssize_t got = read(from, bytes, sizeof bytes);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	if (got == 0) {
		shutdown(to, SHUT_WR);
		return false;
	}
	return file_write_fd(to, (struct span){ bytes, (size_t)got }, NULL);
}

/* Joins two sockets until both sides have ended, or nothing moves for too long. */
static void join(int a, int b)
{
	struct pollfd fds[2] = { { .fd = a, .events = POLLIN }, { .fd = b, .events = POLLIN } };

	while (fds[0].fd >= 0 || fds[1].fd >= 0) {
		int ready = poll(fds, 2, BROKER_IDLE_SECONDS * 1000);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return;
		if (fds[0].revents && !move(a, b))
			fds[0].fd = -1;
		if (fds[1].revents && !move(b, a))
			fds[1].fd = -1;
	}
}

/* ---- CONNECT ---- */

/* The host of a target, NUL-terminated for the resolver, where it may be reached. */
static bool admit(struct session *session, const struct net_target *target, const char **why)
{
	if (target->reach == NET_UNKNOWN || target->host.len == 0) {
		*why = target->why ? target->why : "there is no host";
		return false;
	}
	return broker_allows(session->config, target->host, target->port, why);
}

/* A literal that is itself listed was named by a person: it may be private. */
static int dial(struct session *session, const struct net_target *target, const char **why)
{
	struct span host;

	if (!arena_copy(&session->arena, target->host, &host)) {
		*why = "out of memory";
		return -1;
	}
	return broker_dial(host.ptr, target->port, target->literal, why);
}

static void serve_connect(struct session *session)
{
	struct net_target target;
	const char *why = "out of memory";
	int upstream;
	struct span early = { session->buffer + session->head_end,
		              session->held - session->head_end };

	if (!net_judge_host(session->head.target, 443, &session->arena, &target) ||
	    !admit(session, &target, &why)) {
		refuse(session, why);
		return;
	}
	if (!record(session, true, NULL)) {
		answer(session, "503 Service Unavailable", "the record cannot be written");
		return;
	}
	upstream = dial(session, &target, &why);
	if (upstream < 0) {
		refuse(session, why);
		return;
	}
	set_timeouts(upstream, BROKER_IDLE_SECONDS);
	if (file_write_fd(session->client, SPAN("HTTP/1.1 200 Connection established\r\n\r\n"),
	                  NULL) &&
	    file_write_fd(upstream, early, NULL))
		join(session->client, upstream);
	close(upstream);
}

/* ---- one request, carried ---- */

/* Fields that belong to this connection alone (RFC 9110, 7.6.1), and those we write ourselves. */
static bool dropped(struct span name, struct span injected)
{
	static const struct span names[] = {
		SPAN_INIT("Host"),
		SPAN_INIT("Connection"),
		SPAN_INIT("Keep-Alive"),
		SPAN_INIT("TE"),
		SPAN_INIT("Proxy-Authorization"),
		SPAN_INIT("Proxy-Connection"),
		SPAN_INIT("Upgrade"),
		SPAN_INIT("Expect"),
		SPAN_INIT("Trailer"),
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (span_equal_nocase(names[i], name))
			return true;
	}
	return injected.len > 0 && span_equal_nocase(injected, name);
}

struct route {
	struct net_target target;
	struct span path; /* in origin form */
	bool tls;
	const struct broker_provider *provider; /* NULL: an absolute-form request */
};

static void put_head(const struct session *session, const struct route *route, struct outbuf *out)
{
	const struct broker_provider *provider = route->provider;
	struct span injected = provider ? provider->header : SPAN("");
	bool usual = route->target.port == (route->tls ? 443 : 80);

	outbuf_put(out, session->head.method);
	outbuf_put_byte(out, ' ');
	if (provider)
		outbuf_put(out, provider->path);
	outbuf_put(out, route->path.len ? route->path : SPAN("/"));
	outbuf_put(out, SPAN(" HTTP/1.1\r\nHost: "));
	if (route->target.literal && route->target.address.v6)
		outbuf_put_byte(out, '[');
	outbuf_put(out, route->target.host);
	if (route->target.literal && route->target.address.v6)
		outbuf_put_byte(out, ']');
	if (!usual) {
		outbuf_put_byte(out, ':');
		outbuf_put_u64(out, route->target.port);
	}
	outbuf_put(out, SPAN("\r\nConnection: close\r\n"));
	for (size_t i = 0; i < session->head.field_count; i++) {
		const struct broker_field *field = &session->head.fields[i];

		if (dropped(field->name, injected))
			continue;
		outbuf_put(out, field->name);
		outbuf_put(out, SPAN(": "));
		outbuf_put(out, field->value);
		outbuf_put(out, SPAN("\r\n"));
	}
	if (injected.len) {
		outbuf_put(out, injected);
		outbuf_put(out, SPAN(": "));
		outbuf_put(out, provider->value);
		outbuf_put(out, SPAN("\r\n"));
	}
	outbuf_put(out, SPAN("\r\n"));
}

/* Bytes from the client: what is held already first. */
static ssize_t client_read(struct session *session, char *bytes, size_t count)
{
	size_t left = session->held - session->head_end;
	ssize_t got;

	if (left > 0) {
		size_t taken = left < count ? left : count;

		memcpy(bytes, session->buffer + session->head_end, taken);
		session->head_end += taken;
		return (ssize_t)taken;
	}
	do {
		got = read(session->client, bytes, count);
	} while (got < 0 && errno == EINTR);
	return got;
}

static bool carry_bytes(struct session *session, struct broker_stream *upstream, uint64_t count)
{
	char bytes[PUMP_BYTES];

	while (count > 0) {
		ssize_t got = client_read(session, bytes,
		                          count < sizeof bytes ? (size_t)count : sizeof bytes);

		if (got <= 0 || !broker_stream_write(upstream, (struct span){ bytes, (size_t)got }))
			return false;
		count -= (uint64_t)got;
	}
	return true;
}

/* A line with its CR LF. */
static bool client_line(struct session *session, char *line, size_t cap, size_t *len)
{
	*len = 0;
	while (*len < cap) {
		if (client_read(session, line + *len, 1) != 1)
			return false;
		++*len;
		if (*len >= 2 && line[*len - 2] == '\r' && line[*len - 1] == '\n')
			return true;
	}
	return false;
}

/* The size in front of a chunk; extensions are refused. */
static bool chunk_size(struct span line, uint64_t *size)
{
	*size = 0;
	if (line.len < 3 || line.len > 18)
		return false;
	for (size_t i = 0; i + 2 < line.len; i++) {
		char digit = (char)(line.ptr[i] | 0x20);

		if (line.ptr[i] >= '0' && line.ptr[i] <= '9')
			*size = *size << 4 | (uint64_t)(line.ptr[i] - '0');
		else if (digit >= 'a' && digit <= 'f')
			*size = *size << 4 | (uint64_t)(digit - 'a' + 10);
		else
			return false;
	}
	return *size < UINT64_MAX / 2;
}

static bool carry_chunks(struct session *session, struct broker_stream *upstream)
{
	for (;;) {
		char line[MAX_CHUNK_LINE];
		uint64_t size;
		size_t len;

		if (!client_line(session, line, sizeof line, &len) ||
		    !chunk_size((struct span){ line, len }, &size) ||
		    !broker_stream_write(upstream, (struct span){ line, len }))
			return false;
		/* Behind every chunk a line end; behind the last one, no trailer: an empty line. */
		if (!carry_bytes(session, upstream, size))
			return false;
		if (!client_line(session, line, sizeof line, &len) || len != 2 ||
		    !broker_stream_write(upstream, (struct span){ line, len }))
			return false;
		if (size == 0)
			return true;
	}
}

static void carry_answer(struct session *session, struct broker_stream *upstream)
{
	char bytes[PUMP_BYTES];
	ssize_t got;

	while ((got = broker_stream_read(upstream, bytes, sizeof bytes)) > 0) {
		if (!file_write_fd(session->client, (struct span){ bytes, (size_t)got }, NULL))
			return;
	}
}

static void carry(struct session *session, const struct route *route,
                  struct broker_stream *upstream)
{
	struct outbuf head;

	outbuf_init(&head, (size_t)4 * BROKER_MAX_HEAD);
	put_head(session, route, &head);
	if (session->head.expects)
		(void)!file_write_fd(session->client, SPAN("HTTP/1.1 100 Continue\r\n\r\n"), NULL);
	/* An upstream may answer before it has read everything: what it says is carried all the same. */
	if (outbuf_ok(&head) && broker_stream_write(upstream, outbuf_span(&head))) {
		if (session->head.chunked)
			carry_chunks(session, upstream);
		else
			carry_bytes(session, upstream, session->head.length);
		carry_answer(session, upstream);
	}
	outbuf_release(&head);
}

static void serve_route(struct session *session, const struct route *route)
{
	struct broker_stream *upstream;
	const char *why = "out of memory";
	struct span host;
	int fd;

	if (!record(session, true, NULL)) {
		answer(session, "503 Service Unavailable", "the record cannot be written");
		return;
	}
	if (!arena_copy(&session->arena, route->target.host, &host)) {
		answer(session, "503 Service Unavailable", why);
		return;
	}
	fd = broker_dial(host.ptr, route->target.port, route->provider || route->target.literal,
	                 &why);
	if (fd < 0) {
		refuse(session, why);
		return;
	}
	set_timeouts(fd, BROKER_IDLE_SECONDS);
	upstream = broker_stream_open(fd, host.ptr, route->tls, &why);
	if (!upstream) {
		refuse(session, why);
		return;
	}
	carry(session, route, upstream);
	broker_stream_close(upstream);
}

/* http://host/path: the Host field must name the same host. */
static void serve_absolute(struct session *session)
{
	struct route route = { 0 };
	struct net_target host;
	const char *why = "out of memory";
	struct span rest;
	size_t at = 0;

	if (!net_judge_url(session->head.target, &session->arena, &route.target) ||
	    !net_judge_host(session->head.host, route.target.port, &session->arena, &host)) {
		refuse(session, why);
		return;
	}
	if (!span_equal(route.target.scheme, SPAN("http"))) {
		refuse(session, "only http is carried in this form: use CONNECT");
		return;
	}
	if (!admit(session, &route.target, &why)) {
		refuse(session, why);
		return;
	}
	if (!span_equal(host.host, route.target.host) || host.port != route.target.port) {
		refuse(session, "the Host field names another host");
		return;
	}
	rest = span_from(session->head.target, route.target.scheme.len + 3);
	while (at < rest.len && rest.ptr[at] != '/' && rest.ptr[at] != '?')
		at++;
	route.path = span_from(rest, at);
	if (span_starts(route.path, SPAN("?"))) {
		refuse(session, "a query needs a path before it");
		return;
	}
	serve_route(session, &route);
}

static bool below(struct span path, struct span prefix)
{
	return span_starts(path, prefix) &&
	       (path.len == prefix.len || path.ptr[prefix.len] == '/' ||
	        path.ptr[prefix.len] == '?');
}

static void serve_provider(struct session *session)
{
	for (size_t i = 0; i < session->config->provider_count; i++) {
		const struct broker_provider *provider = &session->config->providers[i];
		struct route route = { .provider = provider, .tls = provider->tls };

		if (!below(session->head.target, provider->prefix))
			continue;
		route.target.host = provider->host;
		route.target.port = provider->port;
		route.target.reach = NET_PUBLIC;
		route.path = span_from(session->head.target, provider->prefix.len);
		serve_route(session, &route);
		return;
	}
	refuse(session, "no provider is configured below this path");
}

/* ---- the head ---- */

static bool read_head(struct session *session)
{
	uint64_t deadline = clock_mono_ns() + BROKER_HEAD_SECONDS * UINT64_C(1000000000);

	set_timeouts(session->client, BROKER_HEAD_SECONDS);
	while (session->held < sizeof session->buffer) {
		ssize_t got = read(session->client, session->buffer + session->held,
		                   sizeof session->buffer - session->held);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		session->held += (size_t)got;
		session->head_end = broker_head_end(
			(struct span){ session->buffer, session->held });
		if (session->head_end)
			return true;
		if (clock_mono_ns() > deadline)
			return false;
	}
	answer(session, "431 Request Header Fields Too Large", "the request's head is too long");
	return false;
}

static void serve_request(struct session *session)
{
	struct problem problem = { 0 };

	if (!read_head(session))
		return;
	set_timeouts(session->client, BROKER_IDLE_SECONDS);
	if (!broker_head_read((struct span){ session->buffer, session->head_end }, &session->head,
	                      &problem)) {
		session->head.method = session->head.target = SPAN("");
		record(session, false, problem.what);
		answer(session, "400 Bad Request", problem.what);
		return;
	}
	if (span_equal(session->head.method, SPAN("CONNECT")))
		serve_connect(session);
	else if (session->head.target.ptr[0] == '/')
		serve_provider(session);
	else
		serve_absolute(session);
}

void broker_serve(const struct broker_config *config, int client)
{
	struct session *session = calloc(1, sizeof *session);

	if (session) {
		session->config = config;
		session->client = client;
		arena_init(&session->arena, ARENA_LIMIT);
		serve_request(session);
		arena_release(&session->arena);
		free(session);
	}
	close(client);
}
