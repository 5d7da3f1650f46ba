/* Spool files as they are found: whole, torn at every byte, damaged in the middle, foreign. */
#include <stdlib.h>
#include <string.h>

#include "audit/frame.h"
#include "tap.h"

enum { FILE_MAX = 4096, RECORDS = 3 };

struct file {
	char bytes[FILE_MAX];
	size_t len;
	size_t ends[RECORDS];
};

static void put(struct file *file, const void *bytes, size_t count)
{
	memcpy(file->bytes + file->len, bytes, count);
	file->len += count;
}

static void put_record(struct file *file, unsigned number)
{
	unsigned char head[SPOOL_HEAD_BYTES], request[FRAME_REQUEST_BYTES];
	struct frame_request what = { .kind = FRAME_RECORD, .wall_ns = number };
	const struct span body = SPAN("{\"eventType\":\"tool_execute\"}");

	what.id.bytes[15] = (unsigned char)number;
	frame_put_request(&what, body.len, request);
	spool_put_head(&what.id, (struct span){ (const char *)request, sizeof(request) }, body,
	               head);
	put(file, head, sizeof(head));
	put(file, request, sizeof(request));
	put(file, body.ptr, body.len);
	put(file, spool_tail, SPOOL_TAIL_BYTES);
	file->ends[number % RECORDS] = file->len;
}

static void make(struct file *file)
{
	file->len = 0;
	for (unsigned i = 0; i < RECORDS; i++)
		put_record(file, i);
}

struct result {
	unsigned records; /* one bit each */
	size_t count;
	size_t damaged;
	bool stuck;
};

static struct result read_all(struct span rest)
{
	struct result result = { 0 };
	struct frame_request request;
	struct span bytes, body;
	size_t used;

	while (rest.len > 0 && !result.stuck) {
		switch (spool_next(rest, true, &used, &bytes)) {
		case SPOOL_RECORD:
			result.count++;
			if (frame_get_request(bytes, &request, &body) &&
			    request.id.bytes[15] < RECORDS)
				result.records |= 1U << request.id.bytes[15];
			break;
		case SPOOL_DAMAGED:
			result.damaged += used;
			break;
		case SPOOL_MORE:
			result.stuck = true;
			break;
		}
		result.stuck = result.stuck || used == 0 || used > rest.len;
		rest = span_from(rest, used);
	}
	return result;
}

static struct result read_file(const struct file *file)
{
	return read_all((struct span){ file->bytes, file->len });
}

/* A writer that is killed while it writes leaves a beginning; those before it are whole. */
static void test_torn(void)
{
	struct file file;
	bool good = true, honest = true;

	make(&file);
	for (size_t cut = 0; cut <= file.ends[RECORDS - 1]; cut++) {
		struct result result = read_all((struct span){ file.bytes, cut });
		unsigned whole = 0;

		for (unsigned i = 0; i < RECORDS; i++)
			whole |= file.ends[i] <= cut ? 1U << i : 0;
		good = good && !result.stuck && result.records == whole;
		honest = honest &&
		         (result.damaged > 0) == (cut != 0 && cut != file.ends[0] &&
		                                  cut != file.ends[1] && cut != file.ends[2]);
	}
	OK(good, "torn at every byte: all whole records are read, and no other");
	OK(honest, "torn at every byte: the rest is told as damaged");
}

/* The next writer appends behind the torn one. */
static void test_behind_torn(void)
{
	struct file whole, file;
	bool good = true;

	make(&whole);
	for (size_t cut = 1; cut < whole.ends[0]; cut++) {
		struct result result;

		file.len = 0;
		put(&file, whole.bytes, cut);
		put_record(&file, 1);
		put_record(&file, 2);
		result = read_file(&file);
		good = good && !result.stuck && result.records == 6 && result.damaged == cut;
	}
	OK(good, "good records behind one that is torn at every byte are all read");
}

static void test_changed(void)
{
	struct file file;
	bool good = true;

	make(&file);
	for (size_t at = file.ends[0]; at < file.ends[1]; at++) {
		struct result result;

		file.bytes[at] = (char)(file.bytes[at] ^ 0x20);
		result = read_file(&file);
		good = good && !result.stuck && (result.records & 5) == 5 &&
		       (result.records & 2) == 0 && result.damaged > 0;
		file.bytes[at] = (char)(file.bytes[at] ^ 0x20);
	}
	OK(good, "a changed byte anywhere in one record costs that record and no other");
}

/* Long rubbish, markers without end, lengths that lie: linear, and never stuck. */
static void test_rubbish(void)
{
	enum { LENGTH = 1 << 20 };
	static const unsigned char fills[] = { 0x00, 0xFF, 0xFE, 'B' };
	char *bytes = malloc(LENGTH);
	struct result result;
	struct file file;

	if (!OK(bytes != NULL, "memory"))
		return;
	for (size_t i = 0; i < sizeof(fills); i++) {
		memset(bytes, fills[i], LENGTH);
		result = read_all((struct span){ bytes, LENGTH });
		OK(!result.stuck && result.count == 0 && result.damaged == LENGTH, "1 MB of 0x%02x",
		   fills[i]);
	}
	make(&file);
	for (size_t at = 0; at + 8 <= LENGTH; at += 8)
		memcpy(bytes + at, file.bytes, 8);
	result = read_all((struct span){ bytes, LENGTH });
	OK(!result.stuck && result.count == 0 && result.damaged == LENGTH, "1 MB of markers");
	free(bytes);
}

/* Requests and answers: what is not exactly one is none. */
static void test_frames(void)
{
	const struct frame_answer answer = { .status = FRAME_COMMITTED, .seq = 7, .size = 8 };
	unsigned char bytes[FRAME_ANSWER_BYTES + 1] = { 0 },
						 request[FRAME_REQUEST_BYTES + 4] = { 0 };
	struct frame_answer got;
	struct frame_request what = { .kind = FRAME_RECORD, .pid = 5, .wall_ns = 6, .mono_ns = 7 },
			     read;
	struct span body;
	unsigned wrong = 0;

	frame_put_answer(&answer, bytes);
	OK(frame_get_answer((struct span){ (const char *)bytes, FRAME_ANSWER_BYTES }, &got) &&
	           got.seq == 7 && got.size == 8,
	   "an answer is read back");
	for (size_t len = 0; len <= sizeof(bytes); len++)
		wrong += len != FRAME_ANSWER_BYTES &&
		         frame_get_answer((struct span){ (const char *)bytes, len }, &got);
	bytes[4] = 9;
	wrong += frame_get_answer((struct span){ (const char *)bytes, FRAME_ANSWER_BYTES }, &got);
	OK(wrong == 0, "what is no answer is none");
	frame_put_request(&what, 4, request);
	OK(frame_get_request((struct span){ (const char *)request, sizeof(request) }, &read,
	                     &body) &&
	           read.pid == 5 && read.wall_ns == 6 && read.mono_ns == 7 && body.len == 4,
	   "a request is read back");
	wrong = 0;
	for (size_t len = 0; len < sizeof(request); len++)
		wrong += frame_get_request((struct span){ (const char *)request, len }, &read,
		                           &body);
	for (size_t at = 0; at < 12; at++) {
		request[at] ^= 0x40;
		wrong += frame_get_request((struct span){ (const char *)request, sizeof(request) },
		                           &read, &body);
		request[at] ^= 0x40;
	}
	OK(wrong == 0, "what is no request is none");
}

int main(void)
{
	test_torn();
	test_behind_torn();
	test_changed();
	test_rubbish();
	test_frames();
	return tap_done();
}
