/* Time, randomness and UUIDs of version 7. */
#include "base/clock.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

static uint64_t now(clockid_t clock)
{
	struct timespec time = { 0 };

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

uint64_t clock_wall_ns(void)
{
	return now(CLOCK_REALTIME);
}

uint64_t clock_mono_ns(void)
{
	return now(CLOCK_MONOTONIC);
}

/* `count` decimal digits of `number`, and `mark` behind them; returns what follows. */
static char *put_digits(char *out, uint64_t number, size_t count, char mark)
{
	for (size_t i = count; i-- > 0; number /= 10)
		out[i] = (char)('0' + number % 10);
	out[count] = mark;
	return out + count + 1;
}

/*
 * gmtime_r(3) of glibc would read TZ and the machine's time zone.  A year here begins in March,
 * so that the leap day is its last (Howard Hinnant, chrono-compatible date algorithms).
 */
void clock_format(uint64_t wall_ns, char out[28])
{
	uint64_t seconds = wall_ns / UINT64_C(1000000000);
	uint64_t days = seconds / 86400 + 719468; /* since 0000-03-01 */
	uint64_t era = days / 146097, day = days % 146097;
	uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	uint64_t day_of_year = day - (365 * year + year / 4 - year / 100);
	uint64_t month = (5 * day_of_year + 2) / 153; /* 0 is March */

	/* 64 bits of nanoseconds end in 2554: four digits are enough for every year. */
	out = put_digits(out, year + era * 400 + (month >= 10), 4, '-');
	out = put_digits(out, month < 10 ? month + 3 : month - 9, 2, '-');
	out = put_digits(out, day_of_year - (153 * month + 2) / 5 + 1, 2, 'T');
	out = put_digits(out, seconds / 3600 % 24, 2, ':');
	out = put_digits(out, seconds / 60 % 60, 2, ':');
	out = put_digits(out, seconds % 60, 2, '.');
	out = put_digits(out, wall_ns % UINT64_C(1000000000) / 1000, 6, 'Z');
	*out = '\0';
}

bool random_bytes(void *bytes, size_t count, struct problem *problem)
{
	unsigned char *at = bytes;

	while (count > 0) {
		ssize_t got = getrandom(at, count, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return problem_system(problem, "no random bytes");
		at += got;
		count -= (size_t)got;
	}
	return true;
}

bool uuid_v7(uint64_t wall_ns, struct uuid *uuid, struct problem *problem)
{
	uint64_t ms = wall_ns / 1000000;
	/* RFC 9562, 6.2, method 3: the twelve bits behind the milliseconds hold their fraction. */
	unsigned fraction = (unsigned)(wall_ns % 1000000 * 4096 / 1000000);

	if (!random_bytes(uuid->bytes, sizeof uuid->bytes, problem))
		return false;
	for (size_t i = 0; i < 6; i++)
		uuid->bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
	uuid->bytes[6] = (unsigned char)(0x70 | fraction >> 8);
	uuid->bytes[7] = (unsigned char)fraction;
	uuid->bytes[8] = (unsigned char)(0x80 | (uuid->bytes[8] & 0x3f));
	return true;
}

/* Whether a hyphen stands before byte `i` of a UUID. */
static bool hyphen_before(size_t i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

void uuid_format(const struct uuid *uuid, char out[37])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof uuid->bytes; i++) {
		if (hyphen_before(i))
			*out++ = '-';
		*out++ = digits[uuid->bytes[i] >> 4];
		*out++ = digits[uuid->bytes[i] & 15];
	}
	*out = '\0';
}

static bool hex_value(char digit, unsigned *value)
{
	if (digit >= '0' && digit <= '9')
		*value = (unsigned)(digit - '0');
	else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
		*value = (unsigned)((digit | 0x20) - 'a' + 10);
	else
		return false;
	return true;
}

bool uuid_parse(struct span text, struct uuid *uuid)
{
	const char *at = text.ptr;

	if (text.len != 36)
		return false;
	for (size_t i = 0; i < sizeof uuid->bytes; i++) {
		unsigned high, low;

		if (hyphen_before(i) && *at++ != '-')
			return false;
		if (!hex_value(at[0], &high) || !hex_value(at[1], &low))
			return false;
		uuid->bytes[i] = (unsigned char)(high << 4 | low);
		at += 2;
	}
	return true;
}
