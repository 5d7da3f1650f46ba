/* Paths as text: a case is a directory and a path; what is expected is everything path.h says of them. */
#include "base/outbuf.h"
#include "base/path.h"
#include "golden.h"

static void show(FILE *out, const char *name, struct span text)
{
	struct outbuf shown;

	outbuf_init(&shown, 1 << 20);
	outbuf_put_visible(&shown, text, false);
	fprintf(out, "%s \"%.*s\"\n", name, (int)shown.len, shown.ptr ? shown.ptr : "");
	outbuf_release(&shown);
}

static void run(struct span input, FILE *out, void *context)
{
	struct span cwd = SPAN(""), path = SPAN(""), normal, component;
	struct arena arena;

	(void)context;
	arena_init(&arena, 1 << 20);
	if (!span_split(&input, '\n', &cwd))
		fputs("nothing given\n", out);
	(void)span_split(&input, '\n', &path);
	if (path_normalise(cwd, path, &arena, &normal)) {
		show(out, "normal", normal);
		fprintf(out, "within %s\n", path_within(normal, cwd) ? "yes" : "no");
	}
	show(out, "dirname", path_dirname(path));
	show(out, "basename", path_basename(path));
	while (path_next(&path, &component))
		show(out, "component", component);
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
