/*
 * Where something on the network really leads: URLs, host names and addresses.
 *
 * Pure: nothing is resolved or connected here.  A name is judged by its text; the
 * one who connects judges every address it resolves to, and connects to the
 * address that was judged.
 *
 * Sources: RFC 3986, the WHATWG URL standard where readers differ from it, RFC
 * 6761 and its registry of special-use names, the IANA special-purpose address
 * registries (RFC 6890), RFC 4291, RFC 6052.
 */
#ifndef BAILIFF_NET_NET_H
#define BAILIFF_NET_NET_H

#include <stdint.h>

#include "base/arena.h"

/* Zero is the one nothing may be assumed of. */
enum net_reach {
	NET_UNKNOWN = 0, /* not a URL that every reader understands alike */
	NET_METADATA,    /* a cloud's metadata service */
	NET_LOOPBACK,    /* this machine */
	NET_PRIVATE,     /* private, link-local, reserved: not the public Internet */
	NET_SPECIAL,     /* a special-use name: .local, .internal, .onion ... */
	NET_PUBLIC       /* a public address, or a name that may resolve to one */
};

struct net_address {
	bool v6;
	unsigned char bytes[16]; /* network order; 4 of them for IPv4 */
};

struct net_target {
	enum net_reach reach;
	const char *why;    /* static text: what is wrong with it; NULL for PUBLIC */
	struct span scheme; /* lower case */
	struct span host;   /* lower case, without a last dot, without brackets */
	bool literal;       /* the host is an address */
	struct net_address address;
	uint16_t port; /* the scheme's where none is written */
};

/*
 * Reads and judges an http or https URL.  False: out of memory.  What is refused is
 * a success with another reach than PUBLIC.
 */
bool net_judge_url(struct span url, struct arena *arena, struct net_target *target)
	__attribute__((warn_unused_result));

/* The same for "host" or "host:port", as CONNECT and most programs take it. */
bool net_judge_host(struct span host, uint16_t default_port, struct arena *arena,
                    struct net_target *target) __attribute__((warn_unused_result));

/* One address, however it was found.  *why may be NULL. */
enum net_reach net_judge_address(const struct net_address *address, const char **why);

/* "public", "private" ... */
struct span net_reach_name(enum net_reach reach);

#endif
