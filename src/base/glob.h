/*
 * Two matchers for two things (reading 5 of the specification): paths, where
 * `*` stops at a slash, and plain text (models, tools, hosts, command words),
 * where it does not.  Both are linear in text times stars: no backtracking
 * beyond the last star of a kind.
 */
#ifndef BAILIFF_BASE_GLOB_H
#define BAILIFF_BASE_GLOB_H

#include "base/span.h"

enum glob_case { GLOB_CASE_SENSITIVE, GLOB_CASE_FOLD /* ASCII */ };

/*
 * Paths: `*` and `?` stop at '/', `**` as a whole component is any number of
 * components (none too), `[a-z]`, `[!a]`, `[[:digit:]]` classes, `\x` is x.  A pattern that
 * ends in "/<two stars>" does not match the directory itself.  `?` and a class take
 * one code point, or one byte where `path` is not UTF-8.  Slashes at the end and
 * doubled ones count for nothing; a relative pattern matches relative paths only,
 * unless it begins with `**`.
 */
bool glob_path(struct span pattern, struct span path);
/*
 * One component, or any text in which a slash is nothing special: `*`, `?`, classes with
 * [:named:] ones, `\x`.  These are also the shell's patterns (bash manual, 3.5.8.1, without extglob).
 */
bool glob_component(struct span pattern, struct span text);

/* Bytes that stand for others in a pattern, or for nothing. */
static inline bool glob_is_special(char byte)
{
	return byte == '*' || byte == '?' || byte == '[' || byte == ']' || byte == '\\' ||
	       byte == '/';
}

/*
 * Whether the literal bytes at the front of a pattern, or at its end, let glob_path() match: false
 * only where that is false.  For tables of hundreds of rows, nearly all of which end here.
 */
static inline bool glob_path_may_begin(struct span pattern, struct span path)
{
	size_t i = 0;

	while (i < pattern.len && i < path.len && pattern.ptr[i] == path.ptr[i] &&
	       (pattern.ptr[i] == '/' || !glob_is_special(pattern.ptr[i])))
		i++;
	return i == pattern.len || glob_is_special(pattern.ptr[i]) ||
	       (i < path.len && path.ptr[i] == '/'); /* a doubled slash counts for nothing */
}

static inline bool glob_path_may_end(struct span pattern, struct span path)
{
	size_t p = pattern.len, end = path.len;

	while (end > 0 && path.ptr[end - 1] == '/')
		end--;
	while (p > 0 && end > 0 && pattern.ptr[p - 1] == path.ptr[end - 1] &&
	       !glob_is_special(pattern.ptr[p - 1])) {
		p--;
		end--;
	}
	return p == 0 || glob_is_special(pattern.ptr[p - 1]);
}

static inline bool glob_path_may_match(struct span pattern, struct span path)
{
	return glob_path_may_begin(pattern, path) && glob_path_may_end(pattern, path);
}

/* Text: `*` is any run of bytes, nothing else is special. */
bool glob_text(struct span pattern, struct span text, enum glob_case fold);

#endif
