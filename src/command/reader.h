/* One line of a .commands file while it is read: shared by the parsers of this folder. */
#ifndef BAILIFF_COMMAND_READER_H
#define BAILIFF_COMMAND_READER_H

#include "command/builder.h"
#include "command/lex.h"

struct reader {
	struct command_builder *builder;
	struct lex_line *line;
	size_t next; /* token */
	struct problem *problem;
};

/* What the effects of one line come to. */
struct effects {
	struct command_rows rows;
	uint16_t flags; /* flags that stand alone: of the whole invocation */
	uint16_t style;
	bool fills; /* of an option: the word itself */
};

/* The next token; the end of the line is one too. */
const struct lex_token *reader_peek(const struct reader *reader);
bool reader_at_end(const struct reader *reader);
bool reader_is(const struct reader *reader, struct span text);
/* SYNTAX at the next token, for returning. */
bool reader_fail(const struct reader *reader, const char *what);
/* pool_add() and builder_text(), with problems at the next token. */
void *reader_add(struct reader *reader, struct command_pool *pool);
bool reader_store(struct reader *reader, struct span text, struct command_text *stored);
/* Rows of a pool from `first` on. */
struct command_rows reader_rows(const struct command_pool *pool, size_t first);
/* Whether the text is a place's name: capitals, digits, underscores. */
bool reader_is_place(struct span text);

/* parse_effects.c: every `if` and `unless` from here on. */
bool reader_conditions(struct reader *reader, struct command_rows *rows);
/* Everything behind the colon, if there is one.  of_command: styles may stand there too. */
bool reader_effects(struct reader *reader, bool of_command, struct effects *effects);

/* parse_names.c: the lines that begin a program or a sub-command. */
bool reader_command_row(struct reader *reader);
bool reader_sub_row(struct reader *reader);

#endif
