/*
 * Agent profiles: what a known agent needs to work guarded, as data.
 *
 * data/profiles/NAME.json, compiled in; never read from a project.  A profile is
 * chosen by the base name of the command or by --agent.
 */
#ifndef BAILIFF_RUN_PROFILE_H
#define BAILIFF_RUN_PROFILE_H

#include "base/arena.h"
#include "base/problem.h"

/* Words; each is a C string as well. */
struct profile_words {
	struct span *items;
	size_t count;
};

/*
 * A provider that the agent talks to.  Inside it sees an address of the broker and a key
 * that is none; the broker has the caller's address and key.
 */
struct profile_provider {
	struct span prefix;   /* "/anthropic": the path at the broker */
	struct span upstream; /* "https://api.anthropic.com", unless the caller has another */
	struct span
		base_variable; /* "ANTHROPIC_BASE_URL": the caller's is the upstream, inside it is ours */
	struct span key_variable; /* "ANTHROPIC_API_KEY" */
	struct span header;       /* "x-api-key" */
	struct span scheme;       /* put before the key: "Bearer ", or nothing */
};

struct profile_file {
	struct span path; /* absolute; of home files below the home */
	struct span content;
};

struct profile {
	struct span name;              /* "claude-code" */
	struct profile_words programs; /* base names of the program */
	struct profile_words hosts;    /* that it needs, HOST or HOST:PORT */
	struct profile_words seeds;    /* below the home: copied to the private one where missing */
	struct profile_words pass;     /* environment variables that are let through */
	struct profile_words set;      /* NAME=VALUE */
	struct profile_words
		refused_arguments; /* "--bare", also as --bare=X; "--disable hooks": two words */
	struct profile_words refused_variables; /* refused where set, unless to 0 or nothing */
	struct profile_words arguments;         /* put behind the program's name */
	struct profile_words
		shells; /* what it starts shells with (wrapping.h); none: not watched */
	struct profile_provider *providers;
	size_t provider_count;
	struct profile_file *files; /* generated inside */
	size_t file_count;
	struct profile_file *home_files; /* written to the private home where missing */
	size_t home_file_count;
};

/*
 * Finds a profile by its name, or by the base name of a program; *found is false where there is
 * none.  False: a profile that is compiled in cannot be read, or memory is short.
 */
bool profile_by_name(struct span name, struct arena *arena, struct profile *profile, bool *found,
                     struct problem *problem) __attribute__((warn_unused_result));
bool profile_by_program(struct span base_name, struct arena *arena, struct profile *profile,
                        bool *found, struct problem *problem) __attribute__((warn_unused_result));

/* Reads one profile; strict: every member must be there, and no other. */
bool profile_parse(struct span json, struct arena *arena, struct profile *profile,
                   struct problem *problem) __attribute__((warn_unused_result));

/*
 * The first argument or variable that would switch a guard of the agent off, or NULL.
 * argv[0] is the program.  Both end with NULL.
 */
const char *profile_refuses(const struct profile *profile, char *const *argv, char *const *environ);

#endif
