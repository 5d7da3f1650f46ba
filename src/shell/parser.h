/*
 * The inside of the shell parser: one struct, and which file offers what.
 *
 * There is no token stream.  Bash decides by context what a byte means, so
 * every production reads bytes at `at` itself and leaves `at` behind what it
 * took.  A backslash and a line end are nothing at all outside single quotes
 * and comments (manual 3.1.2.1): shell_peek() and shell_look() hide them.
 *
 * Every function returns false after it has set the problem, and nothing is
 * tried again after that.  What has to be read twice -- `((` and `$((` that turn
 * out to be nested subshells, a here-document inside another -- is taken from `again`, so that the whole
 * stays linear.
 */
#ifndef BAILIFF_SHELL_PARSER_H
#define BAILIFF_SHELL_PARSER_H

#include "shell/shell.h"

struct pending_heredoc {
	struct shell_redirect *redirect;
	struct span delimiter;
	bool quoted;  /* nothing in the body expands */
	bool expands; /* the delimiter would, were it not one */
	struct pending_heredoc *next;
};

struct pending {
	struct pending_heredoc *first, *last; /* in order of appearance */
};

struct parser {
	const char *text;
	size_t at, end; /* bytes of `text` */
	struct arena *arena;
	struct problem *problem;
	size_t nodes;   /* that may still be made */
	unsigned depth; /* that may still be entered */
	size_t again;   /* bytes that may still be read a second time */
	struct pending pending;
	bool substitution; /* inside $( or <(: a here-document may end at "DELIMITER)" */
	bool body;         /* inside a here-document: one in there must end by a line of its own */
	bool in_double;    /* inside "${ }", in its patterns, too */
	bool ansi_expands; /* what $'...' gives would be expanded once more */
	bool after_word;   /* the last token was a word: reserved words are none here */
	/* `text` is a copy (an unescaped `...` or a body without its tabs): where it came from */
	bool copied;
	size_t copied_start, copied_end;
};

/* ---- parse.c: positions, limits, nodes ---- */

/* Where a node begins or ends in the source whose text begins or ends at `at`. */
static inline size_t shell_start(const struct parser *p, size_t at)
{
	return p->copied ? p->copied_start : at;
}

static inline size_t shell_end(const struct parser *p, size_t at)
{
	return p->copied ? p->copied_end : at;
}

/* These return false, so that a caller can return it. */
static inline bool shell_fail(struct parser *p, size_t at, const char *what)
{
	problem_set(p->problem, PROBLEM_SYNTAX, shell_start(p, at), what);
	return false;
}

static inline bool shell_limit(struct parser *p, const char *what)
{
	problem_set(p->problem, PROBLEM_LIMIT, shell_start(p, p->at), what);
	return false;
}

/* One node of the tree; NULL sets the problem. */
void *shell_new(struct parser *p, size_t size) __attribute__((warn_unused_result));
#define SHELL_NEW(p, type) ((type *)shell_new((p), sizeof(type)))
/* Memory that is not a node. */
void *shell_memory(struct parser *p, size_t bytes) __attribute__((warn_unused_result));
bool shell_enter(struct parser *p) __attribute__((warn_unused_result));
void shell_leave(struct parser *p);
/* Takes `bytes` from what may be read a second time. */
bool shell_charge(struct parser *p, size_t bytes) __attribute__((warn_unused_result));
/* Goes back to `at`, at that price. */
bool shell_reread(struct parser *p, size_t at) __attribute__((warn_unused_result));

/* ---- lex.c: bytes and tokens ---- */

enum shell_byte_class {
	BYTE_BREAK = 1,  /* ends a word: blank, line end, ; & | ( ) < > */
	BYTE_ACTIVE = 2, /* means something in an unquoted word */
	BYTE_NAME = 4,   /* letter, digit, underscore */
	BYTE_DIGIT = 8,
	BYTE_KEYWORD = 16, /* may begin a reserved word */
	BYTE_BRACED = 32   /* means something in the word of ${x-word} */
};
extern const unsigned char shell_bytes[256];
static inline bool shell_is(int byte, unsigned classes)
{
	return byte >= 0 && (shell_bytes[byte] & classes) != 0;
}

enum shell_keyword {
	WORD_NONE = 0,
	WORD_IF,
	WORD_THEN,
	WORD_ELSE,
	WORD_ELIF,
	WORD_FI,
	WORD_CASE,
	WORD_ESAC,
	WORD_FOR,
	WORD_SELECT,
	WORD_WHILE,
	WORD_UNTIL,
	WORD_DO,
	WORD_DONE,
	WORD_IN,
	WORD_FUNCTION,
	WORD_TIME,
	WORD_OPEN,
	WORD_CLOSE,
	WORD_NOT,
	WORD_TEST,
	WORD_TEST_END,
	WORD_COPROC
};

int shell_peek_slow(struct parser *p);
/* The byte at `at`, or -1 at the end; skips line continuations. */
static inline int shell_peek(struct parser *p)
{
	if (p->at >= p->end)
		return -1;
	return p->text[p->at] == '\\' ? shell_peek_slow(p) : (unsigned char)p->text[p->at];
}
/* The same at *i, which is moved over line continuations. */
int shell_look(const struct parser *p, size_t *i);
/* The byte behind the one at `at`, which is no continuation. */
int shell_second(const struct parser *p);
/* Takes `byte` if it is next. */
bool shell_take(struct parser *p, char byte);
/* Says which sort of token stands at `at`. */
const char *shell_unexpected_what(struct parser *p);
static inline bool shell_unexpected(struct parser *p)
{
	const char *what = shell_unexpected_what(p);

	return shell_fail(p, p->at, what);
}
/* Over blanks, continuations and a comment. */
void shell_blanks(struct parser *p);
/* Over blanks, comments and line ends, reading here-documents at these. */
bool shell_newlines(struct parser *p) __attribute__((warn_unused_result));
/* The reserved word at `at`; *after is behind it. */
enum shell_keyword shell_keyword_at(const struct parser *p, size_t *after);
bool shell_take_keyword(struct parser *p, enum shell_keyword keyword);
/* The source between two places without its line continuations. */
bool shell_raw(struct parser *p, size_t start, size_t end, struct span *text)
	__attribute__((warn_unused_result));
/* The end of a name that begins at i, or i. */
size_t shell_name_end(const struct parser *p, size_t i);

/* ---- words.c: building words, and the unquoted text in them ---- */

struct word_builder {
	struct shell_word *word;
	struct shell_part **tail;
	struct shell_part *text; /* the last part where it is text */
	size_t cap;              /* of that text where it is a copy */
};

enum word_mode {
	MODE_WORD,   /* ends at a metacharacter */
	MODE_REGEX,  /* behind =~: parentheses and bars are the expression's */
	MODE_BRACE,  /* in ${x-word}: ends at } */
	MODE_PATTERN /* in ${x/pattern/}: ends at } or / */
};

bool shell_word_begin(struct parser *p, struct word_builder *b) __attribute__((warn_unused_result));
void shell_word_end(struct parser *p, struct word_builder *b);
/* `from` to `to`: what the text was written as. */
bool shell_add_text(struct parser *p, struct word_builder *b, bool quoted, struct span text,
                    size_t from, size_t to) __attribute__((warn_unused_result));
struct shell_part *shell_add_part(struct parser *p, struct word_builder *b,
                                  enum shell_part_kind kind, bool quoted, size_t from);
bool shell_unquoted(struct parser *p, struct word_builder *b, enum word_mode mode)
	__attribute__((warn_unused_result));
/* A whole word, which begins here: a # would be text.  A problem where there is none. */
bool shell_read_word(struct parser *p, enum word_mode mode, struct shell_word **word)
	__attribute__((warn_unused_result));

/* ---- quotes.c ---- */

enum quote_mode {
	QUOTE_DOUBLE = 1,   /* "..." */
	QUOTE_HEREDOC = 2,  /* to the end */
	QUOTE_BRACE = 4,    /* in "${x-word}": to } */
	QUOTE_ARITH = 8,    /* to an unmatched ) */
	QUOTE_FOR = 16,     /* the same, or ; */
	QUOTE_BRACKET = 32, /* to an unmatched ] */
	QUOTE_INDEX = 64,   /* the same inside ${ } */
	QUOTE_OFFSET = 128  /* in ${x:offset:length}: to } or : */
};

/* Text where dollars, backquotes and some backslashes count; leaves `at` on what ends it. */
bool shell_quoted(struct parser *p, struct word_builder *b, enum quote_mode mode)
	__attribute__((warn_unused_result));
bool shell_quoted_word(struct parser *p, enum quote_mode mode, struct shell_word **word)
	__attribute__((warn_unused_result));
/* At the opening quote or backslash. */
bool shell_single(struct parser *p, struct word_builder *b) __attribute__((warn_unused_result));
bool shell_double(struct parser *p, struct word_builder *b) __attribute__((warn_unused_result));
bool shell_backslash(struct parser *p, struct word_builder *b) __attribute__((warn_unused_result));
/* At the $ of $'...'; `expands`: bash would expand what it gives.  ansi.c. */
bool shell_ansi(struct parser *p, struct word_builder *b, bool expands)
	__attribute__((warn_unused_result));

/* ---- expansions.c, parameters.c, substitutions.c ---- */

/* At a $; `text_only`: $' and $" are no quotes here. */
bool shell_dollar(struct parser *p, struct word_builder *b, bool quoted, bool text_only)
	__attribute__((warn_unused_result));
/* Behind ${ */
bool shell_parameter(struct parser *p, struct shell_part *part) __attribute__((warn_unused_result));
/* At the $ of $( */
bool shell_dollar_paren(struct parser *p, struct word_builder *b, bool quoted)
	__attribute__((warn_unused_result));
bool shell_backtick(struct parser *p, struct word_builder *b, bool quoted, bool in_double)
	__attribute__((warn_unused_result));
/* At < or > with ( behind it. */
bool shell_process(struct parser *p, struct word_builder *b) __attribute__((warn_unused_result));
/* (( or $(( : from behind the second parenthesis.  *is_arithmetic, or `at` is on the closing ). */
bool shell_double_paren(struct parser *p, struct shell_word **expression, bool *is_arithmetic)
	__attribute__((warn_unused_result));

/* equal.c: whether `word` is the source text of `declaration`, which may be NULL. */
bool shell_declares(const struct shell_assignment *declaration, const struct shell_word *word);

/* ---- commands.c, compound.c, loops.c, functions.c, conditions.c ---- */

/* Up to what cannot begin a command: ) ;; the end, or a closing reserved word. */
bool shell_list(struct parser *p, struct shell_script **script) __attribute__((warn_unused_result));
/* The same, and not empty. */
bool shell_body(struct parser *p, struct shell_script **script) __attribute__((warn_unused_result));
bool shell_command(struct parser *p, struct shell_command **command)
	__attribute__((warn_unused_result));
/* A compound command and its redirections; *command is NULL where none begins here. */
bool shell_compound(struct parser *p, struct shell_command **command)
	__attribute__((warn_unused_result));
bool shell_for(struct parser *p, struct shell_command *command) __attribute__((warn_unused_result));
bool shell_while(struct parser *p, struct shell_command *command)
	__attribute__((warn_unused_result));
bool shell_case(struct parser *p, struct shell_command *command)
	__attribute__((warn_unused_result));
bool shell_test(struct parser *p, struct shell_command *command)
	__attribute__((warn_unused_result));
bool shell_function(struct parser *p, struct shell_command *command)
	__attribute__((warn_unused_result));
/* Behind `name ()`. */
bool shell_function_body(struct parser *p, struct shell_command *command)
	__attribute__((warn_unused_result));
bool shell_coproc(struct parser *p, struct shell_command *command)
	__attribute__((warn_unused_result));
/* `first` is its first word where that has been read, else NULL. */
bool shell_simple(struct parser *p, struct shell_command *command, struct shell_word *first)
	__attribute__((warn_unused_result));

/* ---- assignments.c, redirections.c, heredocs.c ---- */

/*
 * *assignment is NULL, and nothing taken, where the next word is no assignment.
 * `late`: behind an assignment and a redirection.
 */
bool shell_assignment(struct parser *p, bool late, struct shell_assignment **assignment)
	__attribute__((warn_unused_result));
/* name=( or name+=( only. */
bool shell_array_next(const struct parser *p);
bool shell_redirection_next(struct parser *p);
bool shell_redirection(struct parser *p, struct shell_redirect **redirect)
	__attribute__((warn_unused_result));
/* All that stand here. */
bool shell_redirections(struct parser *p, struct shell_redirect **list)
	__attribute__((warn_unused_result));
bool shell_heredoc_delimiter(struct parser *p, struct shell_redirect *redirect)
	__attribute__((warn_unused_result));
bool shell_heredoc_bodies(struct parser *p) __attribute__((warn_unused_result));

#endif
