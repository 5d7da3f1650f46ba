/* Which command was meant: the one that is at most two slips away. */
#include <string.h>

#include "cli/cli.h"

enum { LONGEST = 24, SLIPS = 2 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters added, left out, changed or exchanged with their neighbour. */
static unsigned slips(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[LONGEST + 1][LONGEST + 1];

	for (unsigned i = 0; i <= a_len; i++) {
		for (unsigned j = 0; j <= b_len; j++) {
			if (i == 0 || j == 0) {
				rows[i][j] = i + j;
				continue;
			}
			rows[i][j] = least(least(rows[i - 1][j], rows[i][j - 1]) + 1,
			                   rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
		}
	}
	return rows[a_len][b_len];
}

const char *cli_suggest(const char *word)
{
	const char *nearest = NULL;
	unsigned fewest = SLIPS + 1;
	size_t len = strlen(word);

	for (size_t i = 0; i < cli_command_count && len > SLIPS && len <= LONGEST; i++) {
		const char *name = cli_commands[i].name;
		unsigned count = slips(word, len, name, strlen(name));

		if (count < fewest) {
			fewest = count;
			nearest = name;
		}
	}
	return nearest;
}
