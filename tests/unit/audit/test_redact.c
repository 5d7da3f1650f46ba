/* The golden cases of tests/cases/redact. */
#include "audit/audit.h"
#include "golden.h"

static void run(struct span input, FILE *out, void *context)
{
	struct outbuf clean;

	(void)context;
	outbuf_init(&clean, 1 << 20);
	audit_redact(input, &clean);
	fwrite(outbuf_span(&clean).ptr, 1, outbuf_span(&clean).len, out);
	fputc('\n', out);
	outbuf_release(&clean);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
