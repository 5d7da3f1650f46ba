/*
 * Both matchers remember only the last star (or the last double star): a later
 * one makes an earlier one's choice irrelevant, so nothing is tried twice.
 */
#include "base/glob.h"

/* ---- one component ---- */

static unsigned char byte_at(struct span text, size_t at)
{
	return (unsigned char)text.ptr[at];
}

/*
 * At a '[': whether it is a class, whether `byte` is in it, and where the pattern
 * goes on.  A '[' without an end is an ordinary byte.
 */
static bool match_class(struct span pattern, size_t *at, unsigned char byte, bool *matched)
{
	size_t i = *at + 1;
	bool negated = false, found = false, first = true;

	if (i < pattern.len && (pattern.ptr[i] == '!' || pattern.ptr[i] == '^')) {
		negated = true;
		i++;
	}
	for (; i < pattern.len && (first || pattern.ptr[i] != ']'); first = false) {
		unsigned char low, high;

		if (pattern.ptr[i] == '\\' && i + 1 < pattern.len)
			i++;
		low = high = byte_at(pattern, i++);
		if (i + 1 < pattern.len && pattern.ptr[i] == '-' && pattern.ptr[i + 1] != ']') {
			i++;
			if (pattern.ptr[i] == '\\' && i + 1 < pattern.len)
				i++;
			high = byte_at(pattern, i++);
		}
		found = found || (byte >= low && byte <= high);
	}
	if (i >= pattern.len)
		return false;
	*at = i + 1;
	*matched = found != negated;
	return true;
}

/* One pattern element against one byte; moves *at behind the element. */
static bool match_one(struct span pattern, size_t *at, unsigned char byte)
{
	bool matched;

	switch (pattern.ptr[*at]) {
	case '?':
		++*at;
		return true;
	case '[':
		if (match_class(pattern, at, byte, &matched))
			return matched;
		break;
	case '\\':
		if (*at + 1 < pattern.len)
			++*at;
		break;
	default:
		break;
	}
	return byte_at(pattern, (*at)++) == byte;
}

static bool match_component(struct span pattern, struct span text)
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
		if (p < pattern.len && match_one(pattern, &next, byte_at(text, t))) {
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

/* ---- whole paths ---- */

/* Cuts the component at the front of *rest; false where nothing but slashes is left. */
static bool next(struct span *rest, struct span *component)
{
	size_t start = 0, end;

	while (start < rest->len && rest->ptr[start] == '/')
		start++;
	end = start;
	while (end < rest->len && rest->ptr[end] != '/')
		end++;
	*component = span_slice(*rest, start, end);
	*rest = span_from(*rest, end);
	return component->len > 0;
}

static bool absolute(struct span path)
{
	return path.len > 0 && path.ptr[0] == '/';
}

bool glob_path(struct span pattern, struct span path)
{
	struct span after_star = SPAN(""), retry = SPAN("");
	struct span part, component;
	bool star = false;

	if (absolute(pattern) != absolute(path) && !span_starts(pattern, SPAN("**")))
		return false;
	for (;;) {
		struct span path_before = path;
		bool more_pattern = next(&pattern, &part);
		bool more_path = next(&path, &component);

		if (more_pattern && span_equal(part, SPAN("**"))) {
			struct span rest = pattern;

			if (!next(&rest, &part))
				return more_path; /* at the end it wants at least one component */
			star = true;
			after_star = pattern;
			path = retry = path_before;
			continue;
		}
		if (!more_pattern && !more_path)
			return true;
		if (more_pattern && more_path && match_component(part, component))
			continue;
		if (!star || !next(&retry, &component))
			return false;
		pattern = after_star;
		path = retry;
	}
}

/* ---- plain text ---- */

static unsigned char folded(unsigned char byte, enum glob_case fold)
{
	return fold == GLOB_CASE_FOLD && byte >= 'A' && byte <= 'Z'
	               ? (unsigned char)(byte - 'A' + 'a')
	               : byte;
}

bool glob_text(struct span pattern, struct span text, enum glob_case fold)
{
	size_t p = 0, t = 0, after_star = 0, retry = 0;
	bool star = false;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = true;
			after_star = ++p;
			retry = t;
			continue;
		}
		if (p < pattern.len &&
		    folded(byte_at(pattern, p), fold) == folded(byte_at(text, t), fold)) {
			p++;
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
