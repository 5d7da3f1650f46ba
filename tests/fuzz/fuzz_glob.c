/*
 * The glob matchers over a pattern and a text, parted by the first line end.  They agree with a slow
 * matcher; an escaped text matches itself alone; a double star matches whatever a star does; case
 * folding is lower case.
 */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "fuzz.h"
#include "glob_reference.h"

enum { MAX_STARS = 6, MAX_TEXT = 4096 };

static void must(bool condition)
{
	if (!condition)
		abort();
}

static char *allocate(size_t size)
{
	char *bytes = malloc(size + 1);

	must(bytes != NULL);
	return bytes;
}

/* What the ends of a pattern rule out does not match. */
static void check_ends(struct span pattern, struct span path)
{
	must(glob_path_may_match(pattern, path) || !glob_path(pattern, path));
}

static void check_reference(struct span pattern, struct span text)
{
	size_t stars = 0;

	for (size_t i = 0; i < pattern.len; i++)
		stars += pattern.ptr[i] == '*';
	if (stars > MAX_STARS || pattern.len > REFERENCE_MAX || text.len > REFERENCE_MAX)
		return;
	must(glob_path(pattern, text) == reference_path(pattern, text));
	for (unsigned fold = GLOB_CASE_SENSITIVE; fold <= GLOB_CASE_FOLD; fold++)
		must(glob_text(pattern, text, (enum glob_case)fold) ==
		     reference_text(pattern, text, (enum glob_case)fold));
}

/* The same components, and both or neither from the root. */
static bool same_path(struct span a, struct span b)
{
	struct span a_part, b_part;

	if (span_starts(a, SPAN("/")) != span_starts(b, SPAN("/")))
		return false;
	while (path_next(&a, &a_part)) {
		if (!path_next(&b, &b_part) || !span_equal(a_part, b_part))
			return false;
	}
	return !path_next(&b, &b_part);
}

static void check_escaped(struct span text, struct span other)
{
	char *bytes = allocate(2 * text.len);
	struct span escaped = { bytes, 0 };

	for (size_t i = 0; i < text.len; i++) {
		if (memchr("*?[]\\!^-", text.ptr[i], 8))
			bytes[escaped.len++] = '\\';
		bytes[escaped.len++] = text.ptr[i];
	}
	must(glob_path(escaped, text));
	must(glob_path(escaped, other) == same_path(text, other));
	free(bytes);
}

static void check_double_star(struct span pattern, struct span text)
{
	char *bytes = allocate(2 * pattern.len);
	struct span wider = { bytes, 0 };

	for (size_t i = 0; i < pattern.len; i++) {
		bool alone = pattern.ptr[i] == '*' && (i == 0 || pattern.ptr[i - 1] == '/') &&
		             (i + 1 == pattern.len || pattern.ptr[i + 1] == '/');

		if (alone)
			bytes[wider.len++] = '*';
		bytes[wider.len++] = pattern.ptr[i];
	}
	must(!glob_path(pattern, text) || glob_path(wider, text));
	free(bytes);
}

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

static void check_case(struct span pattern, struct span text)
{
	char *bytes = allocate(pattern.len + text.len);
	bool folded = glob_text(pattern, text, GLOB_CASE_FOLD);

	for (size_t i = 0; i < pattern.len; i++)
		bytes[i] = lower(pattern.ptr[i]);
	for (size_t i = 0; i < text.len; i++)
		bytes[pattern.len + i] = lower(text.ptr[i]);
	must(folded == glob_text((struct span){ bytes, pattern.len },
	                         (struct span){ bytes + pattern.len, text.len },
	                         GLOB_CASE_SENSITIVE));
	must(folded || !glob_text(pattern, text, GLOB_CASE_SENSITIVE));
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size < MAX_TEXT ? size : MAX_TEXT }, pattern;

	if (size == 0 || !span_split(&text, '\n', &pattern))
		return 0;
	check_reference(pattern, text);
	check_ends(pattern, text);
	check_escaped(text, pattern);
	check_escaped(pattern, text);
	check_double_star(pattern, text);
	check_case(pattern, text);
	return 0;
}
