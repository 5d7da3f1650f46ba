/*
 * What the glob matchers match.  A case is the matcher (path, text, nocase), the pattern, and a text a
 * line; what is expected marks those that match.
 */
#include "base/glob.h"
#include "base/outbuf.h"
#include "golden.h"

static bool matches(struct span matcher, struct span pattern, struct span text)
{
	if (span_equal(matcher, SPAN("path")))
		return glob_path(pattern, text);
	return glob_text(pattern, text,
	                 span_equal(matcher, SPAN("nocase")) ? GLOB_CASE_FOLD
	                                                     : GLOB_CASE_SENSITIVE);
}

static void run(struct span input, FILE *file, void *context)
{
	struct span matcher = SPAN(""), pattern = SPAN(""), text;
	struct outbuf out;

	(void)context;
	outbuf_init(&out, 1 << 20);
	if (!span_split(&input, '\n', &matcher) || !span_split(&input, '\n', &pattern))
		outbuf_put(&out, SPAN("matcher or pattern is missing\n"));
	while (span_split(&input, '\n', &text)) {
		bool yes = matches(matcher, pattern, text);

		outbuf_put(&out, yes ? SPAN("yes \"") : SPAN("no  \""));
		outbuf_put_visible(&out, text, false);
		outbuf_put(&out, SPAN("\"\n"));
	}
	fwrite(out.ptr, 1, out.len, file);
	outbuf_release(&out);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
