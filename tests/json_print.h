/* Writes a JSON value without blanks: what the tests of the reader compare. */
#ifndef BAILIFF_TESTS_JSON_PRINT_H
#define BAILIFF_TESTS_JSON_PRINT_H

#include "base/json.h"
#include "base/outbuf.h"

/* Goes no deeper than the reader that made `value` did. */
static inline void json_print(struct outbuf *out, const struct json_value *value)
{
	static const char *const names[] = { "null", "false", "true" };
	bool object = value->kind == JSON_OBJECT;

	if (value->kind <= JSON_TRUE) {
		outbuf_put(out, span_of(names[value->kind]));
	} else if (value->kind == JSON_NUMBER) {
		outbuf_put(out, value->text);
	} else if (value->kind == JSON_STRING) {
		outbuf_put_json(out, value->text);
	} else {
		outbuf_put_byte(out, object ? '{' : '[');
		for (const struct json_value *at = value->first; at; at = at->next) {
			if (object) {
				outbuf_put_json(out, at->key);
				outbuf_put_byte(out, ':');
			}
			json_print(out, at);
			if (at->next)
				outbuf_put_byte(out, ',');
		}
		outbuf_put_byte(out, object ? '}' : ']');
	}
}

#endif
