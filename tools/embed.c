/* embed OUTPUT NAME HEADER INPUT: a file's bytes as a C constant `const struct span NAME`. */
#include <stdio.h>

int main(int argc, char **argv)
{
	FILE *in, *out;
	size_t count = 0;
	int byte;

	if (argc != 5)
		return 64;
	in = fopen(argv[4], "rb");
	out = fopen(argv[1], "wb");
	if (!in || !out)
		return 66;
	fprintf(out, "#include \"%s\"\n\nstatic const char bytes[] = {", argv[3]);
	for (; (byte = getc(in)) != EOF; count++)
		fprintf(out, "%s%d,", count % 24 == 0 ? "\n\t" : "",
		        byte < 128 ? byte : byte - 256);
	fprintf(out, "\n};\n\nconst struct span %s = { bytes, sizeof(bytes) };\n", argv[2]);
	return ferror(in) || fclose(out) != 0 ? 74 : 0;
}
