/* The latching buffer: what is put, and that the first failure is the last word. */
#include "base/outbuf.h"

#include <stdint.h>

#include "tap.h"

static void put_all(struct outbuf *out)
{
	outbuf_put(out, SPAN("text "));
	outbuf_put_byte(out, '|');
	outbuf_put_u64(out, UINT64_MAX);
	outbuf_put_byte(out, '|');
	outbuf_put_i64(out, INT64_MIN);
	outbuf_put_byte(out, '|');
	outbuf_put_hex(out, SPAN("\x00\xff\x1a"));
	outbuf_put_byte(out, '|');
	outbuf_put_json(out, SPAN("\"\n\xff"));
	outbuf_put_byte(out, '|');
	outbuf_put_visible(out, SPAN("\x1b\n\xe2\x80\xae"), true);
}

static const struct span all = SPAN_INIT("text |18446744073709551615|-9223372036854775808|00ff1a|"
                                         "\"\\\"\\n\xef\xbf\xbd\"|\\x1b\n<U+202E>");

/* Every limit but the last one must fail, and what is held is a beginning of the whole. */
static void test_every_limit(void)
{
	bool latched = true, prefix = true;

	for (size_t limit = 0; limit < all.len; limit++) {
		struct outbuf out;

		outbuf_init(&out, limit);
		put_all(&out);
		latched = latched && !outbuf_ok(&out);
		prefix = prefix && out.len <= limit && span_starts(all, outbuf_span(&out));
		outbuf_put(&out, SPAN(""));
		outbuf_put_byte(&out, 'x');
		latched = latched && !outbuf_ok(&out);
		prefix = prefix && span_starts(all, outbuf_span(&out));
		outbuf_release(&out);
	}
	OK(latched, "every limit that is too small is a failure that stays");
	OK(prefix, "after a failure nothing more is stored");
}

static void test_enough(void)
{
	struct outbuf out;

	outbuf_init(&out, all.len);
	OK(outbuf_ok(&out) && outbuf_span(&out).len == 0 && outbuf_span(&out).ptr,
	   "an empty buffer");
	put_all(&out);
	OK(outbuf_ok(&out) && span_equal(outbuf_span(&out), all), "all of it at exactly the limit");
	outbuf_put_byte(&out, 'x');
	OK(!outbuf_ok(&out), "one byte more fails");
	outbuf_reset(&out);
	outbuf_put_i64(&out, 0);
	outbuf_put_i64(&out, -1);
	OK(outbuf_ok(&out) && span_equal(outbuf_span(&out), SPAN("0-1")),
	   "a reset buffer is as new");
	outbuf_release(&out);
	outbuf_put(&out, SPAN("again"));
	OK(outbuf_ok(&out) && span_equal(outbuf_span(&out), SPAN("again")),
	   "a released buffer may be used again");
	outbuf_release(&out);
}

static void test_much(void)
{
	struct outbuf out;

	outbuf_init(&out, SIZE_MAX);
	for (int i = 0; i < 1000000; i++)
		outbuf_put_byte(&out, (char)i);
	OK(outbuf_ok(&out) && out.len == 1000000 && out.ptr[999999] == (char)999999,
	   "a million bytes");
	outbuf_put(&out, (struct span){ out.ptr, SIZE_MAX });
	OK(!outbuf_ok(&out) && out.len == 1000000,
	   "a length that overflows fails before any byte is read");
	outbuf_release(&out);
}

int main(void)
{
	test_every_limit();
	test_enough();
	test_much();
	return tap_done();
}
