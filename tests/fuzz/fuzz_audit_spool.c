/*
 * Spool files.  Property: every byte is used once, as part of a record or as damage; a record is found again when
 * it is read alone, and behind the same bytes a good record is always found.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/frame.h"
#include "fuzz.h"

static void check(struct span all, bool whole, const struct uuid *last)
{
	struct span rest = all, bytes, again;
	size_t used, used_again;
	bool found = false;

	while (rest.len > 0) {
		enum spool_step step = spool_next(rest, true, &used, &bytes);

		if (step == SPOOL_MORE || used == 0 || used > rest.len)
			abort();
		if (step == SPOOL_RECORD) {
			struct span record = span_slice(rest, 0, used);

			if (bytes.ptr < record.ptr ||
			    bytes.ptr + bytes.len > record.ptr + record.len)
				abort();
			if (spool_next(record, false, &used_again, &again) != SPOOL_RECORD ||
			    used_again != used)
				abort();
			found = memcmp(record.ptr + 16, last->bytes, sizeof(last->bytes)) == 0;
		}
		rest = span_from(rest, used);
	}
	if (whole && !found)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct frame_request what = { .kind = FRAME_RECORD, .id = { "a good record.." } };
	unsigned char head[SPOOL_HEAD_BYTES], request[FRAME_REQUEST_BYTES];
	struct outbuf file;

	frame_put_request(&what, 0, request);
	spool_put_head(&what.id, (struct span){ (const char *)request, sizeof(request) }, SPAN(""),
	               head);
	outbuf_init(&file, size + 1024);
	outbuf_put(&file, (struct span){ (const char *)data, size });
	check(outbuf_span(&file), false, &what.id);
	outbuf_put(&file, (struct span){ (const char *)head, sizeof(head) });
	outbuf_put(&file, (struct span){ (const char *)request, sizeof(request) });
	outbuf_put(&file, (struct span){ (const char *)spool_tail, SPOOL_TAIL_BYTES });
	if (outbuf_ok(&file))
		check(outbuf_span(&file), true, &what.id);
	outbuf_release(&file);
	return 0;
}
