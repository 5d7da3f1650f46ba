/* Writing a tree back, for files that people read. */
#include "base/json.h"

enum { DEEPEST = 512 };

static void new_line(struct outbuf *out, unsigned depth)
{
	outbuf_put_byte(out, '\n');
	for (unsigned i = 0; i < depth; i++)
		outbuf_put(out, SPAN("  "));
}

static void write_nested(const struct json_value *value, unsigned depth, struct outbuf *out)
{
	bool object = value->kind == JSON_OBJECT;

	outbuf_put_byte(out, object ? '{' : '[');
	for (const struct json_value *item = value->first; item; item = item->next) {
		new_line(out, depth + 1);
		if (object) {
			outbuf_put_json(out, item->key);
			outbuf_put(out, SPAN(": "));
		}
		json_write(item, depth + 1, out);
		if (item->next)
			outbuf_put_byte(out, ',');
	}
	if (value->first)
		new_line(out, depth);
	outbuf_put_byte(out, object ? '}' : ']');
}

void json_write(const struct json_value *value, unsigned depth, struct outbuf *out)
{
	if (depth > DEEPEST) {
		out->failed = true;
		return;
	}
	switch (value->kind) {
	case JSON_NULL:
		outbuf_put(out, SPAN("null"));
		break;
	case JSON_FALSE:
		outbuf_put(out, SPAN("false"));
		break;
	case JSON_TRUE:
		outbuf_put(out, SPAN("true"));
		break;
	case JSON_NUMBER:
		outbuf_put(out, value->text);
		break;
	case JSON_STRING:
		outbuf_put_json(out, value->text);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		write_nested(value, depth, out);
		break;
	}
}
