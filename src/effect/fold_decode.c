/* tr, base64 -d, xxd -r -p and awk 'BEGIN{print "..."}' on known input. */
#include "effect/fold.h"

static bool has_option(const struct folding *f, const char *letters, const char *name)
{
	for (size_t i = 1; i < f->words->count; i++) {
		struct span word;

		if (!fold_word(f, i, &word) || word.len < 2 || word.ptr[0] != '-')
			continue;
		if (name && span_starts(span_of(name), word) && word.len > 3)
			return true;
		if (word.ptr[1] == '-')
			continue;
		for (const char *letter = letters; *letter; letter++)
			if (span_find_byte(word, *letter, NULL))
				return true;
	}
	return false;
}

/* ---- tr ---- */

/* The bytes of a set: ranges, and [:upper:] and its like. */
static size_t set_of(struct span text, unsigned char *set, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len && count < size;) {
		unsigned char low = (unsigned char)text.ptr[i], high = low;

		if (span_starts(span_from(text, i), SPAN("[:upper:]"))) {
			low = 'A';
			high = 'Z';
			i += 9;
		} else if (span_starts(span_from(text, i), SPAN("[:lower:]"))) {
			low = 'a';
			high = 'z';
			i += 9;
		} else if (i + 2 < text.len && text.ptr[i + 1] == '-') {
			high = (unsigned char)text.ptr[i + 2];
			i += 3;
		} else if (low == '\\' && i + 1 < text.len) {
			low = high = text.ptr[i + 1] == 'n' ? '\n' : (unsigned char)text.ptr[i + 1];
			i += 2;
		} else {
			i++;
		}
		for (unsigned byte = low; byte <= high && count < size; byte++)
			set[count++] = (unsigned char)byte;
	}
	return count;
}

bool fold_tr(struct folding *f)
{
	unsigned char from[512], to[512];
	size_t from_count, to_count;
	struct value *input = &f->run->input;
	bool drop = has_option(f, "d", NULL);
	struct span first, second = SPAN("");
	size_t at = 1;

	while (fold_word(f, at, &first) && first.len > 1 && first.ptr[0] == '-')
		at++;
	if (!input->complete || has_option(f, "csC", NULL) || !fold_word(f, at, &first) ||
	    (!drop && !fold_word(f, at + 1, &second)))
		return true;
	from_count = set_of(first, from, sizeof from);
	to_count = set_of(second, to, sizeof to);
	f->done = true;
	for (size_t i = 0; i < input->head.len; i++) {
		char byte = input->head.ptr[i];
		size_t k = 0;

		while (k < from_count && from[k] != (unsigned char)byte)
			k++;
		if (k < from_count && drop)
			continue;
		if (k < from_count && to_count > 0)
			byte = (char)to[k < to_count ? k : to_count - 1];
		if (!fold_put(f, (struct span){ &byte, 1 }))
			return false;
	}
	return true;
}

/* ---- base64 -d, xxd -r -p ---- */

static int value64(char byte)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t at;

	return span_find_byte(span_of(digits), byte, &at) ? (int)at : -1;
}

static bool is_input(const struct folding *f)
{
	struct span word;

	for (size_t i = 1; i < f->words->count; i++)
		if (!fold_word(f, i, &word) || word.len == 0 ||
		    (word.ptr[0] != '-' && !span_equal(word, SPAN("-"))))
			return false;
	return f->run->input.complete;
}

bool fold_base64(struct folding *f)
{
	struct span text = f->run->input.head;
	unsigned bits = 0, have = 0;

	if (!is_input(f) || !has_option(f, "dD", "--decode"))
		return true;
	f->done = true;
	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		int value = value64(text.ptr[i]);

		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned)value) & 0xffffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		char byte = (char)(unsigned char)(bits >> have & 0xff);

		if (!fold_put(f, (struct span){ &byte, 1 }))
			return false;
	}
	return true;
}

static int value16(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

bool fold_xxd(struct folding *f)
{
	struct span text = f->run->input.head;
	int high = -1;

	if (!is_input(f) || !has_option(f, "r", NULL) || !has_option(f, "p", NULL))
		return true;
	f->done = true;
	for (size_t i = 0; i < text.len; i++) {
		int value = value16(text.ptr[i]);

		if (value < 0)
			continue;
		if (high < 0) {
			high = value;
			continue;
		}
		char byte = (char)(unsigned char)(high * 16 + value);

		high = -1;
		if (!fold_put(f, (struct span){ &byte, 1 }))
			return false;
	}
	return true;
}

/* ---- awk 'BEGIN{print "..."}' ---- */

bool fold_awk(struct folding *f)
{
	struct span text;
	size_t at, end;

	if (!fold_word(f, 1, &text) || !span_starts(text, SPAN("BEGIN")))
		return true;
	text = span_trim(span_from(text, 5));
	if (!span_starts(text, SPAN("{")) || !span_find(text, SPAN("print"), &at))
		return true;
	text = span_trim(span_from(text, at + 5));
	if (!span_starts(text, SPAN("\"")) || !span_find_byte(span_from(text, 1), '"', &end))
		return true;
	if (span_find_byte(span_slice(text, 1, end + 1), '\\', NULL))
		return true;
	f->done = true;
	return fold_put(f, span_slice(text, 1, end + 1)) && fold_put(f, SPAN("\n"));
}
