/* Golden cases: where a URL, or a host as CONNECT takes it, really leads. */
#include "golden.h"
#include "net/net.h"

static void run(struct span input, FILE *out, void *context)
{
	struct net_target target;
	struct arena arena;
	bool url = span_find(input, SPAN("//"), NULL) || span_find(input, SPAN(":/"), NULL);

	(void)context;
	arena_init(&arena, 1 << 20);
	if (url ? net_judge_url(input, &arena, &target)
	        : net_judge_host(input, 443, &arena, &target))
		fprintf(out, "%s %.*s:%u%s%s\n", net_reach_name(target.reach).ptr,
		        (int)target.host.len, target.host.ptr, (unsigned)target.port,
		        target.why ? " - " : "", target.why ? target.why : "");
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
