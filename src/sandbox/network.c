/*
 * The sandbox's own network: loopback, and for an agent one listening socket on it.
 *
 * The socket is made in here and served from outside: it is handed to S, which gives
 * it to the broker.  Nothing else leads out.
 */
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

enum { PROXY_PORT = 3128, BACKLOG = 512 };

static bool loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up;

	if (fd < 0)
		return false;
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	close(fd);
	return up;
}

static int listen_here(void)
{
	struct sockaddr_in here = {
		.sin_family = AF_INET,
		.sin_port = htons(PROXY_PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 &&
	    (bind(fd, (struct sockaddr *)&here, sizeof here) != 0 || listen(fd, BACKLOG) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

bool network_apply(struct sandbox_init *init)
{
	if (init->plan->network == SANDBOX_NETWORK_HOST)
		return true;
	if (!loopback_up())
		return init_failed(init, SANDBOX_STAGE_NETWORK, "loopback");
	if (init->plan->network == SANDBOX_NETWORK_PROXY) {
		init->listener = listen_here();
		if (init->listener < 0)
			return init_failed(init, SANDBOX_STAGE_NETWORK, "listen on 127.0.0.1:3128");
	}
	return true;
}
