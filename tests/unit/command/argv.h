/*
 * Test inputs as people write them: words with blanks between, 'quotes' kept together, and an
 * unquoted $ for "from here on, unknown" ("a$" is a word of which only "a" is known).
 */
#ifndef BAILIFF_TESTS_COMMAND_ARGV_H
#define BAILIFF_TESTS_COMMAND_ARGV_H

#include "command/command.h"

enum { ARGV_WORDS = 128 };

struct argv_words {
	struct command_arg words[ARGV_WORDS];
	size_t count;
	char bytes[8192];
	size_t used;
};

static inline void argv_word(struct argv_words *argv, struct span line, size_t *at)
{
	struct command_arg *word = &argv->words[argv->count++];
	size_t start = argv->used;
	bool quoted = false;

	word->complete = true;
	for (; *at < line.len && (quoted || line.ptr[*at] != ' '); (*at)++) {
		char byte = line.ptr[*at];

		if (byte == '\'')
			quoted = !quoted;
		else if (byte == '$' && !quoted)
			word->complete = false;
		else if (word->complete && argv->used < sizeof(argv->bytes))
			argv->bytes[argv->used++] = byte;
	}
	word->text = (struct span){ argv->bytes + start, argv->used - start };
}

static inline void argv_split(struct argv_words *argv, struct span line)
{
	argv->count = argv->used = 0;
	for (size_t at = 0; at < line.len && argv->count < ARGV_WORDS;) {
		if (line.ptr[at] == ' ')
			at++;
		else
			argv_word(argv, line, &at);
	}
}

#endif
