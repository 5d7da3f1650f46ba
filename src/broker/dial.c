/* Resolving, judging every answer, and connecting to the address that was judged. */
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "broker/broker.h"

static bool address_of(const struct sockaddr *from, struct net_address *address)
{
	*address = (struct net_address){ 0 };
	if (from->sa_family == AF_INET) {
		struct sockaddr_in v4;

		memcpy(&v4, from, sizeof v4);
		memcpy(address->bytes, &v4.sin_addr, 4);
		return true;
	}
	if (from->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;

		memcpy(&v6, from, sizeof v6);
		address->v6 = true;
		memcpy(address->bytes, &v6.sin6_addr, 16);
		return true;
	}
	return false;
}

/* A public address can still be one of this machine's own. */
static bool is_own(const struct net_address *address)
{
	struct ifaddrs *all;
	bool own = false;

	if (getifaddrs(&all) < 0)
		return true; /* could not be told */
	for (const struct ifaddrs *i = all; i && !own; i = i->ifa_next) {
		struct net_address mine;

		own = i->ifa_addr && address_of(i->ifa_addr, &mine) && mine.v6 == address->v6 &&
		      memcmp(mine.bytes, address->bytes, mine.v6 ? 16 : 4) == 0;
	}
	freeifaddrs(all);
	return own;
}

/* One bad answer spoils all: a name that mixes public and private addresses is an attack. */
static bool all_public(const struct addrinfo *answers, const char **why)
{
	for (const struct addrinfo *a = answers; a; a = a->ai_next) {
		struct net_address address;

		if (!address_of(a->ai_addr, &address)) {
			*why = "the name resolves to something that is no Internet address";
			return false;
		}
		if (net_judge_address(&address, why) != NET_PUBLIC)
			return false;
		if (is_own(&address)) {
			*why = "the name resolves to this machine";
			return false;
		}
	}
	return true;
}

static int connect_one(const struct addrinfo *answer)
{
	int error = 0, one = 1;
	socklen_t size = sizeof error;
	int fd = socket(answer->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, answer->ai_addr, answer->ai_addrlen) < 0 &&
	    (errno != EINPROGRESS || poll(&wait, 1, BROKER_CONNECT_SECONDS * 1000) != 1 ||
	     getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0)) {
		close(fd);
		return -1;
	}
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

int broker_dial(const char *host, uint16_t port, bool explicit_host, const char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		                  .ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG };
	struct addrinfo *answers;
	char service[8];
	int fd = -1;

	snprintf(service, sizeof service, "%u", (unsigned)port);
	if (getaddrinfo(host, service, &hints, &answers) != 0) {
		*why = "the name cannot be resolved";
		return -1;
	}
	if (explicit_host || all_public(answers, why)) {
		for (const struct addrinfo *a = answers; a && fd < 0; a = a->ai_next)
			fd = connect_one(a);
		if (fd < 0)
			*why = "the connection failed";
	}
	freeaddrinfo(answers);
	return fd;
}
