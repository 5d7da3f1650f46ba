/*
 * The reader: one pass, recursive with a bounded depth.  Strings without escapes
 * stay in the source; the keys of large objects go through a hash table, so
 * that looking for duplicates stays linear.
 */
#include "base/json.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

const struct json_limits json_default_limits = { .source_bytes = 8 * 1024 * 1024, .depth = 128 };

enum { FEW_KEYS = 8, LONGEST_NUMBER = 320 };

struct reader {
	struct span source;
	size_t at;
	unsigned depth;
	struct arena *arena;
	struct problem *problem;
};

static bool read_value(struct reader *reader, struct json_value *value);

static bool fail(struct reader *reader, const char *what)
{
	return problem_set(reader->problem, PROBLEM_SYNTAX, reader->at, what);
}

static bool no_memory(struct reader *reader)
{
	return problem_set(reader->problem, PROBLEM_MEMORY, reader->at, "out of memory");
}

static bool at_end(const struct reader *reader)
{
	return reader->at == reader->source.len;
}

/* The byte here; only where there is one. */
static char here(const struct reader *reader)
{
	return reader->source.ptr[reader->at];
}

static bool is_here(const struct reader *reader, char byte)
{
	return !at_end(reader) && here(reader) == byte;
}

static void skip_blanks(struct reader *reader)
{
	while (is_here(reader, ' ') || is_here(reader, '\t') || is_here(reader, '\n') ||
	       is_here(reader, '\r'))
		reader->at++;
}

/* ---- strings ---- */

static bool read_hex4(struct reader *reader, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++, reader->at++) {
		char byte;
		uint32_t digit;

		if (at_end(reader))
			return fail(reader, "unfinished escape");
		byte = here(reader);
		if (byte >= '0' && byte <= '9')
			digit = (uint32_t)(byte - '0');
		else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')
			digit = (uint32_t)((byte | 0x20) - 'a' + 10);
		else
			return fail(reader, "an escape needs four hexadecimal digits");
		*unit = *unit << 4 | digit;
	}
	return true;
}

/* Behind "\u": one code point, from two escapes where the first is a high surrogate. */
static bool read_code_point(struct reader *reader, char **out)
{
	size_t start = reader->at;
	uint32_t unit, low;

	if (!read_hex4(reader, &unit))
		return false;
	if (unit >= 0xd800 && unit <= 0xdbff && is_here(reader, '\\') &&
	    reader->source.len - reader->at > 1 && reader->source.ptr[reader->at + 1] == 'u') {
		reader->at += 2;
		if (!read_hex4(reader, &low))
			return false;
		if (low >= 0xdc00 && low <= 0xdfff)
			unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	}
	if (unit >= 0xd800 && unit <= 0xdfff) {
		reader->at = start;
		return fail(reader, "half a surrogate pair");
	}
	*out += utf8_encode(unit, *out);
	return true;
}

/* Behind a backslash. */
static bool read_escape(struct reader *reader, char **out)
{
	static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (at_end(reader))
		return fail(reader, "unfinished escape");
	if (is_here(reader, 'u')) {
		reader->at++;
		return read_code_point(reader, out);
	}
	letter = memchr(letters, here(reader), sizeof letters - 1);
	if (!letter)
		return fail(reader, "no such escape");
	*(*out)++ = values[letter - letters];
	reader->at++;
	return true;
}

/* Copies from the opening quote on, decoding; an escape is never shorter than what it means. */
static bool read_escaped(struct reader *reader, size_t end, struct span *text)
{
	char *bytes = arena_alloc(reader->arena, 1, end - reader->at + 1);
	char *out = bytes;

	if (!bytes)
		return no_memory(reader);
	while (reader->at < end) {
		if (!is_here(reader, '\\')) {
			*out++ = here(reader);
			reader->at++;
			continue;
		}
		reader->at++;
		if (!read_escape(reader, &out))
			return false;
	}
	*text = (struct span){ bytes, (size_t)(out - bytes) };
	return true;
}

/* At the opening quote. */
static bool read_string(struct reader *reader, struct span *text)
{
	size_t start = ++reader->at;
	bool escaped = false;

	while (!at_end(reader) && here(reader) != '"') {
		unsigned char byte = (unsigned char)here(reader);
		uint32_t code_point;
		size_t len = 1;

		if (byte < 0x20)
			return fail(reader, "a control character in a string");
		if (byte >= 0x80)
			len = utf8_decode(reader->source, reader->at, &code_point);
		if (len == 0)
			return fail(reader, "not UTF-8");
		if (byte == '\\') {
			escaped = true;
			len = reader->source.len - reader->at > 1 ? 2 : 1;
			if (len == 2 && (unsigned char)reader->source.ptr[reader->at + 1] >= 0x80)
				len = 1;
		}
		reader->at += len;
	}
	if (at_end(reader)) {
		reader->at = start - 1;
		return fail(reader, "a string without an end");
	}
	*text = span_slice(reader->source, start, reader->at);
	if (escaped) {
		size_t end = reader->at;

		reader->at = start;
		if (!read_escaped(reader, end, text))
			return false;
	}
	reader->at++;
	return true;
}

/* ---- numbers and names ---- */

static bool digits(struct reader *reader)
{
	size_t start = reader->at;

	while (!at_end(reader) && here(reader) >= '0' && here(reader) <= '9')
		reader->at++;
	return reader->at > start || fail(reader, "a digit is missing");
}

static bool read_number(struct reader *reader, struct json_value *value)
{
	size_t start = reader->at;

	if (is_here(reader, '-'))
		reader->at++;
	if (is_here(reader, '0'))
		reader->at++;
	else if (!digits(reader))
		return false;
	if (is_here(reader, '.')) {
		reader->at++;
		if (!digits(reader))
			return false;
	}
	if (is_here(reader, 'e') || is_here(reader, 'E')) {
		reader->at++;
		if (is_here(reader, '+') || is_here(reader, '-'))
			reader->at++;
		if (!digits(reader))
			return false;
	}
	value->kind = JSON_NUMBER;
	value->text = span_slice(reader->source, start, reader->at);
	return true;
}

static bool read_name(struct reader *reader, struct json_value *value)
{
	static const struct {
		struct span name;
		enum json_kind kind;
	} names[] = {
		{ SPAN_INIT("null"), JSON_NULL },
		{ SPAN_INIT("true"), JSON_TRUE },
		{ SPAN_INIT("false"), JSON_FALSE },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (span_starts(span_from(reader->source, reader->at), names[i].name)) {
			value->kind = names[i].kind;
			reader->at += names[i].name.len;
			return true;
		}
	}
	return fail(reader, "no JSON value");
}

/* ---- arrays and objects ---- */

static uint64_t key_hash(struct span key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.ptr[i]) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 32;
}

static bool duplicate(struct reader *reader, const struct json_value *member)
{
	reader->at = member->key_start;
	return fail(reader, "this key stands twice in one object");
}

/*
 * Many keys: the members sorted into buckets by hash.  An attacker may aim at one
 * bucket, so that a bucket longer than a bound is refused rather than searched.
 */
static bool check_many_keys(struct reader *reader, const struct json_value *object)
{
	enum { LONGEST_RUN = 128 };
	size_t cap = 16, run;
	const struct json_value **table;

	while (cap < object->count * 2)
		cap *= 2;
	table = arena_array(reader->arena, const struct json_value *, cap);
	if (!table)
		return no_memory(reader);
	for (const struct json_value *m = object->first; m; m = m->next) {
		size_t slot = (size_t)key_hash(m->key) & (cap - 1);

		for (run = 0; table[slot]; run++, slot = (slot + 1) & (cap - 1)) {
			if (span_equal(table[slot]->key, m->key))
				return duplicate(reader, m);
			if (run == LONGEST_RUN)
				return problem_set(reader->problem, PROBLEM_LIMIT, m->key_start,
				                   "too many keys that collide");
		}
		table[slot] = m;
	}
	return true;
}

static bool check_keys(struct reader *reader, const struct json_value *object)
{
	if (object->count > FEW_KEYS)
		return check_many_keys(reader, object);
	for (const struct json_value *a = object->first; a; a = a->next) {
		for (const struct json_value *b = a->next; b; b = b->next) {
			if (span_equal(a->key, b->key))
				return duplicate(reader, b);
		}
	}
	return true;
}

static bool read_key(struct reader *reader, struct json_value *member)
{
	if (!is_here(reader, '"'))
		return fail(reader, "a key must be a string");
	member->key_start = reader->at;
	if (!read_string(reader, &member->key))
		return false;
	skip_blanks(reader);
	if (!is_here(reader, ':'))
		return fail(reader, "a colon is missing");
	reader->at++;
	skip_blanks(reader);
	return true;
}

/* The elements up to `close`; at the opening bracket. */
static bool read_elements(struct reader *reader, struct json_value *parent, char close)
{
	struct json_value **tail = &parent->first;

	reader->at++;
	skip_blanks(reader);
	if (is_here(reader, close)) {
		reader->at++;
		return true;
	}
	for (;;) {
		struct json_value *element = arena_new(reader->arena, struct json_value);

		if (!element)
			return no_memory(reader);
		if (parent->kind == JSON_OBJECT && !read_key(reader, element))
			return false;
		if (!read_value(reader, element))
			return false;
		*tail = element;
		tail = &element->next;
		parent->count++;
		skip_blanks(reader);
		if (is_here(reader, close)) {
			reader->at++;
			return true;
		}
		if (!is_here(reader, ','))
			return fail(reader,
			            at_end(reader) ? "unexpected end" : "a comma is missing");
		reader->at++;
		skip_blanks(reader);
		if (is_here(reader, close))
			return fail(reader, "a comma too many stands before this");
	}
}

static bool read_nested(struct reader *reader, struct json_value *value)
{
	bool object = is_here(reader, '{');

	if (reader->depth == 0)
		return problem_set(reader->problem, PROBLEM_LIMIT, reader->at, "nested too deeply");
	reader->depth--;
	value->kind = object ? JSON_OBJECT : JSON_ARRAY;
	if (!read_elements(reader, value, object ? '}' : ']'))
		return false;
	reader->depth++;
	return !object || check_keys(reader, value);
}

static bool read_value(struct reader *reader, struct json_value *value)
{
	bool read;
	char first;

	if (at_end(reader))
		return fail(reader, "unexpected end");
	value->start = reader->at;
	first = here(reader);
	if (first == '{' || first == '[') {
		read = read_nested(reader, value);
	} else if (first == '"') {
		value->kind = JSON_STRING;
		read = read_string(reader, &value->text);
	} else if (first == '-' || (first >= '0' && first <= '9')) {
		read = read_number(reader, value);
	} else {
		read = read_name(reader, value);
	}
	value->end = reader->at;
	return read;
}

bool json_parse(struct span source, const struct json_limits *limits, struct arena *arena,
                struct json_value **value, struct problem *problem)
{
	const struct json_limits *in_force = limits ? limits : &json_default_limits;
	struct reader reader = {
		.source = source, .depth = in_force->depth, .arena = arena, .problem = problem
	};
	struct json_value *root;

	if (source.len > in_force->source_bytes)
		return problem_set(problem, PROBLEM_LIMIT, in_force->source_bytes, "too long");
	root = arena_new(arena, struct json_value);
	if (!root)
		return no_memory(&reader);
	skip_blanks(&reader);
	if (!read_value(&reader, root))
		return false;
	skip_blanks(&reader);
	if (!at_end(&reader))
		return fail(&reader, "something stands behind the value");
	*value = root;
	return true;
}

/* ---- asking ---- */

const struct json_value *json_get(const struct json_value *object, struct span key)
{
	if (!object || object->kind != JSON_OBJECT)
		return NULL;
	for (const struct json_value *member = object->first; member; member = member->next) {
		if (span_equal(member->key, key))
			return member;
	}
	return NULL;
}

bool json_string(const struct json_value *value, struct span *text)
{
	if (!value || value->kind != JSON_STRING)
		return false;
	*text = value->text;
	return true;
}

bool json_bool(const struct json_value *value, bool *truth)
{
	if (!value || (value->kind != JSON_TRUE && value->kind != JSON_FALSE))
		return false;
	*truth = value->kind == JSON_TRUE;
	return true;
}

bool json_int(const struct json_value *value, int64_t *number)
{
	struct span text;
	int64_t sum = 0;
	bool negative;

	if (!value || value->kind != JSON_NUMBER)
		return false;
	text = value->text;
	negative = span_starts(text, SPAN("-"));
	for (size_t i = negative; i < text.len; i++) {
		int digit = text.ptr[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, digit, &sum))
			return false;
	}
	if (!negative && sum == INT64_MIN)
		return false;
	*number = negative ? sum : -sum;
	return true;
}

bool json_double(const struct json_value *value, double *number)
{
	char text[LONGEST_NUMBER + 1];
	locale_t plain;
	double read;

	if (!value || value->kind != JSON_NUMBER || value->text.len > LONGEST_NUMBER)
		return false;
	memcpy(text, value->text.ptr, value->text.len);
	text[value->text.len] = '\0';
	plain = newlocale(LC_ALL_MASK, "C", NULL); /* whoever links us may use a decimal comma */
	if (!plain)
		return false;
	read = strtod_l(text, NULL, plain);
	freelocale(plain);
	if (!isfinite(read))
		return false;
	*number = read;
	return true;
}
