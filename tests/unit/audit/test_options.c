/* Moments and receipts on the command line. */
#include "audit/view/options.h"
#include "tap.h"

#define NS 1000000000ULL

struct time_case {
	const char *text;
	uint64_t wall_ns; /* 0: refused */
};

/* now is 2026-11-21T00:00:00Z: date -u -d 2026-11-21 +%s */
enum { NOW_S = 1795219200 };

/* clang-format off */
static const struct time_case times[] = {
	{ "2026-11-21",                    NOW_S * NS },
	{ "2026-11-21T00:00:01Z",          NOW_S * NS + NS },
	{ "2026-11-21T00:00:01.5Z",        NOW_S * NS + 3 * NS / 2 },
	{ "2026-11-21T00:00:00.000000001Z", NOW_S * NS + 1 },
	{ "2024-02-29",                    1709164800 * NS },
	{ "90s",                           NOW_S * NS - 90 * NS },
	{ "15m",                           NOW_S * NS - 900 * NS },
	{ "2h",                            NOW_S * NS - 7200 * NS },
	{ "7d",                            NOW_S * NS - 604800 * NS },
	{ "", 0 }, { "d", 0 }, { "-1d", 0 }, { "1w", 0 }, { "1 d", 0 }, { "x", 0 }, { "99999999999999999999d", 0 },
	{ "999999999999999999d", 0 },
	{ "2026-13-01", 0 }, { "2026-00-01", 0 }, { "2026-02-29", 0 }, { "2026-04-31", 0 }, { "2026-1-1", 0 },
	{ "2026-11-21T", 0 }, { "2026-11-21T24:00:00Z", 0 }, { "2026-11-21T00:60:00Z", 0 }, { "2026-11-21T00:00:00", 0 },
	{ "2026-11-21T00:00:00+01:00", 0 }, { "2026-11-21T00:00:00Zx", 0 }, { "2026-11-21 00:00:00Z", 0 },
	{ "2026-11-21T00:00:00.0000000001Z", 0 }, { "1969-12-31", 0 },
};
/* clang-format on */

int main(void)
{
	static const char digits[] =
		"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
	unsigned char head[SHA256_BYTES];
	char text[128];
	uint64_t wall_ns, size;

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		bool read = view_time_parse(span_of(times[i].text), NOW_S * NS, &wall_ns);

		OK(times[i].wall_ns ? read && wall_ns == times[i].wall_ns : !read, "time \"%s\"%s",
		   times[i].text, times[i].wall_ns ? "" : " is refused");
	}
	OK(view_time_parse(SPAN("99999d"), NOW_S * NS, &wall_ns) && wall_ns == 0,
	   "long before 1970 is the beginning");
	snprintf(text, sizeof(text), "42:%s", digits);
	OK(view_receipt_parse(span_of(text), &size, head) && size == 42 && head[1] == 0x11 &&
	           head[31] == 0xff,
	   "a receipt");
	text[10] = 'g';
	OK(!view_receipt_parse(span_of(text), &size, head), "a digit that is none");
	snprintf(text, sizeof(text), "42:%s0", digits);
	OK(!view_receipt_parse(span_of(text), &size, head), "a head too long");
	snprintf(text, sizeof(text), "0:%s", digits);
	OK(!view_receipt_parse(span_of(text), &size, head), "a size of 0");
	snprintf(text, sizeof(text), ":%s", digits);
	OK(!view_receipt_parse(span_of(text), &size, head), "no size");
	OK(!view_receipt_parse(SPAN("42"), &size, head) &&
	           !view_receipt_parse(SPAN(""), &size, head),
	   "no head");
	return tap_done();
}
