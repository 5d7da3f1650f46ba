/*
 * The egress broker: the only way from a guarded run to the network.
 *
 * It runs outside the sandbox, serves a socket that listens inside, and lets
 * three kinds of request through: CONNECT to a listed host and port, an
 * absolute-form http request to one, and a request below a provider's prefix, to
 * which it adds the key that never enters the sandbox (reading 30).  Whatever
 * else is asked is answered 403 with the reason, and recorded as an incident.
 *
 * Trust: every byte from the client and from the network is hostile.  One thread
 * a connection, all bounded by broker_limits; a thread holds no shared state but
 * the configuration, which is constant.
 */
#ifndef BAILIFF_BROKER_BROKER_H
#define BAILIFF_BROKER_BROKER_H

#include <sys/socket.h>

#include "audit/audit.h"
#include "net/net.h"

/* Descriptors that the supervisor hands over. */
enum { BROKER_LISTEN_FD = 3, BROKER_CONTROL_FD = 4, BROKER_CONFIG_FD = 5 };

enum {
	BROKER_MAX_CONNECTIONS = 512,
	BROKER_MAX_HEAD = 32 * 1024, /* bytes of a request's line and fields */
	BROKER_MAX_ENTRIES = 1024,   /* of the lists */
	BROKER_HEAD_SECONDS = 30,    /* for a whole head to arrive */
	BROKER_IDLE_SECONDS = 600,   /* without a byte either way */
	BROKER_CONNECT_SECONDS = 15
};

struct broker_entry {
	struct span host;      /* lower case; "*.example.com" is any depth below */
	const uint16_t *ports; /* none: 80 and 443 */
	size_t port_count;
};

struct broker_provider {
	struct span prefix;   /* "/anthropic" */
	struct span upstream; /* as configured, for messages */
	bool tls;
	struct span host;
	uint16_t port;
	struct span path;   /* of the upstream URL, without a last slash; may be empty */
	struct span header; /* lower case; empty: no key is added */
	struct span value;
};

struct broker_config {
	const struct broker_entry *allow, *deny;
	size_t allow_count, deny_count;
	const struct broker_provider *providers;
	size_t provider_count;
	struct span run;
	const char *recorder; /* socket; NULL: nothing is recorded */
};

/* Reads the configuration; SYNTAX problems carry the offset. */
bool broker_config_read(struct span json, struct arena *arena, struct broker_config *config,
                        struct problem *problem) __attribute__((warn_unused_result));

/* Whether host and port are listed.  *why is set where they are not. */
bool broker_allows(const struct broker_config *config, struct span host, uint16_t port,
                   const char **why);

/* ---- requests (RFC 9112), strictly ---- */

struct broker_field {
	struct span name, value; /* as written, the value trimmed */
};

enum { BROKER_MAX_FIELDS = 128 };

struct broker_head {
	struct span method, target;
	struct broker_field fields[BROKER_MAX_FIELDS];
	size_t field_count;
	bool chunked;
	bool has_length;
	uint64_t length;  /* of the body, where has_length */
	bool expects;     /* Expect: 100-continue */
	struct span host; /* the Host field; empty where there is none */
};

/* Parses a head that ends with an empty line, all of it in `text`. */
bool broker_head_read(struct span text, struct broker_head *head, struct problem *problem)
	__attribute__((warn_unused_result));
/* Bytes up to and with the empty line; 0 where it has not arrived yet. */
size_t broker_head_end(struct span text);

/* ---- connections ---- */

/*
 * Resolves and dials.  explicit_host: its operator named it, so that it may be on
 * this machine or a private network; else every address must be public, and the
 * address that was judged is the one connected.  -1: *why says it.
 */
int broker_dial(const char *host, uint16_t port, bool explicit_host, const char **why);

/* Serves one client to its end and closes it. */
void broker_serve(const struct broker_config *config, int client);

/* A stream to the upstream, with TLS or without. */
struct broker_stream;
struct broker_stream *broker_stream_open(int fd, const char *host, bool tls, const char **why);
/* Bytes read, 0 at the end, -1 on failure. */
ssize_t broker_stream_read(struct broker_stream *stream, char *bytes, size_t count);
bool broker_stream_write(struct broker_stream *stream, struct span bytes);
void broker_stream_close(struct broker_stream *stream);

/* ---- the record ---- */

struct broker_event {
	struct span method, target; /* "CONNECT", "example.com:443" */
	bool allowed;
	const char *why;
};
/* False: could not be recorded; then nothing may be dialled. */
bool broker_record(const struct broker_config *config, const struct broker_event *event);

#endif
