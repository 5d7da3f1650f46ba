/* Requests, answers and spool records as bytes. */
#include "audit/frame.h"

#include <string.h>

#include "audit/bytes.h"

static const unsigned char request_magic[4] = { 'B', 'L', 'R', '1' };
static const unsigned char answer_magic[4] = { 'B', 'L', 'A', '1' };
static const unsigned char spool_marker[8] = { 0xFF, 0xFE, 'B', 'L', 'S', 'P', '1', '\n' };
const unsigned char spool_tail[SPOOL_TAIL_BYTES] = { 0xFF, 0xFD, 'B', 'L', 'E', 'N', 'D', '\n' };

void frame_put_request(const struct frame_request *request, size_t body_bytes,
                       unsigned char out[FRAME_REQUEST_BYTES])
{
	memset(out, 0, FRAME_REQUEST_BYTES);
	memcpy(out, request_magic, 4);
	out[4] = (unsigned char)request->kind;
	bytes_put(out + 8, body_bytes, 4);
	bytes_put(out + 12, request->pid, 4);
	memcpy(out + 16, request->id.bytes, 16);
	bytes_put(out + 32, request->wall_ns, 8);
	bytes_put(out + 40, request->mono_ns, 8);
	memcpy(out + 48, request->boot, 16);
}

bool frame_get_request(struct span bytes, struct frame_request *request, struct span *body)
{
	unsigned char head[FRAME_REQUEST_BYTES];

	if (bytes.len < sizeof(head) || bytes.len > FRAME_MAX)
		return false;
	memcpy(head, bytes.ptr, sizeof(head));
	if (memcmp(head, request_magic, 4) != 0 || head[5] != 0 || head[6] != 0 || head[7] != 0)
		return false;
	if (head[4] != FRAME_RECORD && head[4] != FRAME_PING)
		return false;
	if (bytes_get(head + 8, 4) != bytes.len - sizeof(head))
		return false;
	request->kind = (enum frame_kind)head[4];
	request->pid = (uint32_t)bytes_get(head + 12, 4);
	memcpy(request->id.bytes, head + 16, 16);
	request->wall_ns = bytes_get(head + 32, 8);
	request->mono_ns = bytes_get(head + 40, 8);
	memcpy(request->boot, head + 48, 16);
	*body = span_from(bytes, sizeof(head));
	return true;
}

void frame_put_answer(const struct frame_answer *answer, unsigned char out[FRAME_ANSWER_BYTES])
{
	memset(out, 0, FRAME_ANSWER_BYTES);
	memcpy(out, answer_magic, 4);
	out[4] = (unsigned char)answer->status;
	bytes_put(out + 8, answer->seq, 8);
	bytes_put(out + 16, answer->size, 8);
	memcpy(out + 24, answer->id.bytes, 16);
	memcpy(out + 40, answer->head, SHA256_BYTES);
}

bool frame_get_answer(struct span bytes, struct frame_answer *answer)
{
	unsigned char in[FRAME_ANSWER_BYTES];

	if (bytes.len != sizeof(in))
		return false;
	memcpy(in, bytes.ptr, sizeof(in));
	if (memcmp(in, answer_magic, 4) != 0 || in[4] < FRAME_COMMITTED || in[4] > FRAME_ALIVE)
		return false;
	answer->status = (enum frame_status)in[4];
	answer->seq = bytes_get(in + 8, 8);
	answer->size = bytes_get(in + 16, 8);
	memcpy(answer->id.bytes, in + 24, 16);
	memcpy(answer->head, in + 40, SHA256_BYTES);
	return true;
}

/* One CRC over three pieces, through the CRC of their CRCs: no copy of the body is needed. */
static uint32_t record_crc(const unsigned char head[SPOOL_HEAD_BYTES], struct span a, struct span b)
{
	unsigned char parts[4 + 16 + 4 + 4];

	memcpy(parts, head + 8, 4);
	memcpy(parts + 4, head + 16, 16);
	bytes_put(parts + 20, crc32c_of(a), 4);
	bytes_put(parts + 24, crc32c_of(b), 4);
	return crc32c_of((struct span){ (const char *)parts, sizeof(parts) });
}

void spool_put_head(const struct uuid *id, struct span bytes, struct span more,
                    unsigned char head[SPOOL_HEAD_BYTES])
{
	memset(head, 0, SPOOL_HEAD_BYTES);
	memcpy(head, spool_marker, 8);
	bytes_put(head + 8, bytes.len + more.len, 4);
	memcpy(head + 16, id->bytes, 16);
	bytes_put(head + 12, record_crc(head, bytes, more), 4);
}

/* Whether `rest` begins with a whole record of `len` bytes inside. */
static bool is_record(struct span rest, size_t len)
{
	unsigned char head[SPOOL_HEAD_BYTES];
	struct span inside = span_slice(rest, SPOOL_HEAD_BYTES, SPOOL_HEAD_BYTES + len);

	memcpy(head, rest.ptr, sizeof(head));
	if (memcmp(rest.ptr + SPOOL_HEAD_BYTES + len, spool_tail, SPOOL_TAIL_BYTES) != 0)
		return false;
	return record_crc(head, span_slice(inside, 0, FRAME_REQUEST_BYTES),
	                  span_from(inside, FRAME_REQUEST_BYTES)) == bytes_get(head + 12, 4);
}

/* How many bytes lie before the next marker; where there is none, before what may be its beginning. */
static size_t before_marker(struct span rest, bool at_end)
{
	const struct span marker = { (const char *)spool_marker, sizeof(spool_marker) };
	size_t at;

	if (span_find(span_from(rest, 1), marker, &at))
		return at + 1;
	if (at_end)
		return rest.len;
	return rest.len < sizeof(spool_marker) ? 1 : rest.len - sizeof(spool_marker) + 1;
}

enum spool_step spool_next(struct span rest, bool at_end, size_t *used, struct span *bytes)
{
	unsigned char head[SPOOL_HEAD_BYTES];
	size_t known = rest.len < sizeof(spool_marker) ? rest.len : sizeof(spool_marker);
	bool may_begin = memcmp(rest.ptr, spool_marker, known) == 0;

	if (may_begin && rest.len >= sizeof(head)) {
		memcpy(head, rest.ptr, sizeof(head));

		size_t len = (size_t)bytes_get(head + 8, 4);
		size_t whole = SPOOL_HEAD_BYTES + len + SPOOL_TAIL_BYTES;

		if (len < FRAME_REQUEST_BYTES || len > FRAME_MAX) {
			may_begin = false;
		} else if (rest.len >= whole) {
			may_begin = false;
			if (is_record(rest, len)) {
				*bytes = span_slice(rest, SPOOL_HEAD_BYTES, SPOOL_HEAD_BYTES + len);
				*used = whole;
				return SPOOL_RECORD;
			}
		}
	}
	if (may_begin && !at_end)
		return SPOOL_MORE;
	*used = before_marker(rest, at_end);
	return SPOOL_DAMAGED;
}
