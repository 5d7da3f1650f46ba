/* Paths as text with what proc(5) makes of some of them. */
#include <string.h>

#include "base/path.h"
#include "paths/paths.h"

static bool is_process(struct span name)
{
	if (span_equal(name, SPAN("self")) || span_equal(name, SPAN("thread-self")))
		return true;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] < '0' || name.ptr[i] > '9')
			return false;
	return name.len > 0;
}

/* Whether the normal path `path` is /proc/PROCESS[/task/N], and whose. */
static bool is_process_folder(struct span path, bool *own)
{
	struct span component, process;

	if (!path_next(&path, &component) || !span_equal(component, SPAN("proc")) ||
	    !path_next(&path, &process) || !is_process(process))
		return false;
	*own = process.ptr[0] == 's' || process.ptr[0] == 't';
	if (!path_next(&path, &component))
		return true;
	return span_equal(component, SPAN("task")) && path_next(&path, &component) &&
	       !path_next(&path, &component);
}

struct builder {
	char *bytes;
	size_t len;
	struct span cwd;
};

static void drop_component(struct builder *out)
{
	while (out->len > 0 && out->bytes[out->len - 1] != '/')
		out->len--;
	if (out->len > 0)
		out->len--;
}

static void add_component(struct builder *out, struct span component)
{
	struct span folder = { out->bytes, out->len };
	bool own;

	if (span_equal(component, SPAN(".")))
		return;
	if (span_equal(component, SPAN(".."))) {
		drop_component(out);
		return;
	}
	if (component.len <= 4 && is_process_folder(folder, &own)) {
		if (span_equal(component, SPAN("root"))) {
			out->len = 0;
			return;
		}
		if (own && span_equal(component, SPAN("cwd"))) {
			out->len = out->cwd.len > 1 ? out->cwd.len : 0;
			memcpy(out->bytes, out->cwd.ptr, out->len);
			return;
		}
	}
	out->bytes[out->len++] = '/';
	memcpy(out->bytes + out->len, component.ptr, component.len);
	out->len += component.len;
}

bool paths_normalise(struct span cwd, struct span path, struct arena *arena, struct span *normal)
{
	struct span rest, component;
	struct builder out = { .len = 0 };
	size_t size;

	if (!path_normalise(SPAN("/"), cwd, arena, &out.cwd))
		return false;
	/* Each component takes a slash more at most; "cwd" is replaced once, by the last that stands. */
	if (__builtin_add_overflow(out.cwd.len, path.len, &size) ||
	    __builtin_mul_overflow(size, 2, &size) || __builtin_add_overflow(size, 4, &size))
		return false;
	out.bytes = arena_alloc(arena, 1, size);
	if (!out.bytes)
		return false;
	rest = out.cwd;
	if (path.len == 0 || path.ptr[0] != '/')
		while (path_next(&rest, &component))
			add_component(&out, component);
	rest = path;
	while (path_next(&rest, &component))
		add_component(&out, component);
	if (out.len == 0)
		out.bytes[out.len++] = '/';
	out.bytes[out.len] = '\0';
	*normal = (struct span){ out.bytes, out.len };
	return true;
}
