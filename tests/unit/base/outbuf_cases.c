/* Any bytes as a JSON string, and as text that a terminal shows (in one line, and with its lines). */
#include "base/outbuf.h"
#include "golden.h"

static void run(struct span input, FILE *file, void *context)
{
	struct outbuf out, json;

	(void)context;
	outbuf_init(&out, 1 << 20);
	outbuf_init(&json, 1 << 20);
	outbuf_put_json(&json, input);
	outbuf_put(&out, SPAN("json    "));
	outbuf_put_visible(&out, outbuf_span(&json),
	                   false); /* marks in a case file mislead its readers */
	outbuf_put(&out, SPAN("\nvisible \""));
	outbuf_put_visible(&out, input, false);
	outbuf_put(&out, SPAN("\"\nlines   \""));
	outbuf_put_visible(&out, input, true);
	outbuf_put(&out, SPAN("\"\n"));
	if (outbuf_ok(&out))
		fwrite(out.ptr, 1, out.len, file);
	outbuf_release(&json);
	outbuf_release(&out);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
