/* Spans and problems: comparisons, cuts, and the edges of both. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/problem.h"
#include "tap.h"

static const struct span none = { NULL, 0 };

static void test_comparisons(void)
{
	OK(span_equal(none, SPAN("")) && span_equal(SPAN("a\0b"), SPAN("a\0b")), "equal spans");
	OK(!span_equal(SPAN("a\0b"), SPAN("a\0c")) && !span_equal(SPAN("a"), SPAN("ab")),
	   "spans that differ, behind a NUL too");
	OK(span_equal_nocase(SPAN("aZ@[\xc4"), SPAN("Az@[\xc4")), "letters without their case");
	OK(!span_equal_nocase(SPAN("@"), SPAN("`")) && !span_equal_nocase(SPAN("["), SPAN("{")) &&
	           !span_equal_nocase(SPAN("a"), SPAN("aa")),
	   "only letters have a case");
	OK(span_compare(SPAN("a"), SPAN("b")) < 0 && span_compare(SPAN("ab"), SPAN("a")) > 0 &&
	           span_compare(none, SPAN("")) == 0 && span_compare(SPAN("\xff"), SPAN("a")) > 0,
	   "the order is that of unsigned bytes, a prefix first");
	OK(span_of(NULL).len == 0 && span_equal(span_of("abc"), SPAN("abc")), "from C strings");
	OK(span_starts(SPAN("abc"), SPAN("ab")) && span_starts(none, none) &&
	           !span_starts(SPAN("a"), SPAN("ab")),
	   "prefixes");
	OK(span_ends(SPAN("abc"), SPAN("bc")) && span_ends(SPAN("a"), none) &&
	           !span_ends(SPAN("c"), SPAN("bc")) && !span_ends(SPAN("abc"), SPAN("ab")),
	   "suffixes");
}

static void test_finding(void)
{
	size_t at = 77;

	OK(span_find_byte(SPAN("a\0\xff"), '\xff', &at) && at == 2, "a byte above 127 is found");
	OK(!span_find_byte(SPAN("abc"), 'd', &at) && !span_find_byte(none, 'a', &at) && at == 2,
	   "a byte that is not there sets nothing");
	OK(span_find(SPAN("aab"), SPAN("ab"), &at) && at == 1, "a part is found");
	OK(span_find(none, none, &at) && at == 0 && span_find(SPAN("a"), SPAN("a"), NULL),
	   "nothing is found in nothing");
	OK(!span_find(SPAN("ab"), SPAN("abc"), NULL) && !span_find(none, SPAN("a"), NULL),
	   "a part that is not there");
}

static void test_cuts(void)
{
	OK(span_equal(span_slice(SPAN("abcd"), 1, 3), SPAN("bc")), "a slice");
	OK(span_equal(span_slice(SPAN("abcd"), 2, SIZE_MAX), SPAN("cd")) &&
	           span_slice(SPAN("abcd"), SIZE_MAX, 2).len == 0 &&
	           span_slice(none, 1, 2).len == 0,
	   "a slice is clamped");
	OK(span_equal(span_from(SPAN("abc"), 1), SPAN("bc")) && span_from(SPAN("abc"), 9).len == 0,
	   "from a byte on");
	OK(span_equal(span_trim(SPAN(" \t\r\na b\n ")), SPAN("a b")) &&
	           span_trim(SPAN(" ")).len == 0 && span_trim(none).len == 0 &&
	           span_trim(SPAN("\0")).len == 1,
	   "trimmed of blanks, not of NULs");
}

static void test_split(void)
{
	static const struct {
		struct span text;
		const char *parts; /* joined by | */
	} table[] = {
		{ SPAN_INIT("a,b"), "a|b|" },     { SPAN_INIT("a"), "a|" },
		{ SPAN_INIT(""), "|" },           { SPAN_INIT(","), "||" },
		{ SPAN_INIT("a,,b,"), "a||b||" }, { { NULL, 0 }, "" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct span rest = table[i].text, part;
		char joined[32] = "";
		size_t len = 0;

		while (span_split(&rest, ',', &part)) {
			memcpy(joined + len, part.len ? part.ptr : "", part.len);
			len += part.len;
			joined[len++] = '|';
		}
		OK(strcmp(joined, table[i].parts) == 0, "split: %s", table[i].parts);
	}
}

static void test_problems(void)
{
	struct problem problem;
	struct problem_place place = problem_place(SPAN("ab\n\ncd"), 5);

	OK(!problem_set(NULL, PROBLEM_LIMIT, 1, "x") &&
	           !problem_set(&problem, PROBLEM_LIMIT, 7, "x") && problem.kind == PROBLEM_LIMIT &&
	           problem.offset == 7 && problem.sys_errno == 0,
	   "a problem is set and false");
	errno = ENOENT;
	OK(!problem_system(&problem, "y") && problem.kind == PROBLEM_SYSTEM &&
	           problem.sys_errno == ENOENT && !problem_system(NULL, "y"),
	   "a system call's problem keeps errno");
	OK(place.line == 3 && place.column == 2, "line and column");
	place = problem_place(SPAN("ab\n"), 100);
	OK(place.line == 2 && place.column == 1, "a place behind the end is the end");
	place = problem_place(none, 0);
	OK(place.line == 1 && place.column == 1, "a place in nothing");
}

int main(void)
{
	test_comparisons();
	test_finding();
	test_cuts();
	test_split();
	test_problems();
	return tap_done();
}
