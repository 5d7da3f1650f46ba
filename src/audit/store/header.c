/* The header of an entry as bytes. */
#include "audit/store/header.h"

#include <string.h>

#include "audit/bytes.h"
#include "base/utf8.h"

struct cursor {
	unsigned char *at;
};

static void put_number(struct cursor *cursor, uint64_t number, size_t width)
{
	bytes_put(cursor->at, number, width);
	cursor->at += width;
}

static void put_bytes(struct cursor *cursor, const void *bytes, size_t count)
{
	memcpy(cursor->at, bytes, count);
	cursor->at += count;
}

static void put_text(struct cursor *cursor, struct span text)
{
	struct span cut = utf8_cut(text, HEADER_TEXT_MAX);

	put_number(cursor, cut.len, 2);
	if (cut.len > 0)
		put_bytes(cursor, cut.ptr, cut.len);
}

size_t header_put(const struct record_header *header, unsigned char out[HEADER_MAX])
{
	struct cursor cursor = { out + 4 };
	size_t len;

	put_number(&cursor, HEADER_FORMAT, 1);
	put_bytes(&cursor, header->log_id, sizeof(header->log_id));
	put_number(&cursor, header->seq, 8);
	put_bytes(&cursor, header->event_id.bytes, 16);
	put_number(&cursor, header->wall_ns, 8);
	put_number(&cursor, header->mono_ns, 8);
	put_bytes(&cursor, header->boot, 16);
	put_number(&cursor, header->type, 1);
	put_number(&cursor, header->decision, 1);
	put_number(&cursor, header->severity, 1);
	put_number(&cursor, header->flags, 1);
	put_number(&cursor, header->uid, 4);
	put_number(&cursor, header->pid, 4);
	put_number(&cursor, header->start, 8);
	put_bytes(&cursor, header->session, 16);
	put_text(&cursor, header->tool_use_id);
	put_text(&cursor, header->agent);
	put_text(&cursor, header->tool);
	put_text(&cursor, header->rule);
	put_bytes(&cursor, header->policy_sha256, SHA256_BYTES);
	put_text(&cursor, header->model);
	put_bytes(&cursor, header->content, SHA256_BYTES);
	put_number(&cursor, header->body_bytes, 4);
	len = (size_t)(cursor.at - out);
	bytes_put(out, len - 4, 4);
	return len;
}

struct reader {
	const unsigned char *at;
	size_t left;
	bool failed;
};

static const unsigned char *take(struct reader *reader, size_t count)
{
	static const unsigned char zeros[32];
	const unsigned char *at = reader->at;

	if (reader->failed || reader->left < count) {
		reader->failed = true;
		return zeros; /* no caller takes more than this before it looks at `failed` */
	}
	reader->at += count;
	reader->left -= count;
	return at;
}

static uint64_t take_number(struct reader *reader, size_t width)
{
	return bytes_get(take(reader, width), width);
}

static void take_bytes(struct reader *reader, void *bytes, size_t count)
{
	memcpy(bytes, take(reader, count), count);
}

static struct span take_text(struct reader *reader)
{
	size_t len = (size_t)take_number(reader, 2);
	const unsigned char *at = len <= HEADER_TEXT_MAX ? take(reader, len) : NULL;

	if (at == NULL)
		reader->failed = true;
	return reader->failed ? (struct span){ 0 } : (struct span){ (const char *)at, len };
}

bool header_get(struct span bytes, struct record_header *header)
{
	struct reader reader = { (const unsigned char *)bytes.ptr, bytes.len, false };
	uint64_t length = take_number(&reader, 4), format = take_number(&reader, 1);

	take_bytes(&reader, header->log_id, sizeof(header->log_id));
	header->seq = take_number(&reader, 8);
	take_bytes(&reader, header->event_id.bytes, 16);
	header->wall_ns = take_number(&reader, 8);
	header->mono_ns = take_number(&reader, 8);
	take_bytes(&reader, header->boot, 16);
	header->type = (unsigned char)take_number(&reader, 1);
	header->decision = (unsigned char)take_number(&reader, 1);
	header->severity = (unsigned char)take_number(&reader, 1);
	header->flags = (unsigned char)take_number(&reader, 1);
	header->uid = (uint32_t)take_number(&reader, 4);
	header->pid = (uint32_t)take_number(&reader, 4);
	header->start = take_number(&reader, 8);
	take_bytes(&reader, header->session, 16);
	header->tool_use_id = take_text(&reader);
	header->agent = take_text(&reader);
	header->tool = take_text(&reader);
	header->rule = take_text(&reader);
	take_bytes(&reader, header->policy_sha256, SHA256_BYTES);
	header->model = take_text(&reader);
	take_bytes(&reader, header->content, SHA256_BYTES);
	header->body_bytes = (uint32_t)take_number(&reader, 4);
	return !reader.failed && reader.left == 0 && length == bytes.len - 4 &&
	       format == HEADER_FORMAT;
}

void header_session(struct span session, unsigned char key[16])
{
	unsigned char digest[SHA256_BYTES];
	struct uuid uuid;

	memset(key, 0, 16);
	if (session.len == 0)
		return;
	if (uuid_parse(session, &uuid)) {
		memcpy(key, uuid.bytes, 16);
		return;
	}
	sha256_of(session, digest);
	memcpy(key, digest, 16);
}

size_t header_actor(uint32_t uid, char out[16])
{
	char digits[10];
	size_t count = 0, len = 4;

	memcpy(out, "uid:", 4);
	do {
		digits[count++] = (char)('0' + uid % 10);
		uid /= 10;
	} while (uid > 0);
	while (count > 0)
		out[len++] = digits[--count];
	return len;
}
