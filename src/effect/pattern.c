/*
 * The shell's patterns against known text: manual 3.5.8.1 without extglob, for ${x#pattern},
 * case and the program names that a pattern stands for.  The last star is remembered, so the time
 * is bounded by the product of the lengths.
 */
#include "effect/engine.h"

static bool in_class(struct span pattern, size_t *at, unsigned char byte, bool *matched)
{
	size_t i = *at + 1;
	bool negated = i < pattern.len && (pattern.ptr[i] == '!' || pattern.ptr[i] == '^');
	bool found = false, first = true;

	i += negated;
	for (; i < pattern.len && (first || pattern.ptr[i] != ']'); first = false) {
		unsigned char low = (unsigned char)pattern.ptr[i++], high = low;

		if (i + 1 < pattern.len && pattern.ptr[i] == '-' && pattern.ptr[i + 1] != ']') {
			high = (unsigned char)pattern.ptr[i + 1];
			i += 2;
		}
		found = found || (byte >= low && byte <= high);
	}
	if (i >= pattern.len)
		return false;
	*at = i + 1;
	*matched = found != negated;
	return true;
}

static bool match_one(struct span pattern, size_t *at, unsigned char byte)
{
	bool matched;

	switch (pattern.ptr[*at]) {
	case '?':
		++*at;
		return true;
	case '[':
		if (in_class(pattern, at, byte, &matched))
			return matched;
		break;
	case '\\':
		if (*at + 1 < pattern.len)
			++*at;
		break;
	default:
		break;
	}
	return (unsigned char)pattern.ptr[(*at)++] == byte;
}

bool pattern_matches(struct span pattern, struct span text)
{
	size_t p = 0, t = 0, after_star = 0, retry = 0;
	bool star = false;

	while (t < text.len) {
		size_t next = p;

		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = true;
			after_star = ++p;
			retry = t;
			continue;
		}
		if (p < pattern.len && match_one(pattern, &next, (unsigned char)text.ptr[t])) {
			p = next;
			t++;
			continue;
		}
		if (!star)
			return false;
		p = after_star;
		t = ++retry;
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}
