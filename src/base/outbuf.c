/* The latching buffer: growth, numbers, JSON strings, text that a terminal may show. */
#include "base/outbuf.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void outbuf_init(struct outbuf *out, size_t limit)
{
	*out = (struct outbuf){ .limit = limit };
}

void outbuf_release(struct outbuf *out)
{
	free(out->ptr);
	*out = (struct outbuf){ .limit = out->limit };
}

void outbuf_reset(struct outbuf *out)
{
	out->len = 0;
	out->failed = false;
}

/* Room for `more` bytes, or the failure is latched. */
static bool reserve(struct outbuf *out, size_t more)
{
	size_t needed, cap;
	char *bigger;

	if (out->failed)
		return false;
	if (__builtin_add_overflow(out->len, more, &needed) || needed > out->limit) {
		out->failed = true;
		return false;
	}
	if (needed <= out->cap)
		return true;
	cap = out->cap ? out->cap : 256;
	while (cap < needed && cap <= SIZE_MAX / 2)
		cap *= 2;
	if (cap < needed || cap > out->limit)
		cap = out->limit;
	bigger = realloc(out->ptr, cap);
	if (!bigger) {
		out->failed = true;
		return false;
	}
	out->ptr = bigger;
	out->cap = cap;
	return true;
}

void outbuf_put(struct outbuf *out, struct span text)
{
	if (text.len == 0 || !reserve(out, text.len))
		return;
	memcpy(out->ptr + out->len, text.ptr, text.len);
	out->len += text.len;
}

void outbuf_put_byte(struct outbuf *out, char byte)
{
	outbuf_put(out, (struct span){ &byte, 1 });
}

void outbuf_put_u64(struct outbuf *out, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	outbuf_put(out, (struct span){ digits + at, sizeof digits - at });
}

void outbuf_put_i64(struct outbuf *out, int64_t number)
{
	if (number < 0)
		outbuf_put_byte(out, '-');
	outbuf_put_u64(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

static const char hex_digits[] = "0123456789abcdef";

void outbuf_put_hex(struct outbuf *out, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];

		outbuf_put_byte(out, hex_digits[byte >> 4]);
		outbuf_put_byte(out, hex_digits[byte & 15]);
	}
}

/* The short escape of RFC 8259, section 7, or 0. */
static char short_escape(unsigned char byte)
{
	switch (byte) {
	case '"':
	case '\\':
		return (char)byte;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return 0;
	}
}

static void put_json_escape(struct outbuf *out, unsigned char byte)
{
	char escape = short_escape(byte);

	if (escape) {
		outbuf_put(out, (struct span){ (char[]){ '\\', escape }, 2 });
		return;
	}
	outbuf_put(out, SPAN("\\u00"));
	outbuf_put_hex(out, (struct span){ (char[]){ (char)byte }, 1 });
}

void outbuf_put_json(struct outbuf *out, struct span text)
{
	size_t plain = 0, at = 0; /* bytes from plain to at need no change */

	outbuf_put_byte(out, '"');
	while (at < text.len) {
		unsigned char byte = (unsigned char)text.ptr[at];
		uint32_t code_point;
		size_t len = 1;

		if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
			at++;
			continue;
		}
		if (byte >= 0x80) {
			len = utf8_decode(text, at, &code_point);
			if (len) {
				at += len;
				continue;
			}
		}
		outbuf_put(out, span_slice(text, plain, at));
		if (byte >= 0x80)
			outbuf_put(out, SPAN("\xef\xbf\xbd"));
		else
			put_json_escape(out, byte);
		at++;
		plain = at;
	}
	outbuf_put(out, span_slice(text, plain, at));
	outbuf_put_byte(out, '"');
}

/* Code points that a terminal does not show as they are, or that reorder what it shows. */
static bool hidden(uint32_t code_point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },     { 0x7f, 0x9f },     { 0xad, 0xad },     { 0x61c, 0x61c },
		{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
		{ 0x115f, 0x1160 }, { 0x3164, 0x3164 }, { 0xd800, 0xdfff },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if (code_point >= ranges[i].first && code_point <= ranges[i].last)
			return true;
	}
	return false;
}

static void put_code_point(struct outbuf *out, uint32_t code_point)
{
	static const char upper[] = "0123456789ABCDEF";
	unsigned digits = code_point > 0xfffff ? 6 : code_point > 0xffff ? 5 : 4;

	outbuf_put(out, SPAN("<U+"));
	while (digits-- > 0)
		outbuf_put_byte(out, upper[(code_point >> (4 * digits)) & 15]);
	outbuf_put_byte(out, '>');
}

static void put_raw_byte(struct outbuf *out, unsigned char byte)
{
	outbuf_put(out, SPAN("\\x"));
	outbuf_put_hex(out, (struct span){ (char[]){ (char)byte }, 1 });
}

void outbuf_put_visible(struct outbuf *out, struct span text, bool lines)
{
	for (size_t at = 0; at < text.len;) {
		unsigned char byte = (unsigned char)text.ptr[at];
		uint32_t code_point;
		size_t len = utf8_decode(text, at, &code_point);

		if (len == 0) {
			put_raw_byte(out, byte);
			at++;
			continue;
		}
		if (!hidden(code_point) || (lines && byte == '\n'))
			outbuf_put(out, span_slice(text, at, at + len));
		else if (len == 1)
			put_raw_byte(out, byte);
		else
			put_code_point(out, code_point);
		at += len;
	}
}

bool outbuf_ok(const struct outbuf *out)
{
	return !out->failed;
}

struct span outbuf_span(const struct outbuf *out)
{
	return (struct span){ out->ptr ? out->ptr : "", out->len };
}
