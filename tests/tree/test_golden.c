/* The golden runner, by its own means: shows each part of the input with its bytes. */
#include "golden.h"

static void show(struct span input, FILE *out, void *context)
{
	struct span part;

	(void)context;
	while (golden_part(&input, &part)) {
		fprintf(out, "%zu \"", part.len);
		for (size_t i = 0; i < part.len; i++) {
			unsigned char byte = (unsigned char)part.ptr[i];

			fprintf(out, byte >= 0x20 && byte < 0x7f ? "%c" : "<%02x>", byte);
		}
		fprintf(out, "\"\n");
	}
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, show, NULL);
}
