/* $'...': ANSI-C quoting, manual 3.1.2.4. */
#include "shell/parser.h"

#include <string.h>

struct decoder {
	struct span in; /* between the quotes */
	size_t at;
	char *out;
	size_t len;
	bool ended; /* a NUL: bash keeps nothing behind it */
};

static int digit_value(int c, unsigned base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if ((c | 32) >= 'a' && (c | 32) <= 'f')
		value = (c | 32) - 'a' + 10;
	return value >= 0 && (unsigned)value < base ? value : -1;
}

/* Up to `most` digits; *count says how many there were. */
static uint32_t number(struct decoder *d, unsigned base, unsigned most, unsigned *count)
{
	uint32_t value = 0;
	int digit;

	for (*count = 0; *count < most && d->at < d->in.len; (*count)++) {
		digit = digit_value((unsigned char)d->in.ptr[d->at], base);
		if (digit < 0)
			break;
		value = value * base + (uint32_t)digit;
		d->at++;
	}
	return value;
}

static void put(struct decoder *d, uint32_t byte)
{
	if (byte == 0)
		d->ended = true;
	else
		d->out[d->len++] = (char)(unsigned char)byte;
}

static void put_both(struct decoder *d, char escape)
{
	d->out[d->len++] = '\\';
	d->out[d->len++] = escape;
}

/* UTF-8 as it once was, up to six bytes (RFC 2279): bash writes any 31-bit number so. */
static void put_code_point(struct decoder *d, uint32_t value)
{
	unsigned more = value < 0x80 ? 0 : value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;

	if (value >= 0x200000)
		more = value < 0x4000000 ? 4 : 5;
	if (more == 0) {
		put(d, value);
		return;
	}
	if (value > 0x7fffffff)
		return;
	d->out[d->len++] = (char)(unsigned char)(0xff00u >> (more + 1) | value >> (6 * more));
	while (more-- > 0)
		d->out[d->len++] = (char)(unsigned char)(0x80 | (value >> (6 * more) & 0x3f));
}

static void numeric(struct decoder *d, char escape, size_t from)
{
	unsigned count;
	uint32_t value;

	if (escape == 'x' && d->at < d->in.len && d->in.ptr[d->at] == '{') {
		d->at++;
		value = number(d, 16, 8, &count);
		if (d->at < d->in.len && d->in.ptr[d->at] == '}')
			d->at++;
	} else {
		value = number(d, 16, escape == 'x' ? 2 : escape == 'u' ? 4 : 8, &count);
	}
	if (count == 0) {
		d->at = from + 2;
		put_both(d, escape);
	} else if (escape == 'x') {
		put(d, value & 0xff);
	} else {
		put_code_point(d, value);
	}
}

static void control(struct decoder *d)
{
	unsigned char c;

	if (d->at >= d->in.len) {
		put_both(d, 'c');
		return;
	}
	c = (unsigned char)d->in.ptr[d->at++];
	if (c == '\\' && d->at < d->in.len && d->in.ptr[d->at] == '\\')
		d->at++;
	put(d, c == '?' ? 0x7f : (c >= 'a' && c <= 'z' ? c - 32u : c) & 0x1f);
}

static void escape(struct decoder *d)
{
	static const char letters[] = "abeEfnrtv\\'\"?";
	static const char values[] = "\a\b\033\033\f\n\r\t\v\\'\"?";
	size_t from = d->at;
	unsigned count;
	const char *found;
	char c;

	d->at++;
	if (d->at >= d->in.len) {
		put(d, '\\');
		return;
	}
	c = d->in.ptr[d->at++];
	found = memchr(letters, c, sizeof(letters) - 1);
	if (found != NULL) {
		put(d, (unsigned char)values[found - letters]);
	} else if (c >= '0' && c <= '7') {
		d->at--;
		put(d, number(d, 8, 3, &count) & 0xff);
	} else if (c == 'x' || c == 'u' || c == 'U') {
		numeric(d, c, from);
	} else if (c == 'c') {
		control(d);
	} else {
		put_both(d, c);
	}
}

/* The closing quote, or the end. */
static size_t closing(const struct parser *p, size_t i)
{
	while (i < p->end && p->text[i] != '\'')
		i += p->text[i] == '\\' ? 2 : 1;
	return i < p->end ? i : p->end;
}

/*
 * Inside "${x-...}", subscripts and arithmetic bash replaces $'...' while it
 * reads, and expands the result as text in double quotes: "${x-$'\x24(date)'}"
 * runs date.  In a here-document it is no quote at all.  Only text that means
 * the same either way is taken.
 */
static bool harmless(const struct parser *p, struct span text)
{
	static const char active[] = "$`\"'}\\";
	size_t i;

	for (i = 0; i < text.len; i++)
		if (memchr(active, text.ptr[i], sizeof(active) - 1) != NULL)
			return false;
	return !p->body;
}

bool shell_ansi(struct parser *p, struct word_builder *b, bool expands)
{
	size_t open = p->at, from, close;
	struct decoder d = { .at = 0 };

	p->at++;
	if (!shell_take(p, '\''))
		return shell_unexpected(p);
	from = p->at;
	close = closing(p, from);
	if (close >= p->end)
		return shell_fail(p, open, "a single quote is not closed");
	d.in = (struct span){ p->text + from, close - from };
	p->at = close + 1;
	if (expands && !harmless(p, span_find_byte(d.in, '\\', NULL) ? SPAN("") : d.in))
		return shell_fail(p, open, "$'...' that could be expanded again");
	if (!span_find_byte(d.in, '\\', NULL))
		return shell_add_text(p, b, true, d.in, open, p->at);
	d.out = shell_memory(p, d.in.len);
	if (d.out == NULL)
		return false;
	while (d.at < d.in.len && !d.ended) {
		if (d.in.ptr[d.at] == '\\')
			escape(&d);
		else
			put(&d, (unsigned char)d.in.ptr[d.at++]);
	}
	if (expands && !harmless(p, (struct span){ d.out, d.len }))
		return shell_fail(p, open, "$'...' that could be expanded again");
	return shell_add_text(p, b, true, (struct span){ d.out, d.len }, open, p->at);
}
