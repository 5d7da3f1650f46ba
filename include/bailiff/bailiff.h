/*
 * libbailiff: Bailiff's judge in your own process.
 *
 * An action goes in as JSON, a verdict comes out as JSON: the same text as
 * `bailiff check --json` reads and writes.  Nothing is run, nothing is recorded
 * and nobody is asked; files are looked at only to follow links and to read the
 * policy when the judge is opened.
 *
 *	struct bailiff *judge = bailiff_open(NULL, &error);
 *	char *verdict;
 *	enum bailiff_decision decision = bailiff_judge(judge, action, strlen(action), &verdict);
 *	...
 *	bailiff_free(verdict);
 *	bailiff_close(judge);
 *
 * Threads: one judge may be used by one thread at a time; open one for each.
 * Symbols are versioned; what is here does not change its meaning.
 */
#ifndef BAILIFF_BAILIFF_H
#define BAILIFF_BAILIFF_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Deny is zero: what is forgotten, and what fails, is a denial. */
enum bailiff_decision { BAILIFF_DENY = 0, BAILIFF_ASK = 1, BAILIFF_ALLOW = 2 };

/* A judge with the policy that was in force when it was opened.  Opaque. */
struct bailiff;

struct bailiff_options {
	size_t size;         /* sizeof(struct bailiff_options): what the caller knows of */
	const char *state;   /* the state folder; NULL: ~/.bailiff */
	const char *project; /* root of the project whose settings count; NULL: none */
	int hypothetical;    /* not 0: links are not followed, the text alone is judged */
};

/*
 * Opens a judge.  options may be NULL.
 *
 * NULL means that nothing can be judged, and *error (which may be NULL, and is freed
 * with bailiff_free) says why: a policy that cannot be trusted, for one.  A
 * caller must then deny.
 */
struct bailiff *bailiff_open(const struct bailiff_options *options, char **error);

/*
 * Judges one action, `length` bytes of JSON.  *verdict (which may be NULL) is
 * set to NUL-terminated JSON that the caller frees, or to NULL where memory is short.
 * An action that cannot be read is a denial that says so.
 */
enum bailiff_decision bailiff_judge(struct bailiff *judge, const char *action, size_t length,
                                    char **verdict);

/* Frees what this library returned; NULL is fine. */
void bailiff_free(char *text);

/* Closes a judge; NULL is fine. */
void bailiff_close(struct bailiff *judge);

/* "0.1.0": static storage. */
const char *bailiff_version(void);

#ifdef __cplusplus
}
#endif

#endif
