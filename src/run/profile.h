/*
 * Agent profiles: what a known agent needs to work guarded, as data.
 *
 * data/profiles/NAME.json, compiled in; never read from a project.  A profile is
 * chosen by the base name of the command or by --agent.
 */
#ifndef BAILIFF_RUN_PROFILE_H
#define BAILIFF_RUN_PROFILE_H

#include "base/span.h"

/* A list of words that ends with NULL. */
typedef const char *const *profile_words;

/* A provider that the agent talks to: it sees `base` and a dummy, the broker has the rest. */
struct profile_provider {
	const char *prefix;   /* "/anthropic": the path on the broker */
	const char *upstream; /* "https://api.anthropic.com", unless the caller has another */
	const char *
		base_variable; /* "ANTHROPIC_BASE_URL": the caller's is the upstream, the agent gets ours */
	const char *base_suffix;  /* "/v1": behind the prefix */
	const char *key_variable; /* "ANTHROPIC_API_KEY" */
	const char *header;       /* "x-api-key"; the value goes behind `scheme` */
	const char *scheme;       /* "Bearer " or "" */
};

struct profile_file {
	const char *target;
	const char *content;
};

struct profile {
	const char *name;    /* "claude-code" */
	profile_words names; /* base names of the program */
	profile_words hosts; /* that it needs, HOST or HOST:PORT */
	profile_words
		seeds; /* below the home, copied into the private home where they are missing there */
	profile_words pass; /* environment variables that are let through */
	profile_words set;  /* NAME=VALUE that are set */
	profile_words
		refused_arguments; /* "--bare": also as --bare=X; "--disable hooks": two words */
	profile_words refused_variables; /* "CLAUDE_CODE_SIMPLE": refused where set and not 0 */
	profile_words arguments;         /* inserted behind the program's name */
	const struct profile_provider *providers;
	unsigned provider_count;
	const struct profile_file *files;
	unsigned file_count;
};
extern const struct profile profiles[];
extern const unsigned profile_count;

/* By --agent NAME, or by a program's base name; NULL where there is none. */
const struct profile *profile_by_name(struct span name);
const struct profile *profile_by_program(struct span base_name);

/*
 * The first argument or variable that would switch a guard of the agent off, or NULL.
 * argv[0] is the program.
 */
const char *profile_refuses(const struct profile *profile, char *const *argv, char *const *environ);

#endif
