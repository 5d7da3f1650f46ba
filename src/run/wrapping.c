/* A shell text against the shape that an agent gives it, left to right. */
#include "run/wrapping.h"

static bool is_plain(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || span_find_byte(SPAN("_./:=@+,-"), byte, NULL);
}

/* One part of a word, unquoted, taken off `rest`; false where none is left. */
static bool take_part(struct span *rest, struct span *part)
{
	static const struct span quoted[] = { SPAN_INIT("\\'"), SPAN_INIT("\"'\"") };
	size_t end = 0;

	for (size_t i = 0; i < sizeof quoted / sizeof quoted[0]; i++) {
		if (span_starts(*rest, quoted[i])) {
			*part = SPAN("'");
			*rest = span_from(*rest, quoted[i].len);
			return true;
		}
	}
	if (span_starts(*rest, SPAN("'"))) {
		if (!span_find_byte(span_from(*rest, 1), '\'', &end))
			return false;
		*part = span_slice(*rest, 1, end + 1);
		*rest = span_from(*rest, end + 2);
		return true;
	}
	while (end < rest->len && is_plain(rest->ptr[end]))
		end++;
	*part = span_slice(*rest, 0, end);
	*rest = span_from(*rest, end);
	return end > 0;
}

/* One word off `rest`; false where there is none. */
static bool take_word(struct span *rest, unsigned char sha256[SHA256_BYTES])
{
	struct span part;
	struct sha256 hash;
	bool any = false;

	sha256_init(&hash);
	while (take_part(rest, &part)) {
		sha256_add(&hash, part);
		any = true;
	}
	sha256_end(&hash, sha256);
	return any;
}

static bool take_literal(struct span *shape, struct span literal)
{
	if (!span_starts(*shape, literal))
		return false;
	*shape = span_from(*shape, literal.len);
	return true;
}

enum wrapping wrapping_match(struct span shape, struct span text,
                             unsigned char sha256[SHA256_BYTES])
{
	unsigned char ignored[SHA256_BYTES];
	enum wrapping found = WRAPPING_OWN;

	while (shape.len > 0) {
		if (take_literal(&shape, SPAN("{text}"))) {
			sha256_of(text, sha256);
			return shape.len == 0 ? WRAPPING_COMMAND : WRAPPING_NONE;
		}
		if (take_literal(&shape, SPAN("**")))
			return span_ends(text, shape) ? found : WRAPPING_NONE;
		if (take_literal(&shape, SPAN("{word}"))) {
			if (!take_word(&text, sha256))
				return WRAPPING_NONE;
			found = WRAPPING_COMMAND;
		} else if (take_literal(&shape, SPAN("*"))) {
			if (!take_word(&text, ignored))
				return WRAPPING_NONE;
		} else if (take_literal(&text, span_slice(shape, 0, 1))) {
			shape = span_from(shape, 1);
		} else {
			return WRAPPING_NONE;
		}
	}
	return text.len == 0 ? found : WRAPPING_NONE;
}
