/* One invocation while it is being matched.  Private to this folder. */
#ifndef BAILIFF_COMMAND_MATCHER_H
#define BAILIFF_COMMAND_MATCHER_H

#include "command/private.h"

/* An operand, or a value of an option. */
struct taken {
	size_t arg;     /* in argv */
	size_t offset;  /* bytes before it in that argument */
	size_t count;   /* words: more than 1 for find -exec */
	size_t option;  /* the option's index in argv; 0 for an operand */
	uint16_t place; /* in table.places; COMMAND_NONE while not placed */
	bool own;       /* a value whose option says itself what is done with it */
	bool fills;     /* a value that stands in an operand's place */
};

struct taken_list {
	struct taken *items;
	size_t count, cap;
};

/* An option that was given. */
struct occurrence {
	size_t arg;
	size_t first_value, value_count; /* in matcher.values */
	uint16_t option;
	bool again; /* it was given before */
};

struct matcher {
	const struct command_table *table;
	const struct command_arg *argv;
	size_t argc;
	struct arena *arena;
	struct command_match *match;
	struct problem *problem;

	const struct command_spec *chain[COMMAND_DEPTH]; /* program, sub-command, ... */
	unsigned char *seen[COMMAND_DEPTH];              /* a byte for each of their options */
	size_t depth;

	struct taken_list operands, values;
	struct occurrence *occurrences;
	size_t occurrence_count, occurrence_cap;
	size_t use_cap;
	uint64_t bare; /* verbs that have a use without target, flags or qualifier: one is enough */
	const struct command_args *args; /* the pattern that was taken; NULL without one */

	const struct taken *by; /* what qualifies the effect at hand; NULL without one */

	bool ended;      /* no more options: "--", or `stop` */
	bool has_dashes; /* "--" was given, */
	size_t dashes;   /* before this operand */
	bool doubt;      /* from here on, --help and --dry-run may be something else's value */
	unsigned flags;  /* of the whole invocation */
};

static inline const struct command_spec *matcher_spec(const struct matcher *m)
{
	return m->chain[m->depth - 1];
}

/* The first thing that could not be placed is remembered. */
static inline void matcher_puzzled(struct matcher *m, size_t arg)
{
	if (m->match->understood)
		m->match->puzzle = arg;
	m->match->understood = false;
}

/* MEMORY, for returning. */
bool matcher_memory(struct matcher *m);
bool matcher_take(struct matcher *m, struct taken_list *list, struct taken taken);
/* Whether every group of an `if` or `unless` holds. */
bool matcher_holds(const struct matcher *m, struct command_rows conditions);

/* option.c: reads argv[*at] as an option, and *at moves to the last word it used. */
bool matcher_option(struct matcher *m, size_t *at);
/* The same for what does not begin with a dash; *is_option says whether it was one. */
bool matcher_bare_option(struct matcher *m, size_t *at, bool *is_option);
/* tar xzf: the first argument is letters. */
bool matcher_bundle(struct matcher *m, size_t *at);

/* operand.c: gives each operand its place. */
void matcher_place(struct matcher *m);

/* use.c: effects to uses. */
bool matcher_uses(struct matcher *m);

#endif
