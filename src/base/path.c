/* Paths as text. */
#include "base/path.h"

#include <string.h>

bool path_next(struct span *rest, struct span *component)
{
	size_t start = 0, end;

	while (start < rest->len && rest->ptr[start] == '/')
		start++;
	if (start == rest->len) {
		*rest = span_from(*rest, start);
		return false;
	}
	end = start;
	while (end < rest->len && rest->ptr[end] != '/')
		end++;
	*component = span_slice(*rest, start, end);
	*rest = span_from(*rest, end);
	return true;
}

/* Appends the components of `path` to the `len` bytes at `out`; "..": drops the last one. */
static size_t append(char *out, size_t len, struct span path)
{
	struct span component;

	while (path_next(&path, &component)) {
		if (span_equal(component, SPAN(".")))
			continue;
		if (span_equal(component, SPAN(".."))) {
			while (len > 0 && out[len - 1] != '/')
				len--;
			if (len > 0)
				len--;
			continue;
		}
		out[len++] = '/';
		memcpy(out + len, component.ptr, component.len);
		len += component.len;
	}
	return len;
}

bool path_normalise(struct span cwd, struct span path, struct arena *arena, struct span *normal)
{
	size_t size, len = 0;
	char *out;

	/* A component of one byte takes two, its slash among them: cwd and path with a slash each. */
	if (__builtin_add_overflow(cwd.len, path.len, &size) ||
	    __builtin_add_overflow(size, 3, &size))
		return false;
	out = arena_alloc(arena, 1, size);
	if (!out)
		return false;
	if (path.len == 0 || path.ptr[0] != '/')
		len = append(out, len, cwd);
	len = append(out, len, path);
	if (len == 0)
		out[len++] = '/';
	out[len] = '\0';
	*normal = (struct span){ out, len };
	return true;
}

bool path_within(struct span path, struct span base)
{
	if (base.len == 0)
		return false;
	if (span_equal(base, SPAN("/")))
		return path.len > 0 && path.ptr[0] == '/';
	return span_starts(path, base) && (path.len == base.len || path.ptr[base.len] == '/');
}

struct span path_basename(struct span path)
{
	size_t start = path.len;

	while (start > 0 && path.ptr[start - 1] != '/')
		start--;
	return span_from(path, start);
}

struct span path_dirname(struct span path)
{
	size_t end = path.len;

	while (end > 0 && path.ptr[end - 1] != '/')
		end--;
	if (end == 0)
		return SPAN(".");
	while (end > 1 && path.ptr[end - 1] == '/')
		end--;
	return span_slice(path, 0, end);
}
