/* UTF-8: every code point there and back, every wrong sequence refused. */
#include "base/utf8.h"

#include <string.h>

#include "tap.h"

static void test_every_code_point(void)
{
	bool same = true, surrogates = true;

	for (uint32_t point = 0; point <= 0x10ffff; point++) {
		char bytes[4];
		uint32_t back = ~point;
		size_t len = utf8_encode(point, bytes);

		if (point >= 0xd800 && point <= 0xdfff) {
			surrogates = surrogates && len == 0;
			continue;
		}
		same = same && len > 0 &&
		       utf8_decode((struct span){ bytes, len }, 0, &back) == len && back == point;
		/* Cut off, it is nothing. */
		same = same && utf8_decode((struct span){ bytes, len - 1 }, 0, &back) == 0;
	}
	OK(same, "every code point is encoded and decoded, and refused where it is cut off");
	OK(surrogates, "no surrogate is encoded");
	OK(utf8_encode(0x110000, (char[4]){ 0 }) == 0 &&
	           utf8_encode(UINT32_MAX, (char[4]){ 0 }) == 0,
	   "nothing above U+10FFFF is encoded");
}

/* Of all sequences of two bytes, and of three and four by their first two, only those of RFC 3629 pass. */
static void test_every_beginning(void)
{
	bool good = true;

	for (unsigned a = 0x80; a <= 0xff; a++) {
		for (unsigned b = 0; b <= 0xff; b++) {
			char bytes[4] = { (char)a, (char)b, (char)0x80, (char)0x80 };
			uint32_t point;
			bool tail = b >= 0x80 && b <= 0xbf;
			size_t expected = 0;

			if (a >= 0xc2 && a <= 0xdf && tail)
				expected = 2;
			else if (a >= 0xe0 && a <= 0xef && tail && !(a == 0xe0 && b < 0xa0) &&
			         !(a == 0xed && b > 0x9f))
				expected = 3;
			else if (a >= 0xf0 && a <= 0xf4 && tail && !(a == 0xf0 && b < 0x90) &&
			         !(a == 0xf4 && b > 0x8f))
				expected = 4;
			good = good &&
			       utf8_decode((struct span){ bytes, 4 }, 0, &point) == expected;
		}
	}
	OK(good, "beginnings are valid by the table of RFC 3629, 4, and no others");
}

static void test_texts(void)
{
	uint32_t point = 5;

	OK(utf8_decode(SPAN("a"), 1, &point) == 0 && utf8_decode(SPAN("a"), 9, &point) == 0 &&
	           point == 5,
	   "there is nothing at the end");
	OK(utf8_valid((struct span){ NULL, 0 }) &&
	           utf8_valid(SPAN("a\0\xc3\xa9\xf0\x9f\x98\x80")) && !utf8_valid(SPAN("a\x80")) &&
	           !utf8_valid(SPAN("\xc3")),
	   "valid texts");
	OK(span_equal(utf8_cut(SPAN("a\xc3\xa9z"), 2), SPAN("a")) &&
	           span_equal(utf8_cut(SPAN("a\xc3\xa9z"), 3), SPAN("a\xc3\xa9")) &&
	           utf8_cut(SPAN("\xf0\x9f\x98\x80"), 3).len == 0,
	   "cut between code points");
	OK(utf8_cut(SPAN("abc"), 3).len == 3 && utf8_cut(SPAN("abc"), 99).len == 3 &&
	           utf8_cut(SPAN("abc"), 0).len == 0,
	   "cut at the end, beyond it, and to nothing");
}

int main(void)
{
	test_every_code_point();
	test_every_beginning();
	test_texts();
	return tap_done();
}
