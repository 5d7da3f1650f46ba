/*
 * The JSON reader over any bytes.  Where it accepts: values lie within each other and in order, what is
 * printed of them reads back to the same, no beginning of an array or object passes, and nothing may
 * follow.  Where it refuses: the problem lies in the text.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "json_print.h"

enum { ROOM = 64 << 20, MAX_PREFIXES = 256 };

static void must(bool condition)
{
	if (!condition)
		abort();
}

static bool parse(struct span text, struct arena *arena, struct json_value **value)
{
	struct problem problem = { 0 };
	bool read = json_parse(text, NULL, arena, value, &problem);

	if (!read) {
		must(problem.kind == PROBLEM_SYNTAX || problem.kind == PROBLEM_LIMIT);
		must(problem.offset <= text.len && problem.what);
	}
	return read;
}

static bool accepts(struct span text)
{
	struct json_value *value;
	struct arena arena;
	bool read;

	arena_init(&arena, ROOM);
	read = parse(text, &arena, &value);
	arena_release(&arena);
	return read;
}

/* A value's bytes within those of its parent, its members in order, and every text UTF-8. */
static void check_spans(const struct json_value *value, size_t start, size_t end)
{
	size_t at = value->start + 1, count = 0;

	must(start <= value->start && value->start < value->end && value->end <= end);
	must(utf8_valid(value->text) && utf8_valid(value->key));
	must(value->kind == JSON_ARRAY || value->kind == JSON_OBJECT || !value->first);
	for (const struct json_value *member = value->first; member; member = member->next) {
		if (value->kind == JSON_OBJECT) {
			must(at <= member->key_start && member->key_start < member->start);
			must(json_get(value, member->key) == member);
		}
		check_spans(member, at, value->end - 1);
		at = member->end;
		count++;
	}
	must(count == value->count);
}

static void check_printed(const struct json_value *value)
{
	struct outbuf once, twice;
	struct json_value *again;
	struct arena arena;

	arena_init(&arena, ROOM);
	outbuf_init(&once, ROOM);
	outbuf_init(&twice, ROOM);
	json_print(&once, value);
	must(outbuf_ok(&once) && parse(outbuf_span(&once), &arena, &again));
	json_print(&twice, again);
	must(outbuf_ok(&twice) && span_equal(outbuf_span(&once), outbuf_span(&twice)));
	outbuf_release(&once);
	outbuf_release(&twice);
	arena_release(&arena);
}

static void check_cut(struct span text, const struct json_value *value)
{
	size_t step = 1 + value->end / MAX_PREFIXES;
	char *longer = malloc(text.len + 1);

	must(longer != NULL);
	memcpy(longer, text.ptr, text.len);
	longer[text.len] = 'x';
	must(!accepts((struct span){ longer, text.len + 1 }));
	free(longer);
	if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT)
		return;
	for (size_t len = 0; len < value->end; len += step)
		must(!accepts(span_slice(text, 0, len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct json_value *value;
	struct arena arena;

	arena_init(&arena, ROOM);
	if (parse(text, &arena, &value)) {
		must(utf8_valid(text));
		check_spans(value, 0, size);
		if (size < 1 << 16) { /* json_get() for each member is quadratic */
			check_printed(value);
			check_cut(text, value);
		}
	}
	arena_release(&arena);
	return 0;
}
