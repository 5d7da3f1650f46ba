/*
 * Replays a corpus through a fuzz target, so that every compiler and every test run profits from it.
 *
 * usage: replay_NAME FOLDER...
 *
 * Each file is given as it is; then cut off at every length, and with each byte replaced by NUL, 0xFF and
 * a quote, as far as MAX_VARIANTS reaches.  The first three are what parsers stumble over most.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "tap.h"

enum { MAX_VARIANTS = 600, MAX_FILE = 4 << 20 };

/* A copy of exactly `size` bytes, so that a sanitizer sees a read beyond the end. */
static void give(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void give_variants(uint8_t *bytes, size_t size)
{
	static const uint8_t bad[] = { 0x00, 0xff, '\'' };
	size_t step = 1 + size * (1 + sizeof bad) / MAX_VARIANTS;

	for (size_t i = 0; i < size; i += step) {
		uint8_t kept = bytes[i];

		give(bytes, i);
		for (size_t k = 0; k < sizeof bad; k++) {
			bytes[i] = bad[k];
			give(bytes, size);
		}
		bytes[i] = kept;
	}
}

static void replay_file(const char *path, uint8_t *bytes)
{
	FILE *file = fopen(path, "re");
	size_t size = file == NULL ? 0 : fread(bytes, 1, MAX_FILE, file);

	if (file != NULL)
		fclose(file);
	printf("# %s\n", path); /* what ran last, should the target abort */
	fflush(stdout);
	give(bytes, size);
	give_variants(bytes, size);
	OK(file != NULL, "%s", strrchr(path, '/') + 1);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void replay_folder(const char *path, uint8_t *bytes)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_visible, alphasort);

	OK(count > 0, "%s holds a corpus", path);
	for (int i = 0; i < count; i++) {
		char *file = NULL;

		if (asprintf(&file, "%s/%s", path, entries[i]->d_name) > 0)
			replay_file(file, bytes);
		free(file);
		free(entries[i]);
	}
	free(entries);
}

int main(int argc, char **argv)
{
	uint8_t *bytes = calloc(1, MAX_FILE);

	if (bytes == NULL)
		return 1;
	give(bytes, 0);
	for (int i = 1; i < argc; i++)
		replay_folder(argv[i], bytes);
	free(bytes);
	return tap_done();
}
