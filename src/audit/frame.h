/*
 * What writers and the recorder exchange: fixed-size headers, numbers big-endian,
 * a body behind a request.  The same request is what a spool file keeps.
 * Private to audit/.
 */
#ifndef BAILIFF_AUDIT_FRAME_H
#define BAILIFF_AUDIT_FRAME_H

#include "audit/audit.h"

enum frame_kind {
	FRAME_RECORD = 1, /* store the body */
	FRAME_PING = 2    /* are you there?  Also: look into the spool */
};

enum {
	FRAME_REQUEST_BYTES = 64,
	FRAME_ANSWER_BYTES = 72,
	FRAME_BODY_MAX = 98304, /* audit_limits.body_bytes */
	FRAME_MAX = FRAME_REQUEST_BYTES + FRAME_BODY_MAX
};

/* What a request says besides its body.  Times and pid are the writer's word. */
struct frame_request {
	enum frame_kind kind;
	uint32_t pid;
	struct uuid id;
	uint64_t wall_ns;
	uint64_t mono_ns;
	unsigned char boot[16];
};

enum frame_status {
	FRAME_COMMITTED = 1,
	FRAME_MALFORMED = 2, /* never acceptable: do not spool */
	FRAME_FAILED = 3,    /* storage failed: may be tried again, or spooled */
	FRAME_ALIVE = 4      /* answer to a ping */
};

struct frame_answer {
	enum frame_status status;
	struct uuid id;
	uint64_t seq;
	uint64_t size;
	unsigned char head[SHA256_BYTES];
};

void frame_put_request(const struct frame_request *request, size_t body_bytes,
                       unsigned char out[FRAME_REQUEST_BYTES]);
/* Splits one datagram or spooled request; *body points into it.  False: not one of ours. */
bool frame_get_request(struct span bytes, struct frame_request *request, struct span *body);
void frame_put_answer(const struct frame_answer *answer, unsigned char out[FRAME_ANSWER_BYTES]);
bool frame_get_answer(struct span bytes, struct frame_answer *answer);

/*
 * Records of a spool file: marker, length, CRC-32C (over length, id, and the CRC-32C
 * of the request's head and of its body), id, the bytes, end marker.  The markers hold 0xFF, which no JSON text does, so
 * that a reader finds the next record behind a torn one.
 */
enum {
	SPOOL_HEAD_BYTES = 32,
	SPOOL_TAIL_BYTES = 8,
	SPOOL_RECORD_MAX = SPOOL_HEAD_BYTES + FRAME_MAX + SPOOL_TAIL_BYTES
};

void spool_put_head(const struct uuid *id, struct span bytes, struct span more,
                    unsigned char head[SPOOL_HEAD_BYTES]);
extern const unsigned char spool_tail[SPOOL_TAIL_BYTES];

enum spool_step {
	SPOOL_RECORD,  /* *bytes is a whole one */
	SPOOL_DAMAGED, /* *used bytes belong to no whole record */
	SPOOL_MORE     /* the rest may be the beginning of a record */
};
/*
 * Looks at the beginning of `rest`; *used is how far to go on.  With `at_end`
 * there is nothing behind `rest`, so that a beginning is damage as well.
 */
enum spool_step spool_next(struct span rest, bool at_end, size_t *used, struct span *bytes);

/*
 * Appends one request to a spool file in `directory` and syncs it.  The file is
 * held with a shared lock meanwhile: a recorder removes only what it locks alone.
 */
bool spool_write(const char *directory, const struct uuid *id, struct span head, struct span body,
                 struct problem *problem) __attribute__((warn_unused_result));

/* Starts a recorder unless one runs or is being started. */
bool recorder_start(const struct audit_target *target, struct problem *problem)
	__attribute__((warn_unused_result));
/* Connects; *fd is non-blocking. */
bool recorder_connect(const char *path, int *fd, struct problem *problem)
	__attribute__((warn_unused_result));
/* An address for a path of any length: through `*directory_fd` (else -1) where it is too long. */
struct sockaddr_un;
bool recorder_address(const char *path, struct sockaddr_un *address, int *directory_fd,
                      struct problem *problem) __attribute__((warn_unused_result));

/* Names below the state directory. */
#define AUDIT_DIRECTORY "audit"
#define AUDIT_DOOR      "door"
#define AUDIT_SOCKET    "recorder.sock"
#define AUDIT_SPOOL     "spool"
#define AUDIT_LOCK      "lock"
#define AUDIT_DATABASE  "audit.db"

#endif
