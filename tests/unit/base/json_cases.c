/*
 * What the JSON reader makes of a text: each value with its bytes in the source, or the problem
 * with the byte it is about.  tests/cases/json/ holds the cases.
 */
#include "base/json.h"
#include "base/outbuf.h"
#include "golden.h"

static void show(struct outbuf *out, const struct json_value *value, unsigned depth)
{
	static const char *const kinds[] = { "null",   "false", "true",  "number",
		                             "string", "array", "object" };

	for (unsigned i = 0; i < depth; i++)
		outbuf_put(out, SPAN("  "));
	if (value->key_start) { /* a key is never the first byte */
		outbuf_put_u64(out, value->key_start);
		outbuf_put_byte(out, ' ');
		outbuf_put_json(out, value->key);
		outbuf_put(out, SPAN(": "));
	}
	outbuf_put_u64(out, value->start);
	outbuf_put_byte(out, '-');
	outbuf_put_u64(out, value->end);
	outbuf_put_byte(out, ' ');
	outbuf_put(out, span_of(kinds[value->kind]));
	if (value->kind == JSON_NUMBER || value->kind == JSON_STRING)
		outbuf_put_byte(out, ' ');
	if (value->kind == JSON_NUMBER)
		outbuf_put(out, value->text);
	if (value->kind == JSON_STRING)
		outbuf_put_json(out, value->text);
	outbuf_put_byte(out, '\n');
	for (const struct json_value *at = value->first; at; at = at->next)
		show(out, at, depth + 1);
}

static void run(struct span input, FILE *file, void *context)
{
	static const char *const kinds[] = { "none",  "memory", "syntax",
		                             "limit", "system", "refused" };
	struct json_value *value = NULL;
	struct problem problem = { 0 };
	struct arena arena;
	struct outbuf out;

	(void)context;
	arena_init(&arena, 1 << 20);
	outbuf_init(&out, 1 << 20);
	if (json_parse(input, NULL, &arena, &value, &problem)) {
		show(&out, value, 0);
		fwrite(out.ptr, 1, out.len, file);
	} else {
		fprintf(file, "%s at %zu: %s\n", kinds[problem.kind], problem.offset, problem.what);
	}
	outbuf_release(&out);
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
