/*
 * The tables of command/: one shape, whether compiled in or read from a file.
 *
 * Everything refers to everything else by index into a pool, so that the compiled
 * tables hold no pointer, need no relocation, and cost nothing at start-up.
 * Only this folder, its tests and tools/compile-commands.c include this.
 */
#ifndef BAILIFF_COMMAND_PRIVATE_H
#define BAILIFF_COMMAND_PRIVATE_H

#include <stdint.h>

#include "command/command.h"

enum {
	COMMAND_NONE = UINT16_MAX,       /* no such row; bounds every pool but `text` */
	COMMAND_DASHES = UINT16_MAX - 1, /* the option of a condition: "--" was given */
	COMMAND_DEPTH = 8                /* sub-command words at most */
};

/* Bytes of `text`. */
struct command_text {
	uint32_t at;
	uint16_t len;
};

/* Rows first .. first + count - 1 of a pool. */
struct command_rows {
	uint16_t first;
	uint16_t count;
};

/* A name and the row it stands for: programs, sub-commands, options. */
struct command_name {
	struct command_text text;
	uint16_t row;
	bool prefix; /* "NAME*": anything that begins so */
};

enum command_style {
	STYLE_SINGLE_DASH = 1 << 0, /* long-single-dash: -name is one option, not four */
	STYLE_BUNDLE = 1 << 1,      /* bundle-first: the first operand is options (tar xzf) */
	STYLE_PLAIN_DASH = 1 << 2,  /* plain-dash: "-" is a file of that name */
	STYLE_INHERIT = 1 << 3,     /* inherit: sub-commands take these options too */
	STYLE_RESPONSE = 1 << 4,    /* response: @FILE holds more arguments */
	STYLE_NO_HELP = 1 << 5,     /* no-help: --help and --version are not special */
	STYLE_OPEN = 1 << 6,        /* open: an option that is not listed is harmless */
	STYLE_WRAPPER = 1 << 7,
	STYLE_BUILTIN = 1 << 8,
	STYLE_HAS_PREFIX = 1 << 9, /* computed: some option name is a prefix */
	STYLE_HAS_BARE = 1 << 10,  /* computed: some option begins with neither - nor + */
	STYLE_SHARED =
		1
		<< 12, /* computed: several sub-commands are this one, so none has sub-commands of its own */
	STYLE_HAS_PLUS = 1 << 11 /* computed: some option begins with + */
};

/* What a sub-command has because its program has it. */
enum {
	STYLE_HANDED_DOWN = STYLE_SINGLE_DASH | STYLE_PLAIN_DASH | STYLE_INHERIT | STYLE_RESPONSE |
	                    STYLE_NO_HELP | STYLE_OPEN
};

/* A program, or one of its sub-commands. */
struct command_spec {
	struct command_text name; /* of the program; sub-commands have none of their own */
	uint16_t parent;          /* COMMAND_NONE for a program */
	uint16_t style;
	uint16_t stop;               /* options end at this operand, counted from 1; 0: never */
	struct command_rows subs;    /* in table.subs, sorted by text */
	struct command_rows names;   /* in table.option_names, sorted by text */
	struct command_rows options; /* in table.options */
	struct command_rows args;    /* in table.args: tried in order */
	struct command_rows effects; /* of every invocation */
};

struct command_option {
	struct command_rows values; /* in table.places */
	struct command_rows effects;
	uint16_t flags; /* of the whole invocation */
	bool own;       /* its value has effects here, so those of args leave it alone */
	bool fills;     /* its value stands in the operand's place of that name */
};

enum command_shape {
	PLACE_OPTIONAL = 1 << 0,   /* [X] */
	PLACE_REPEAT = 1 << 1,     /* X... */
	PLACE_LITERAL = 1 << 2,    /* a word itself, or "a|b" */
	PLACE_ASSIGNMENT = 1 << 3, /* X=: only what reads NAME=VALUE */
	PLACE_DASHES = 1 << 4,     /* -- */
	PLACE_SEMICOLON = 1 << 5   /* X...;: words up to ";" or "+" (find -exec) */
};

struct command_place {
	struct command_text name;
	uint8_t shape;
};

struct command_args {
	struct command_rows places;
	struct command_rows conditions;
	struct command_rows effects;
};

enum command_target { TARGET_NONE, TARGET_PLACE, TARGET_FIXED };

/* How a target's text is to be read, beyond the public flags. */
enum command_reading {
	READING_OR_REMOTE = 1 << 0, /* or-remote: HOST:PATH or a URL is elsewhere */
	READING_AT_FILE = 1 << 1,   /* at-file: @NAME is the file NAME */
	READING_SLASH = 1 << 3,     /* with-slash: a name without one is no path */
	READING_FORM_FILE = 1 << 2  /* form-file: KEY=@NAME and KEY=<NAME are the file NAME */
};

struct command_effect {
	uint8_t verb;
	uint8_t target; /* enum command_target */
	uint8_t reading;
	uint16_t flags;
	struct command_text text; /* the target's place or fixed text */
	struct command_text language;
	struct command_text without; /* only where that place is empty */
	struct command_text by;      /* the place that qualifies it */
	struct command_rows conditions;
};

/* One option of an `if` or `unless`.  Those of one group are alternatives; all groups must hold. */
struct command_condition {
	uint16_t option; /* in table.options, or COMMAND_DASHES */
	uint8_t group;
	bool unless;
};

struct command_table {
	const char *text;
	const struct command_name *programs; /* exact names, sorted */
	const struct command_name
		*patterns; /* "python3.*": names with a star, in order of appearance */
	const struct command_name *subs;
	const struct command_text *sub_paths; /* beside subs: "remote add", by first spellings */
	const struct command_name *option_names;
	const struct command_spec *specs;
	const struct command_option *options;
	const struct command_place *places;
	const struct command_args *args;
	const struct command_effect *effects;
	const struct command_condition *conditions;
	size_t text_len;
	uint16_t program_count, pattern_count, sub_count, option_name_count, spec_count,
		option_count, place_count, args_count, effect_count, condition_count;
};

/* What comes with Bailiff: generated from data/commands. */
extern const struct command_table command_builtin;

static inline struct span command_text_of(const struct command_table *table,
                                          struct command_text text)
{
	return (struct span){ table->text + text.at, text.len };
}

/* ---- words.c: the vocabulary of the format ---- */

enum command_wants { WANTS_NOTHING, WANTS_MAYBE, WANTS_TARGET };

struct command_verb_word {
	const char *name;
	enum command_wants target;
	bool language; /* takes one: code, stdin-code; script may */
	bool changes;  /* is not done in a dry run */
};
/* NULL past the last verb. */
const struct command_verb_word *command_verb_word(enum command_verb verb);
bool command_verb_find(struct span word, enum command_verb *verb);
bool command_flag_find(struct span word, uint16_t *flag);
bool command_reading_find(struct span word, uint8_t *reading);
bool command_style_find(struct span word, uint16_t *style);

/* ---- parse.c, build.c: text to tables ---- */

struct command_builder;

/* Starts an empty table in the arena. */
bool command_builder_start(struct arena *arena, struct command_builder **builder,
                           struct problem *problem) __attribute__((warn_unused_result));
/* Adds one file.  On false the builder must not be used any more. */
bool command_parse(struct command_builder *builder, struct span source, struct problem *problem)
	__attribute__((warn_unused_result));
/* Sorts and checks.  A name given twice is a SYNTAX problem at its second place in the last source. */
bool command_builder_finish(struct command_builder *builder, struct command_table *table,
                            struct problem *problem) __attribute__((warn_unused_result));

/* ---- match.c ---- */

/* command_match() with tables of the caller's. */
bool command_match_in(const struct command_table *table, const struct command_arg *argv,
                      size_t argc, struct arena *arena, struct command_match *match,
                      struct problem *problem) __attribute__((warn_unused_result));

#endif
