/*
 * The matchers against a slow one that is obviously right and against fnmatch(3), over every short
 * pattern and text; and patterns that a careless matcher would never finish.
 */
#include "base/glob.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "glob_reference.h"
#include "tap.h"

enum { LONGEST = 8 };

/* Every text of up to `longest` letters of an alphabet, in the order of an odometer. */
struct words {
	const char *alphabet;
	size_t longest;
	size_t digits[LONGEST];
	char text[LONGEST + 1];
	size_t len;
	bool started;
};

static bool next_word(struct words *words, struct span *word)
{
	size_t base = strlen(words->alphabet), i = 0;

	if (words->started) {
		while (i < words->len && ++words->digits[i] == base)
			words->digits[i++] = 0;
		if (i == words->len && ++words->len > words->longest)
			return false;
	}
	words->started = true;
	for (i = 0; i < words->len; i++)
		words->text[i] = words->alphabet[words->digits[i]];
	words->text[words->len] = '\0';
	*word = (struct span){ words->text, words->len };
	return true;
}

typedef bool agrees_function(struct span pattern, struct span text);

static bool agrees_path(struct span pattern, struct span text)
{
	return glob_path(pattern, text) == reference_path(pattern, text);
}

/* What the ends of a pattern rule out does not match. */
static bool agrees_ends(struct span pattern, struct span text)
{
	return glob_path_may_match(pattern, text) || !reference_path(pattern, text);
}

static bool agrees_text(struct span pattern, struct span text)
{
	return glob_text(pattern, text, GLOB_CASE_FOLD) ==
	               reference_text(pattern, text, GLOB_CASE_FOLD) &&
	       glob_text(pattern, text, GLOB_CASE_SENSITIVE) ==
	               reference_text(pattern, text, GLOB_CASE_SENSITIVE);
}

/*
 * Where our dialect and POSIX's mean the same: no double star, nothing that slashes leave
 * open, and a path at all.
 */
static bool is_common(struct span text)
{
	return text.len > 0 && !span_find(text, SPAN("**"), NULL) &&
	       !span_find(text, SPAN("//"), NULL) && !span_find(text, SPAN("\\/"), NULL) &&
	       !span_ends(text, SPAN("/")) && !span_ends(text, SPAN("\\"));
}

static bool agrees_fnmatch(struct span pattern, struct span text)
{
	if (!is_common(pattern) || !is_common(text) ||
	    span_starts(pattern, SPAN("/")) != span_starts(text, SPAN("/")))
		return true;
	return glob_path(pattern, text) == (fnmatch(pattern.ptr, text.ptr, FNM_PATHNAME) == 0);
}

static void compare(const char *name, agrees_function *agrees, struct words patterns,
                    struct words texts)
{
	struct words all = patterns;
	struct span pattern, text;
	size_t count = 0;

	while (next_word(&all, &pattern)) {
		struct words each = texts;

		while (next_word(&each, &text)) {
			count++;
			if (!agrees(pattern, text)) {
				OK(false, "%s: pattern \"%s\", text \"%s\"", name, pattern.ptr,
				   text.ptr);
				return;
			}
		}
	}
	OK(count > 1000, "%s: agree on %zu pairs", name, count);
}

#define WORDS(letters, most) ((struct words){ .alphabet = (letters), .longest = (most) })

static void test_agreement(void)
{
	compare("paths, components", agrees_path, WORDS("a*/", 6), WORDS("ab/", 5));
	compare("paths, everything special", agrees_path, WORDS("a*/?[]!\\-", 4), WORDS("ab/", 3));
	compare("paths, classes", agrees_path, WORDS("[]^-a\\", 5), WORDS("]a-b", 2));
	compare("paths, two stars and more", agrees_path, WORDS("*/b", 7), WORDS("b/", 4));
	compare("the ends rule out no match", agrees_ends, WORDS("a*/?[]!\\-", 4), WORDS("ab/", 3));
	compare("the ends, two stars and more", agrees_ends, WORDS("*/b", 7), WORDS("b/", 4));
	compare("text", agrees_text, WORDS("aB*", 5), WORDS("Ab/", 5));
	compare("fnmatch", agrees_fnmatch, WORDS("ab*?/\\", 5), WORDS("ab/", 4));
}

/* `unit` as often as it goes into *text of `size` bytes, then `last`. */
static struct span repeated(char *bytes, size_t size, const char *unit, const char *last)
{
	size_t len = strlen(unit), end = size - strlen(last);

	for (size_t i = 0; i < end; i++)
		bytes[i] = unit[i % len];
	memcpy(bytes + end, last, strlen(last));
	return (struct span){ bytes, size };
}

static void test_hostile(void)
{
	enum { PATTERN = 30000, TEXT = 1 << 20 };
	static const struct {
		const char *pattern, *pattern_end, *text, *text_end;
		bool path, text_matches;
	} table[] = {
		{ "a*", "b", "a", "a", false, false },
		{ "a*", "b", "a", "b", true, true },
		{ "*", "b", "a", "a", false, false },
		{ "*?", "b", "a", "a", false, false },
		{ "*[", "b", "a", "a", false, false }, /* each bracket must not search for its end */
		{ "**/", "b", "a/", "a", false, false },
		{ "**/a/", "b", "a/", "b", true, true },
		{ "**/*a*/", "b", "a/", "a", false, false },
		{ "[", "[", "[", "[", false, false },
		{ "\\", "\\", "\\", "\\", false, false },
		{ "/", "/", "/", "/", true, false },
		{ "\xff*", "b", "\xff", "b", true, true },
	};
	char *pattern_bytes = malloc(PATTERN), *text_bytes = malloc(TEXT);

	for (size_t i = 0; pattern_bytes && text_bytes && i < sizeof table / sizeof *table; i++) {
		struct span pattern = repeated(pattern_bytes, PATTERN, table[i].pattern,
		                               table[i].pattern_end);
		struct span text = repeated(text_bytes, TEXT, table[i].text, table[i].text_end);

		OK(glob_path(pattern, text) == table[i].path &&
		           glob_text(pattern, text, GLOB_CASE_FOLD) == table[i].text_matches,
		   "%s... against %s...", table[i].pattern, table[i].text);
	}
	free(pattern_bytes);
	free(text_bytes);
}

int main(void)
{
	test_agreement();
	test_hostile();
	return tap_done();
}
