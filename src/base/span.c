/* Spans: comparisons and cuts, nothing that allocates. */
#include "base/span.h"

#include <string.h>

struct span span_of(const char *string)
{
	return (struct span){ string ? string : "", string ? strlen(string) : 0 };
}

static unsigned char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : (unsigned char)byte;
}

bool span_equal_nocase(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	}
	return true;
}

int span_compare(struct span a, struct span b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool span_ends(struct span text, struct span suffix)
{
	return text.len >= suffix.len && span_equal(span_from(text, text.len - suffix.len), suffix);
}

bool span_find_byte(struct span text, char byte, size_t *at)
{
	const char *found = text.len ? memchr(text.ptr, (unsigned char)byte, text.len) : NULL;

	if (found && at)
		*at = (size_t)(found - text.ptr);
	return found != NULL;
}

bool span_find(struct span text, struct span part, size_t *at)
{
	const char *found;

	if (part.len == 0) {
		if (at)
			*at = 0;
		return true;
	}
	found = text.len ? memmem(text.ptr, text.len, part.ptr, part.len) : NULL;
	if (found && at)
		*at = (size_t)(found - text.ptr);
	return found != NULL;
}

static bool blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

struct span span_trim(struct span text)
{
	size_t start = 0, end = text.len;

	while (start < end && blank(text.ptr[start]))
		start++;
	while (end > start && blank(text.ptr[end - 1]))
		end--;
	return span_slice(text, start, end);
}

bool span_split(struct span *rest, char separator, struct span *part)
{
	size_t at;

	if (!rest->ptr)
		return false;
	if (span_find_byte(*rest, separator, &at)) {
		*part = span_slice(*rest, 0, at);
		*rest = span_from(*rest, at + 1);
		return true;
	}
	*part = *rest;
	*rest = (struct span){ NULL, 0 };
	return true;
}
