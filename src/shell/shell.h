/*
 * The syntax of bash 5.2: text in, tree out.
 *
 * shell_parse() reads a whole script, as `bash -c` or a file would be read,
 * without running, expanding or reading anything.  Bash reference manual,
 * chapter 3; posix mode is off, extglob is on, history expansion is off.
 *
 * Where it answers otherwise than bash: docs/design/003-shell-grammar.md.
 *
 * Positions: `start` and `end` count bytes of the source.  Inside `...` with
 * backslashes to remove, and in a <<- body with tabs to remove, everything
 * counts as standing at the whole `...` or body.  A here-document's body lies
 * behind its command; all else lies inside what it belongs to.
 *
 * Memory: everything returned lives in the caller's arena, and its spans point
 * into `source` or into the arena; both must outlive the tree.  Nothing to free.
 *
 * Trust: `source` is hostile.  Time and memory are linear in its length and
 * bounded by shell_limits; what cannot be understood is reported, not guessed.
 * This module knows nothing about what is dangerous.
 */
#ifndef BAILIFF_SHELL_SHELL_H
#define BAILIFF_SHELL_SHELL_H

#include "base/arena.h"
#include "base/outbuf.h"
#include "base/problem.h"

struct shell_limits {
	size_t source_bytes; /* longest text accepted */
	unsigned depth;      /* deepest nesting; bounds the C stack, so never above 400 */
	size_t nodes;        /* commands, words and parts in all */
};
extern const struct shell_limits shell_default_limits; /* 1 MiB, 200 deep, 500,000 nodes */

/* ---- words ---- */

enum shell_part_kind {
	SHELL_TEXT = 1,    /* literal bytes, quotes and backslashes removed */
	SHELL_PARAMETER,   /* $x ${x} ${x:-w} ${!x} ${#x} ${x[i]} $1 $@ ... */
	SHELL_COMMAND_SUB, /* $(...) `...` ${ ...; } and $(<file) */
	SHELL_ARITHMETIC,  /* $((...)) and $[...] */
	SHELL_PROCESS_SUB  /* <(...) >(...) */
};

/* The operator of ${name OPERATOR word}: manual section 3.5.3. */
enum shell_parameter_op {
	SHELL_OP_NONE = 0,
	SHELL_OP_DEFAULT,       /* :-   or - */
	SHELL_OP_ASSIGN,        /* :=   or = */
	SHELL_OP_ERROR,         /* :?   or ? */
	SHELL_OP_ALTERNATE,     /* :+   or + */
	SHELL_OP_REMOVE_PREFIX, /* #    ; longest: ## */
	SHELL_OP_REMOVE_SUFFIX, /* %    ; longest: %% */
	SHELL_OP_REPLACE,       /* /pat/str ; all: // ; start: /# ; end: /% */
	SHELL_OP_SUBSTRING,     /* :offset:length */
	SHELL_OP_UPPER,         /* ^    ; all: ^^ */
	SHELL_OP_LOWER,         /* ,    ; all: ,, */
	SHELL_OP_TOGGLE,        /* ~    ; all: ~~ (undocumented) */
	SHELL_OP_TRANSFORM,     /* @Q @P @E ...: the letter in `transform` */
	SHELL_OP_LENGTH,        /* ${#x} */
	SHELL_OP_NAMES          /* ${!prefix*} ${!prefix@}; ${!x[@]} ${!x[*]} (keys) */
};

struct shell_word;
struct shell_script;

struct shell_parameter {
	struct span name;         /* "x", "1", "@", "?" ... */
	struct shell_word *index; /* ${x[index]}; NULL where there is none */
	bool indirect;            /* ${!x} */
	enum shell_parameter_op op;
	bool colon;                /* the ":" forms: empty counts as unset */
	bool all;                  /* ## %% // ^^ ,, : the longest, or every match */
	char anchor;               /* of REPLACE: '#', '%' or 0 */
	char transform;            /* of TRANSFORM; of NAMES: * or @ where there is no index */
	struct shell_word *word;   /* default, pattern, offset ...; NULL where there is none */
	struct shell_word *second; /* replacement, or length; NULL where there is none */
};

struct shell_part {
	enum shell_part_kind kind;
	bool quoted;       /* inside quotes, or escaped: no splitting, no globbing */
	bool backtick;     /* COMMAND_SUB written with `...` */
	char direction;    /* PROCESS_SUB: '<' or '>'; ARITHMETIC: '[' where written as $[...] */
	size_t start, end; /* bytes in the source */
	struct span text;  /* TEXT: its value.  Adjacent text of equal quoting is one part. */
	struct shell_parameter *parameter; /* PARAMETER */
	struct shell_script *script;       /* COMMAND_SUB, PROCESS_SUB */
	struct shell_word *expression;     /* ARITHMETIC: the expression's text and expansions */
	struct shell_part *next;
};

/*
 * A word: parts in order.  `''` has one quoted TEXT part of no bytes, so that an
 * empty argument is not no argument.  Brace, tilde and pathname expansion are
 * not done here: they are unquoted TEXT.
 */
struct shell_word {
	size_t start, end;
	struct shell_part *parts;
	struct shell_word *next; /* in a list of words */
};

/* The value of a word that is nothing but text; false where anything expands. */
bool shell_word_literal(const struct shell_word *word, struct arena *arena, struct span *text);

/* ---- assignments and redirections ---- */

struct shell_assignment {
	size_t start, end;
	struct span name;
	struct shell_word *index;          /* a[index]=...; NULL where there is none */
	bool append;                       /* += */
	bool array;                        /* name=( ... ) */
	struct shell_word *value;          /* NULL for name= (the empty string) and for arrays */
	struct shell_assignment *elements; /* of an array: name is empty, index set for [i]=v */
	struct shell_word *source; /* of an entry in `declarations`: its word among the arguments */
	struct shell_assignment *next;
};

enum shell_redirect_op {
	SHELL_REDIRECT_READ = 1,    /* < */
	SHELL_REDIRECT_WRITE,       /* > */
	SHELL_REDIRECT_CLOBBER,     /* >| */
	SHELL_REDIRECT_APPEND,      /* >> */
	SHELL_REDIRECT_READ_WRITE,  /* <> */
	SHELL_REDIRECT_DUP_IN,      /* <& word: a descriptor, word-, or - */
	SHELL_REDIRECT_DUP_OUT,     /* >& word: the same; without a number a file is &> */
	SHELL_REDIRECT_BOTH,        /* &> */
	SHELL_REDIRECT_BOTH_APPEND, /* &>> */
	SHELL_REDIRECT_HEREDOC,     /* << and <<- */
	SHELL_REDIRECT_HERESTRING   /* <<< */
};

struct shell_redirect {
	size_t start, end; /* operator and word; a heredoc's body lies elsewhere */
	enum shell_redirect_op op;
	int fd;                    /* as written, or -1 */
	struct span fd_variable;   /* {name}> : its name, else empty */
	struct shell_word *target; /* the word; for heredocs the delimiter as written */
	struct shell_word *body; /* heredocs: one quoted TEXT part where the delimiter was quoted */
	bool strip_tabs;         /* <<- */
	struct shell_redirect *next;
};

/* ---- commands ---- */

enum shell_command_kind {
	SHELL_SIMPLE = 1,
	SHELL_SUBSHELL, /* ( list ) */
	SHELL_GROUP,    /* { list; } */
	SHELL_IF,
	SHELL_WHILE,
	SHELL_UNTIL,
	SHELL_FOR,       /* for name [in words] */
	SHELL_FOR_ARITH, /* for ((a; b; c)) */
	SHELL_SELECT,
	SHELL_CASE,
	SHELL_FUNCTION,
	SHELL_ARITH,     /* (( expression )) */
	SHELL_CONDITION, /* [[ expression ]] */
	SHELL_COPROC
};

enum shell_condition_kind {
	SHELL_CONDITION_WORD = 1, /* [[ word ]] */
	SHELL_CONDITION_UNARY,    /* -f word */
	SHELL_CONDITION_BINARY,   /* word OP word; OP: == != =~ < > -eq ... = */
	SHELL_CONDITION_NOT,
	SHELL_CONDITION_AND,
	SHELL_CONDITION_OR,
	SHELL_CONDITION_PAREN
};

struct shell_condition {
	enum shell_condition_kind kind;
	struct span op;                  /* "-f", "==" ... */
	struct shell_word *left, *right; /* UNARY: right only */
	struct shell_condition *a, *b;   /* NOT, PAREN: a only */
};

struct shell_case_item {
	struct shell_word *patterns;
	struct shell_script *body;
	enum { SHELL_CASE_BREAK, SHELL_CASE_FALL, SHELL_CASE_TEST } end; /* ;;  ;&  ;;& */
	struct shell_case_item *next;
};

struct shell_command {
	enum shell_command_kind kind;
	size_t start, end;
	struct shell_redirect *redirects;
	/* SIMPLE; either list may be empty, not both with no redirect */
	struct shell_assignment *assignments;
	struct shell_word *words;
	/*
	 * SIMPLE: assignments among the arguments of declare, local, export, readonly,
	 * typeset, eval, let (`export x=(1 2)`) are words too: an array literal there is
	 * kept as an entry here, in order, and its word holds the source text.
	 */
	struct shell_assignment *declarations;
	/* SUBSHELL, GROUP, loops, FUNCTION, COPROC (as `body` command below) */
	struct shell_script *body;
	struct shell_script *condition; /* IF, WHILE, UNTIL */
	struct shell_script *otherwise; /* IF: else; an elif is an IF inside it */
	struct span name;               /* FOR, SELECT: variable; FUNCTION, COPROC: name */
	bool has_in;                    /* FOR, SELECT: `in` was written */
	struct shell_word *expression;  /* ARITH; FOR_ARITH: first; may be NULL when empty */
	struct shell_word *expression2, *expression3; /* FOR_ARITH */
	struct shell_word *subject;                   /* CASE */
	struct shell_case_item *items;                /* CASE */
	struct shell_condition *test;                 /* CONDITION */
	struct shell_command *inner;                  /* FUNCTION, COPROC: the body as a command */
};

struct shell_pipeline {
	size_t start, end;
	bool negated; /* ! */
	bool timed;   /* time, time -p */
	size_t count;
	struct shell_stage *stages;  /* none for a bare `!` or `time` */
	struct shell_pipeline *next; /* in the list */
	enum {
		SHELL_LIST_END = 0,   /* ; or a line end, or nothing */
		SHELL_LIST_AND,       /* && */
		SHELL_LIST_OR,        /* || */
		SHELL_LIST_BACKGROUND /* & */
	} connector;                  /* what stands behind this pipeline */
};

struct shell_stage {
	struct shell_command *command;
	bool pipe_stderr; /* |& behind it */
	struct shell_stage *next;
};

/* A list of pipelines: a script, a body, the inside of $( ). */
struct shell_script {
	size_t start, end;
	struct shell_pipeline *pipelines;
};

/*
 * Parses a whole script.
 *
 * source   bash text; a NUL in it is a syntax problem
 * limits   NULL for shell_default_limits
 * arena    owns the result
 * script   set on success only
 * problem  set on failure only: SYNTAX, LIMIT or MEMORY, with the byte offset
 *
 * False means "not understood": a caller that decides on safety must treat it so.
 */
bool shell_parse(struct span source, const struct shell_limits *limits, struct arena *arena,
                 struct shell_script **script, struct problem *problem)
	__attribute__((warn_unused_result));

/*
 * The words of text that is nothing but words, as the arguments of a command: blanks and line
 * ends divide them, an operator is a syntax problem.  *word is NULL where there are none.
 */
bool shell_parse_word(struct span source, const struct shell_limits *limits, struct arena *arena,
                      struct shell_word **word, struct problem *problem)
	__attribute__((warn_unused_result));

/*
 * Writes a script that parses to the same tree: one command a line, words from
 * their parts (not copied from the source), heredocs behind their line.
 */
void shell_print(const struct shell_script *script, struct outbuf *out);

/* Whether two trees are the same but for byte positions; both may be NULL. */
bool shell_equal(const struct shell_script *a, const struct shell_script *b);

#endif
