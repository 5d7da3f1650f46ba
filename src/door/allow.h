/*
 * How a hook inside a guarded run tells the supervisor, outside, what shell command it lets
 * run, before it answers: one datagram of a fixed size, with the SHA-256 of the text.
 *
 * The supervisor sees what is started (sandbox/observe.h); a shell whose command no hook has
 * let run is an incident.  What runs inside could send such a message itself: this finds
 * hooks that were skipped or have failed, it keeps nobody from anything.
 */
#ifndef BAILIFF_DOOR_ALLOW_H
#define BAILIFF_DOOR_ALLOW_H

#include "base/hash.h"
#include "base/problem.h"

#define DOOR_ALLOW_SOCKET "/run/bailiff/allow.sock"

struct door_allow {
	char magic[4];                      /* "BALW" */
	unsigned char version[4];           /* 0 0 0 1 */
	unsigned char sha256[SHA256_BYTES]; /* of the command's text, as the host will run it */
};

/*
 * Tells of `text` at the socket `path`.  True also where nobody wants to know: there is no
 * socket.  SYSTEM: it was not taken, and a shell that runs it would be an incident.
 */
bool door_allow_send(const char *path, struct span text, struct problem *problem)
	__attribute__((warn_unused_result));
/* Whether `message` is one. */
bool door_allow_read(struct span message, struct door_allow *allow);

#endif
