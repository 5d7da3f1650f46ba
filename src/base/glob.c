/*
 * Both matchers remember only the last star (or the last double star): a later
 * one makes an earlier one's choice irrelevant, so nothing is tried twice.
 */
#include "base/glob.h"

#include <stdint.h>

#include "base/path.h"
#include "base/utf8.h"

/* ---- one component ---- */

/*
 * What `?` and classes count as one: a code point, or a byte where the text is not
 * UTF-8, which is given a value behind all code points.  Returns its length.
 */
static size_t unit_at(struct span text, size_t at, uint32_t *unit)
{
	enum { BEHIND_UNICODE = 0x110000 };
	size_t len = utf8_decode(text, at, unit);

	if (len)
		return len;
	*unit = BEHIND_UNICODE + (uint32_t)(unsigned char)text.ptr[at];
	return 1;
}

/* One end of a range in a class; a backslash takes the meaning from what follows it. */
static uint32_t class_unit(struct span pattern, size_t *at)
{
	uint32_t unit;

	if (pattern.ptr[*at] == '\\' && *at + 1 < pattern.len)
		++*at;
	*at += unit_at(pattern, *at, &unit);
	return unit;
}

/* The named classes of POSIX, 9.3.5, in the C locale. */
static bool in_named_class(struct span name, uint32_t unit)
{
	bool digit = unit >= '0' && unit <= '9';
	bool lower = unit >= 'a' && unit <= 'z', upper = unit >= 'A' && unit <= 'Z';
	bool graph = unit > ' ' && unit < 0x7f;
	bool hex = digit || (unit >= 'a' && unit <= 'f') || (unit >= 'A' && unit <= 'F');
	const struct {
		struct span name;
		bool in;
	} classes[] = {
		{ SPAN("alnum"), digit || lower || upper },
		{ SPAN("alpha"), lower || upper },
		{ SPAN("ascii"), unit < 0x80 },
		{ SPAN("blank"), unit == ' ' || unit == '\t' },
		{ SPAN("cntrl"), unit < ' ' || unit == 0x7f },
		{ SPAN("digit"), digit },
		{ SPAN("graph"), graph },
		{ SPAN("lower"), lower },
		{ SPAN("print"), graph || unit == ' ' },
		{ SPAN("punct"), graph && !digit && !lower && !upper },
		{ SPAN("space"), unit == ' ' || (unit >= '\t' && unit <= '\r') },
		{ SPAN("upper"), upper },
		{ SPAN("word"), digit || lower || upper || unit == '_' },
		{ SPAN("xdigit"), hex },
	};

	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
		if (span_equal(classes[i].name, name))
			return classes[i].in;
	}
	return false;
}

/* At "[:name:]" inside a class: moves *at behind it; false where there is none. */
static bool take_named_class(struct span pattern, size_t *at, struct span *name)
{
	struct span rest = span_from(pattern, *at);
	size_t end;

	if (!span_starts(rest, SPAN("[:")) || !span_find(span_from(rest, 2), SPAN(":]"), &end))
		return false;
	*name = span_slice(rest, 2, 2 + end);
	if (span_find_byte(*name, ']', NULL))
		return false;
	*at += 2 + end + 2;
	return true;
}

/* Behind the last bracket that may end a class; 0: there is none, so that no '[' begins one. */
static size_t classes_end(struct span pattern)
{
	size_t end = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] == '\\')
			i++;
		else if (pattern.ptr[i] == ']')
			end = i + 1;
	}
	return end;
}

/*
 * At a '[': false where it has no end, and so is an ordinary byte; else whether `unit` is
 * in the class goes to *matched, and *at moves behind it.
 */
static bool match_class(struct span pattern, size_t end, size_t *at, uint32_t unit, bool *matched)
{
	size_t i = *at + 1;
	bool negated = false, found = false, first = true;

	if (end <= i)
		return false; /* known without a search, which each '[' of "[[[[" would repeat */
	if (i < pattern.len && (pattern.ptr[i] == '!' || pattern.ptr[i] == '^')) {
		negated = true;
		i++;
	}
	for (; i < pattern.len && (first || pattern.ptr[i] != ']'); first = false) {
		uint32_t low, high;
		struct span name;

		if (take_named_class(pattern, &i, &name)) {
			found = found || in_named_class(name, unit);
			continue;
		}
		low = high = class_unit(pattern, &i);

		if (i + 1 < pattern.len && pattern.ptr[i] == '-' && pattern.ptr[i + 1] != ']') {
			i++;
			high = class_unit(pattern, &i);
		}
		found = found || (unit >= low && unit <= high);
	}
	if (i >= pattern.len)
		return false;
	*at = i + 1;
	*matched = found != negated;
	return true;
}

/* One pattern element against one unit of text; moves *at behind the element. */
static bool match_one(struct span pattern, size_t end, size_t *at, uint32_t unit)
{
	uint32_t wanted;
	bool matched;

	switch (pattern.ptr[*at]) {
	case '?':
		++*at;
		return true;
	case '[':
		if (match_class(pattern, end, at, unit, &matched))
			return matched;
		break;
	case '\\':
		if (*at + 1 < pattern.len)
			++*at;
		break;
	default:
		break;
	}
	*at += unit_at(pattern, *at, &wanted);
	return wanted == unit;
}

bool glob_component(struct span pattern, struct span text)
{
	size_t p = 0, t = 0, after_star = 0, retry = 0, end = classes_end(pattern);
	bool star = false;

	while (t < text.len) {
		size_t next = p, len;
		uint32_t unit;

		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = true;
			after_star = ++p;
			retry = t;
			continue;
		}
		len = unit_at(text, t, &unit);
		if (p < pattern.len && match_one(pattern, end, &next, unit)) {
			p = next;
			t += len;
			continue;
		}
		if (!star)
			return false;
		p = after_star;
		retry += unit_at(text, retry, &unit);
		t = retry;
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

/* ---- whole paths ---- */

/* Whether a slash, or one behind a backslash, stands at `at` in a pattern. */
static bool slash_at(struct span pattern, size_t at)
{
	return span_starts(span_from(pattern, at), SPAN("/")) ||
	       span_starts(span_from(pattern, at), SPAN("\\/"));
}

/*
 * Cuts the component at the front of a pattern off *rest; false where nothing but slashes is
 * left.  A slash ends it even behind a backslash, which then says nothing and is left out.
 */
static bool next_part(struct span *rest, struct span *part)
{
	size_t start = 0, end, quoted = 0;

	while (slash_at(*rest, start))
		start += rest->ptr[start] == '/' ? 1 : 2;
	for (end = start; end < rest->len && rest->ptr[end] != '/'; end++) {
		if (rest->ptr[end] != '\\' || end + 1 == rest->len)
			continue;
		end++;
		quoted = rest->ptr[end] == '/';
		if (quoted)
			break;
	}
	*part = span_slice(*rest, start, end - quoted);
	*rest = span_from(*rest, end);
	return end > start;
}

/* Whether the pattern's first component is a double star. */
static bool anywhere(struct span pattern)
{
	struct span part;

	return next_part(&pattern, &part) && span_equal(part, SPAN("**"));
}

bool glob_path(struct span pattern, struct span path)
{
	struct span after_star = SPAN(""), retry = SPAN("");
	struct span part, component;
	bool star = false, absolute = slash_at(pattern, 0);

	if (absolute != span_starts(path, SPAN("/")) && (absolute || !anywhere(pattern)))
		return false;
	for (;;) {
		struct span path_before = path;
		bool more_pattern = next_part(&pattern, &part);
		bool more_path = path_next(&path, &component);

		if (more_pattern && span_equal(part, SPAN("**"))) {
			struct span rest = pattern;

			if (!next_part(&rest, &part))
				return more_path; /* at the end it wants at least one component */
			star = true;
			after_star = pattern;
			path = retry = path_before;
			continue;
		}
		if (!more_pattern && !more_path)
			return true;
		if (more_pattern && more_path && glob_component(part, component))
			continue;
		if (!star || !path_next(&retry, &component))
			return false;
		pattern = after_star;
		path = retry;
	}
}

/* ---- plain text ---- */

static unsigned char folded(struct span text, size_t at, enum glob_case fold)
{
	unsigned char byte = (unsigned char)text.ptr[at];

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
		if (p < pattern.len && folded(pattern, p, fold) == folded(text, t, fold)) {
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
