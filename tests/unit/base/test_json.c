/* The JSON reader: limits, short memory, hostile input, and what is asked of values. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "json_print.h"
#include "tap.h"

enum { ROOM = 64 << 20 };

static const struct span sample = SPAN_INIT(
	"{\"tool\":\"Bash\",\"input\":{\"command\":\"rm \\u002drf "
	"\\\"b\\\"\"},\"n\":[1,-2.5e3,true,"
	"false,null,{}],\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"\\u0067\":0}");

/* The kind of problem, PROBLEM_NONE where the text is accepted. */
static enum problem_kind parse(struct span text, const struct json_limits *limits)
{
	struct json_value *value = NULL;
	struct problem problem = { 0 };
	struct arena arena;

	arena_init(&arena, ROOM);
	if (json_parse(text, limits, &arena, &value, &problem) != (value != NULL))
		problem.kind =
			PROBLEM_REFUSED; /* a value without success, or success without one */
	arena_release(&arena);
	return problem.kind;
}

static void test_memory(void)
{
	bool only_memory = true, read = false;
	size_t limit = 0;

	for (; !read; limit++) {
		struct json_value *value = NULL;
		struct problem problem = { 0 };
		struct arena arena;

		arena_init(&arena, limit);
		read = json_parse(sample, NULL, &arena, &value, &problem);
		only_memory = only_memory &&
		              (read ? value != NULL : problem.kind == PROBLEM_MEMORY && !value);
		arena_release(&arena);
	}
	OK(only_memory && limit > 1000, "every short arena, up to %zu bytes, is out of memory",
	   limit);
}

static void test_prefixes(void)
{
	bool refused = true;

	for (size_t len = 0; len < sample.len; len++)
		refused = refused && parse(span_slice(sample, 0, len), NULL) == PROBLEM_SYNTAX;
	OK(parse(sample, NULL) == PROBLEM_NONE && refused, "no beginning of an object passes");
}

/* `count` times `unit`, then `middle`, then `count` times `end`; NULL without memory. */
static char *nested(size_t count, const char *unit, const char *middle, const char *end)
{
	size_t size = count * (strlen(unit) + strlen(end)) + strlen(middle) + 1;
	char *text = malloc(size), *at = text;

	if (!text)
		return NULL;
	for (size_t i = 0; i < count; i++)
		at = mempcpy(at, unit, strlen(unit));
	at = mempcpy(at, middle, strlen(middle));
	for (size_t i = 0; i < count; i++)
		at = mempcpy(at, end, strlen(end));
	*at = '\0';
	return text;
}

static void test_depth(void)
{
	static const struct {
		size_t count;
		const char *unit, *middle, *end;
		enum problem_kind kind;
	} table[] = {
		{ 128, "[", "", "]", PROBLEM_NONE },
		{ 128, "{\"a\":", "1", "}", PROBLEM_NONE },
		{ 129, "[", "", "]", PROBLEM_LIMIT },
		{ 129, "{\"a\":", "1", "}", PROBLEM_LIMIT },
		{ 20000, "[", "", "]", PROBLEM_LIMIT },
		{ 20000, "{\"a\":", "1", "}", PROBLEM_LIMIT },
		{ 100000, "[", "", "", PROBLEM_LIMIT },      /* n_structure_100000_opening_arrays */
		{ 50000, "[{\"\":", "", "", PROBLEM_LIMIT }, /* n_structure_open_array_object */
		{ 100000, "[],", "[]", "", PROBLEM_SYNTAX },
		{ 500000, " ", "[", "]", PROBLEM_SYNTAX },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *text = nested(table[i].count, table[i].unit, table[i].middle, table[i].end);

		OK(text && parse(span_of(text), NULL) == table[i].kind, "%zu times %s",
		   table[i].count, table[i].unit);
		free(text);
	}
}

/* A depth is given back where a value ends: breadth is no depth. */
static void test_breadth(void)
{
	char *middle = nested(20000, "[[]],", "[]", ""), *text;

	text = middle ? nested(1, "[", middle, "]") : NULL;
	OK(text && parse(span_of(text), NULL) == PROBLEM_NONE, "20,000 arrays side by side");
	free(text);
	free(middle);
}

static void test_hostile(void)
{
	enum { SIZE = 1 << 20 };
	static const struct {
		const char *name;
		char byte;
		bool quoted, accepted;
	} table[] = {
		{ "NUL", '\0', false, false },
		{ "0xFF", '\xff', false, false },
		{ "digits", '7', false, true },
		{ "blanks", ' ', false, false },
		{ "quotes", '"', false, false },
		{ "hyphens", '-', false, false },
		{ "backslashes", '\\', true, true },
		{ "letters", 'a', true, true },
		{ "NULs in a text", '\0', true, false },
		{ "0xFF in a text", '\xff', true, false },
		{ "delete characters in a text", '\x7f', true, true },
	};
	char *text = malloc(SIZE);

	for (size_t i = 0; text && i < sizeof table / sizeof *table; i++) {
		memset(text, table[i].byte, SIZE);
		if (table[i].quoted)
			text[0] = text[SIZE - 1] = '"';
		OK((parse((struct span){ text, SIZE }, NULL) == PROBLEM_NONE) == table[i].accepted,
		   "a megabyte of %s", table[i].name);
	}
	free(text);
}

static void test_limits(void)
{
	static const struct json_limits small = { .source_bytes = 10, .depth = 1 };

	OK(parse(SPAN("[12345678]"), &small) == PROBLEM_NONE &&
	           parse(SPAN("[123456789]"), &small) == PROBLEM_LIMIT,
	   "the longest text, and one byte more");
	OK(parse(SPAN("[[]]"), &small) == PROBLEM_LIMIT, "one level more");
	OK(parse((struct span){ NULL, 0 }, NULL) == PROBLEM_SYNTAX, "no text at all");
}

/* ---- keys ---- */

/* An object of `count` keys made by `key`; the last is `last` where that is not NULL. */
static enum problem_kind parse_keys(size_t count, size_t (*key)(size_t i, size_t previous),
                                    const char *last)
{
	enum problem_kind kind;
	struct outbuf out;
	size_t number = 0;

	outbuf_init(&out, 16 << 20);
	outbuf_put_byte(&out, '{');
	for (size_t i = 0; i < count; i++) {
		number = key(i, number);
		outbuf_put(&out, SPAN("\"k"));
		outbuf_put_u64(&out, number);
		outbuf_put(&out, SPAN("\":0,"));
	}
	outbuf_put_json(&out, span_of(last ? last : "last"));
	outbuf_put(&out, SPAN(":0}"));
	kind = outbuf_ok(&out) ? parse(outbuf_span(&out), NULL) : PROBLEM_MEMORY;
	outbuf_release(&out);
	return kind;
}

static size_t in_order(size_t i, size_t previous)
{
	(void)previous;
	return i;
}

/* FNV-1a, as the reader has it: keys that an attacker would choose. */
static size_t colliding(size_t i, size_t previous)
{
	size_t number = previous + 1;

	(void)i;
	for (;; number++) {
		char text[24];
		int len = snprintf(text, sizeof text, "k%zu", number);
		uint64_t hash = UINT64_C(0xcbf29ce484222325);

		for (int k = 0; k < len; k++)
			hash = (hash ^ (unsigned char)text[k]) * UINT64_C(0x100000001b3);
		if (((hash ^ hash >> 32) & 2047) == 0)
			return number;
	}
}

static void test_keys(void)
{
	OK(parse_keys(150000, in_order, NULL) == PROBLEM_NONE, "150,000 keys");
	OK(parse_keys(150000, in_order, "k0") == PROBLEM_SYNTAX, "the first of them again");
	OK(parse_keys(150000, in_order, "k149999") == PROBLEM_SYNTAX, "the last of them again");
	for (size_t count = 0; count < 40; count++) {
		if (parse_keys(count, in_order, NULL) != PROBLEM_NONE ||
		    (count > 0 && parse_keys(count, in_order, "k0") != PROBLEM_SYNTAX))
			OK(false, "%zu keys", count);
	}
	OK(parse_keys(600, colliding, NULL) == PROBLEM_LIMIT, "600 keys that collide are refused");
}

/* ---- values ---- */

static const struct json_value *read_one(struct arena *arena, const char *text)
{
	struct json_value *value = NULL;
	struct problem problem;

	return json_parse(span_of(text), NULL, arena, &value, &problem) ? value : NULL;
}

static void test_integers(void)
{
	static const struct {
		const char *text;
		bool whole;
		int64_t number;
	} table[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "42", true, 42 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 7 },
		{ "-9223372036854775809", false, 7 },
		{ "99999999999999999999999999", false, 7 },
		{ "1.0", false, 7 },
		{ "1e2", false, 7 },
		{ "\"1\"", false, 7 },
		{ "true", false, 7 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct arena arena;
		int64_t number = 7;

		arena_init(&arena, ROOM);
		OK(json_int(read_one(&arena, table[i].text), &number) == table[i].whole &&
		           number == table[i].number,
		   "a whole number: %s", table[i].text);
		arena_release(&arena);
	}
}

static void test_doubles(void)
{
	static const struct {
		const char *text;
		bool finite;
		double number;
	} table[] = {
		{ "0", true, 0 },
		{ "5.25", true, 5.25 },
		{ "-2.5e3", true, -2500 },
		{ "1E+2", true, 100 },
		{ "1e-400", true, 0 },
		{ "1.7976931348623157e308", true, 1.7976931348623157e308 },
		{ "1e309", false, 7 },
		{ "-1e99999", false, 7 },
		{ "\"1\"", false, 7 },
		{ "null", false, 7 },
	};
	char *long_number;
	struct arena arena;
	double number;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		arena_init(&arena, ROOM);
		number = 7;
		OK(json_double(read_one(&arena, table[i].text), &number) == table[i].finite &&
		           !(number < table[i].number) && !(number > table[i].number),
		   "a number: %s", table[i].text);
		arena_release(&arena);
	}
	long_number = nested(319, "1", "", "");
	arena_init(&arena, ROOM);
	OK(long_number && !json_double(read_one(&arena, long_number), &number),
	   "319 digits are not finite");
	free(long_number);
	long_number = nested(321, "0", "", "");
	if (long_number)
		memcpy(long_number, "0.", 2);
	OK(long_number && !json_double(read_one(&arena, long_number), &number),
	   "321 characters are refused");
	arena_release(&arena);
	free(long_number);
}

static void test_asking(void)
{
	struct arena arena;
	const struct json_value *value, *member;
	struct span text = SPAN("kept");
	bool truth = false;

	arena_init(&arena, ROOM);
	value = read_one(&arena, "{\"a\\u0000\":\"x\\u0000y\",\"t\":true,\"f\":false,\"n\":null}");
	member = json_get(value, SPAN("a\0"));
	OK(json_string(member, &text) && span_equal(text, SPAN("x\0y")),
	   "a text with a NUL by a key with one");
	OK(!json_get(value, SPAN("a")) && !json_get(NULL, SPAN("a")) &&
	           !json_get(member, SPAN("a")),
	   "no such member, no object");
	text = SPAN("kept");
	OK(!json_string(NULL, &text) && !json_string(value, &text) &&
	           span_equal(text, SPAN("kept")),
	   "no text sets nothing");
	OK(json_bool(json_get(value, SPAN("t")), &truth) && truth &&
	           json_bool(json_get(value, SPAN("f")), &truth) && !truth,
	   "true and false");
	truth = true;
	OK(!json_bool(json_get(value, SPAN("n")), &truth) && !json_bool(NULL, &truth) &&
	           !json_bool(member, &truth) && truth,
	   "nothing else is a truth");
	OK(value && value->count == 4 && !json_int(NULL, &(int64_t){ 0 }) &&
	           !json_double(NULL, &(double){ 0 }),
	   "members are counted");
	arena_release(&arena);
}

int main(void)
{
	test_memory();
	test_prefixes();
	test_depth();
	test_breadth();
	test_hostile();
	test_limits();
	test_keys();
	test_integers();
	test_doubles();
	test_asking();
	return tap_done();
}
