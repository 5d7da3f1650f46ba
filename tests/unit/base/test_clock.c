/* Times as text, and UUIDs. */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tap.h"

static const uint64_t second = UINT64_C(1000000000);

static void test_known_times(void)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} table[] = {
		{ 0, "1970-01-01T00:00:00.000000Z" },
		{ 999, "1970-01-01T00:00:00.000000Z" },
		{ 999999999, "1970-01-01T00:00:00.999999Z" },
		{ UINT64_C(951782400) * 1000000000, "2000-02-29T00:00:00.000000Z" },
		{ UINT64_C(951868799) * 1000000000, "2000-02-29T23:59:59.000000Z" },
		{ UINT64_C(951868800) * 1000000000, "2000-03-01T00:00:00.000000Z" },
		{ UINT64_C(4107542400) * 1000000000, "2100-03-01T00:00:00.000000Z" },
		{ UINT64_C(1795252087123456789), "2026-11-21T09:08:07.123456Z" },
		{ UINT64_MAX, "2554-07-21T23:34:33.709551Z" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char text[28];

		clock_format(table[i].ns, text);
		OK(strcmp(text, table[i].text) == 0, "%s", table[i].text);
	}
}

/* Every day up to 2554 as the C library has it. */
static void test_every_day(void)
{
	uint64_t last = UINT64_MAX / second / 86400, day = 0;
	char text[28] = "", expected[28] = "";

	for (; day < last; day++) {
		uint64_t seconds = day * 86400 + day % 86400;
		time_t time = (time_t)seconds;
		struct tm parts;

		clock_format(seconds * second, text);
		if (!gmtime_r(&time, &parts))
			break;
		strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000Z", &parts);
		if (strcmp(text, expected) != 0)
			break;
	}
	OK(day == last, "every day: %s is %s", text, expected);
}

static void test_clocks(void)
{
	uint64_t mono = clock_mono_ns();

	OK(clock_wall_ns() > UINT64_C(1700000000) * second, "the wall clock is past 2023");
	OK(clock_mono_ns() >= mono, "the monotonic clock does not go back");
}

static void test_uuid(void)
{
	struct uuid uuid = { 0 }, next = { 0 }, back = { 0 };
	struct problem problem;
	uint64_t ns = UINT64_C(0x017f22e279b0) * 1000000; /* RFC 9562, A.6 */
	char text[37];
	bool ordered = true;

	OK(uuid_v7(ns, &uuid, &problem), "a UUID of a moment");
	uuid_format(&uuid, text);
	OK(strncmp(text, "017f22e2-79b0-7000-", 19) == 0 && strlen(text) == 36 &&
	           strchr("89ab", text[19]) && text[23] == '-',
	   "%s: time, version and variant", text);
	OK(uuid_parse(span_of(text), &back) && memcmp(&uuid, &back, sizeof uuid) == 0, "read back");
	for (uint64_t i = 1; i < 5000; i++) {
		ordered = ordered && uuid_v7(ns + i * 245, &next, &problem) &&
		          memcmp(&uuid, &next, sizeof uuid) < 0;
		uuid = next;
	}
	OK(ordered, "a quarter of a microsecond later is a later UUID");
	OK(uuid_v7(ns, &uuid, &problem) && uuid_v7(ns, &next, &problem) &&
	           memcmp(&uuid, &next, sizeof uuid) != 0,
	   "two of one moment differ");
	OK(uuid_v7(ns + 999999, &uuid, &problem) && (uuid.bytes[6] >> 4) == 7 &&
	           uuid.bytes[6] == 0x7f && uuid.bytes[7] == 0xff,
	   "the fraction stays in its bits");
}

static void test_uuid_texts(void)
{
	static const char *const wrong[] = {
		"",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
		"017f22e279b0-7cc3-98c4-dc0c0c07398f-",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
		"{17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
		"017f22e2-79b0-7cc3-98c4+dc0c0c07398f",
		"017f22e2 79b0 7cc3 98c4 dc0c0c07398f",
	};
	struct uuid uuid;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		OK(!uuid_parse(span_of(wrong[i]), &uuid), "no UUID: \"%s\"", wrong[i]);
	OK(uuid_parse(SPAN("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), &uuid) &&
	           uuid.bytes[15] == 0x8f && uuid.bytes[0] == 0x01,
	   "capital letters are read");
}

static void test_random(void)
{
	unsigned char bytes[5000] = { 0 };
	struct problem problem;
	size_t zeroes = 0;

	OK(random_bytes(bytes, sizeof bytes, &problem) && random_bytes(bytes, 0, &problem),
	   "random");
	for (size_t i = 0; i < sizeof bytes; i++)
		zeroes += bytes[i] == 0;
	OK(zeroes < 200, "%zu of 5000 random bytes are zero", zeroes);
}

int main(void)
{
	test_known_times();
	test_every_day();
	test_clocks();
	test_uuid();
	test_uuid_texts();
	test_random();
	return tap_done();
}
