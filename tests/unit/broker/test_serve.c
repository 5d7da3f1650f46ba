/*
 * The broker against a real upstream on loopback: what is carried, what is added,
 * what is refused.  KO-129, LK-090, LK-023: the key goes in outside, and nowhere else.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "broker/broker.h"
#include "tap.h"

static uint16_t listen_port;
static int listener;
static char seen[64 * 1024]; /* what the upstream got, NUL-terminated */

/* Takes one request, remembers it, answers. */
static void *upstream(void *unused)
{
	static const char reply[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";
	int client = accept(listener, NULL, NULL);
	size_t len = 0;

	(void)unused;
	while (len < sizeof seen - 1) {
		ssize_t got = recv(client, seen + len, sizeof seen - 1 - len, 0);

		if (got <= 0)
			break;
		len += (size_t)got;
		seen[len] = '\0';
		if (strstr(seen, "chunked") ? strstr(seen, "0\r\n\r\n") != NULL
		    : strstr(seen, "Content-Length") || strstr(seen, "HELLO")
		            ? strstr(seen, "END") != NULL
		            : strstr(seen, "\r\n\r\n") != NULL)
			break;
	}
	if (send(client, reply, sizeof reply - 1, 0) < 0)
		seen[0] = '\0';
	close(client);
	return NULL;
}

struct serving {
	const struct broker_config *config;
	int fd;
};

static void *serve(void *given)
{
	struct serving *serving = given;

	broker_serve(serving->config, serving->fd);
	return NULL;
}

/* Sends `request`, gives the whole answer; with_upstream: one connection is expected there. */
static void ask(const struct broker_config *config, const char *request, bool with_upstream,
                char *answer, size_t cap)
{
	pthread_t server, far;
	struct serving serving = { config, -1 };
	size_t len = 0;
	int pair[2];

	seen[0] = '\0';
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		abort();
	serving.fd = pair[1];
	if (with_upstream)
		pthread_create(&far, NULL, upstream, NULL);
	pthread_create(&server, NULL, serve, &serving);
	if (!file_write_fd(pair[0], span_of(request), NULL))
		abort();
	shutdown(pair[0], SHUT_WR);
	while (len < cap - 1) {
		ssize_t got = read(pair[0], answer + len, cap - 1 - len);

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	answer[len] = '\0';
	close(pair[0]);
	pthread_join(server, NULL);
	if (with_upstream)
		pthread_join(far, NULL);
}

static void test_refusals(const struct broker_config *config)
{
	static const char *const requests[] = {
		"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
		"CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT localhost:443 HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT [::ffff:127.0.0.1]:80 HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://169.254.169.254/ HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
		"GET https://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
		"GET http://user@api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
		"GET http://api.example.com/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
		"GET /other HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /providerx HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET ftp://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
	};
	char answer[4096];

	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		ask(config, requests[i], false, answer, sizeof answer);
		OK(strncmp(answer, "HTTP/1.1 403 ", 13) == 0 && strstr(answer, "Bailiff refused"),
		   "refused: %.*s", (int)strcspn(requests[i], "\r"), requests[i]);
	}
	ask(config, "nonsense\r\n\r\n", false, answer, sizeof answer);
	OK(strncmp(answer, "HTTP/1.1 400 ", 13) == 0, "a head that is none");
}

static void test_provider(const struct broker_config *config)
{
	char answer[4096];

	ask(config,
	    "POST /provider/v1/messages?x=1 HTTP/1.1\r\nHost: 127.0.0.1:3128\r\nX-Api-Key: "
	    "dummy\r\n"
	    "Content-Length: 7\r\nExpect: 100-continue\r\n\r\nbodyENDEXTRA",
	    true, answer, sizeof answer);
	OK(strstr(answer, "200 OK") && strstr(answer, "hi"), "the answer comes back");
	OK(strncmp(seen, "POST /base/v1/messages?x=1 HTTP/1.1\r\n", 37) == 0,
	   "below the upstream's path");
	OK(strstr(seen, "x-api-key: real-key\r\n") && !strstr(seen, "dummy"),
	   "the key is exchanged (LK-023)");
	OK(strstr(seen, "\r\n\r\nbodyEND") && !strstr(seen, "EXTRA"),
	   "nothing behind the body is carried");
	OK(strstr(answer, "100 Continue") != NULL, "an expectation is met");
	ask(config,
	    "POST /provider/c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "3\r\nEND\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
	    true, answer, sizeof answer);
	OK(strstr(seen, "3\r\nEND\r\n") && !strstr(seen, "smuggled"),
	   "chunks are carried, nothing behind them");
}

static void test_listed(struct broker_config *config)
{
	uint16_t port = listen_port;
	struct broker_entry entry = { .host = SPAN("127.0.0.1"), .ports = &port, .port_count = 1 };
	struct broker_config listed = *config;
	char request[256], answer[4096];

	listed.allow = &entry;
	listed.allow_count = 1;
	snprintf(request, sizeof request,
	         "GET http://127.0.0.1:%u/x HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", (unsigned)port,
	         (unsigned)port);
	ask(&listed, request, true, answer, sizeof answer);
	OK(strstr(answer, "200 OK") && strncmp(seen, "GET /x HTTP/1.1\r\n", 17) == 0,
	   "an address that is itself listed is reached, in origin form");
	OK(!strstr(seen, "real-key"), "a key goes to its provider alone");
	snprintf(request, sizeof request,
	         "CONNECT 127.0.0.1:%u HTTP/1.1\r\nHost: a\r\n\r\nHELLO END", (unsigned)port);
	ask(&listed, request, true, answer, sizeof answer);
	OK(strstr(answer, "200 Connection established") && strncmp(seen, "HELLO END", 9) == 0,
	   "a tunnel carries bytes as they are");
}

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof address;
	struct broker_provider provider = { .prefix = SPAN("/provider"),
		                            .host = SPAN("127.0.0.1"),
		                            .path = SPAN("/base"),
		                            .header = SPAN("x-api-key"),
		                            .value = SPAN("real-key") };
	struct broker_entry entry = { .host = SPAN("api.example.com") };
	struct broker_config config = { .allow = &entry,
		                        .allow_count = 1,
		                        .providers = &provider,
		                        .provider_count = 1,
		                        .run = SPAN("test") };

	signal(SIGPIPE, SIG_IGN);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(listener, 4) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0)
		return 1;
	listen_port = ntohs(address.sin_port);
	provider.port = listen_port;
	test_refusals(&config);
	test_provider(&config);
	test_listed(&config);
	close(listener);
	return tap_done();
}
