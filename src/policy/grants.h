/*
 * Grants: what a person approved beforehand, for a session or for good.
 *
 * Data, not code: STATE/grants.json holds the saved ones, STATE/sessions/ID.json those
 * of one session.  Files are replaced in one step under a lock (STATE/grants.lock), so
 * that a reader sees the old list or the new one.  "Once" is never stored.  In safe
 * mode grants are neither read nor written.
 *
 * A grant is an allow rule of its own layer: deny and ask rules, what is asked each
 * time, and hard blocks come before it.
 */
#ifndef BAILIFF_POLICY_GRANTS_H
#define BAILIFF_POLICY_GRANTS_H

#include "policy/policy.h"

struct grant {
	struct span id;        /* UUIDv7 */
	struct span rule;      /* "Bash(npm test *)" */
	struct span session;   /* empty: saved, for every session */
	struct span workspace; /* root it counts in; empty: everywhere */
	struct span who;       /* who granted it */
	uint64_t created_ns;   /* wall clock */
	uint64_t expires_ns;   /* 0: never */
	struct policy_source source;
	struct grant *next;
};

struct grants_place {
	struct span state; /* absolute folder */
	uid_t owner;       /* who must own it (root may, too) */
	bool vouched;      /* a read-only mount of Bailiff's: see struct policy_places */
};

/*
 * Reads the saved grants and those of `session` (empty: none), in that order.  What
 * is not there is no grant.  Expired ones are left out where now_ns is not 0.
 */
bool grants_read(const struct grants_place *place, struct span session, uint64_t now_ns,
                 struct arena *arena, struct grant **grants, struct policy_fault *fault)
	__attribute__((warn_unused_result));

/* Every session that has a file, as its grants; for `permissions list`. */
bool grants_read_all(const struct grants_place *place, struct arena *arena, struct grant **grants,
                     struct policy_fault *fault) __attribute__((warn_unused_result));

/* Adds those that count in `workspace` to the policy as allow rules.  False: out of memory. */
bool grants_apply(const struct grant *grants, struct span workspace, struct arena *arena,
                  struct policy *policy) __attribute__((warn_unused_result));

/*
 * Whether a grant of this rule may be stored at all; else *why is a sentence.  Rules
 * that match nothing are refused; writing is granted for a session and a path at most
 * (reading 10), for hidden paths without stars; nothing in safe mode, or where only
 * managed rules count.
 */
bool grants_acceptable(const struct policy *policy, struct span rule, bool saved, const char **why);

/* Stores one; an equal rule of the same session and workspace is replaced. */
bool grants_add(const struct grants_place *place, const struct grant *grant,
                struct policy_fault *fault) __attribute__((warn_unused_result));

/* Which grants to take back: an id, or all of a session, or all saved ones, or everything. */
struct grants_choice {
	struct span id;      /* not empty: this one, wherever it is */
	struct span session; /* not empty: only of this session */
	bool saved;          /* only saved ones */
};
/* *removed counts them.  Sessions left without a grant lose their file. */
bool grants_remove(const struct grants_place *place, const struct grants_choice *choice,
                   size_t *removed, struct policy_fault *fault) __attribute__((warn_unused_result));

#endif
