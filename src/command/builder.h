/* What parse.c fills and build.c finishes.  Private to this folder. */
#ifndef BAILIFF_COMMAND_BUILDER_H
#define BAILIFF_COMMAND_BUILDER_H

#include "command/private.h"

enum {
	BUILDER_SUBS_PER_PROGRAM = 4096, /* bounds the search for a parent among them */
	BUILDER_PROGRAMS = 8192, /* names, in all files: bounds the search for one listed twice */
	BUILDER_NAMES_PER_COMMAND = 1024 /* bounds the search for an option listed twice */
};

/* A growing array in the arena. */
struct command_pool {
	void *items;
	size_t count, cap, size;
};

/* A row of `subs` before it is sorted to its parent. */
struct builder_sub {
	struct command_name name;
	struct command_text path; /* "remote add" */
	uint16_t parent;
};

/* What a condition names, until its options are all known. */
struct builder_note {
	struct span name;
	size_t at;     /* in the source */
	size_t clause; /* where its `if` or `unless` stands: the same for its alternatives */
};

struct command_builder {
	struct arena *arena;
	struct command_pool text, programs, patterns, subs, option_names, specs, options, places,
		args, effects, conditions;
	struct command_pool effect_at;        /* size_t: beside effects */
	struct command_pool condition_notes;  /* beside conditions */
	uint16_t program, current;            /* specs; COMMAND_NONE before the first `command` */
	size_t first_sub;                     /* of the current program */
	size_t indent;                        /* of the `command` or `sub` line that is open */
	size_t open_effects, open_conditions; /* where the current spec's rows begin */
};

/* A new zeroed row; NULL (MEMORY or LIMIT, at `at`) where there is no room. */
void *pool_add(struct command_builder *builder, struct command_pool *pool, size_t at,
               struct problem *problem);
/* The row an index stands for.  Valid until the next pool_add(). */
void *pool_at(const struct command_pool *pool, size_t index);

bool builder_text(struct command_builder *builder, struct span text, size_t at,
                  struct command_text *stored, struct problem *problem);
struct span builder_span(const struct command_builder *builder, struct command_text text);
struct command_spec *builder_spec(const struct command_builder *builder, uint16_t index);
/* Checks and sorts the current spec; nothing more is added to it. */
bool builder_close(struct command_builder *builder, struct problem *problem);

#endif
