/*
 * Findings: what is to be said about each effect, by one table.
 *
 * Every effect meets exactly one row: the first of its kind whose places and
 * flags fit, so a kind's rows go from the strictest to the mildest.  A row says
 * how bad it is and who may wave it through; it decides nothing.  An effect that
 * no row fits is the row `effect.unruled`, which asks.
 */
#ifndef BAILIFF_RISK_RISK_H
#define BAILIFF_RISK_RISK_H

#include <stdint.h>

#include "effect/effect.h"

enum risk_level { RISK_LOW = 1, RISK_MEDIUM, RISK_HIGH, RISK_CRITICAL };

/* What it takes to let an effect pass.  Zero is the strictest. */
enum approval {
	APPROVAL_BLOCKED = 0, /* nothing: nobody can confirm it */
	APPROVAL_DESTRUCTIVE, /* a person, who types what is asked for */
	APPROVAL_ELEVATED,    /* the same, with a shorter word */
	APPROVAL_STANDARD,    /* a person's yes, or a rule or grant that covers it */
	APPROVAL_NONE         /* passes by itself */
};

enum risk_trait {
	RISK_PROTECTED =
		1 << 0, /* no rule or grant lifts it; only a person's answer to this very action */
	RISK_CONTAINED = 1 << 1, /* the sandbox holds it: passes inside a guarded run */
	RISK_OUTSIDE = 1 << 2,   /* refused inside a guarded run: the sandbox has no such thing */
	RISK_QUIET = 1 << 3,     /* a read that safe mode alone asks about */
	RISK_PLAIN = 1 << 5,     /* fits only a path that nothing is known to depend on */
	RISK_EDIT = 1 << 4       /* an edit of the workspace: the accept-edits mode passes it */
};

struct risk_rule {
	const char *id; /* "fs.delete-system": stable, used in policies and records */
	enum effect_kind kind;
	uint64_t places; /* bits 1 << enum place; 0: any */
	unsigned all;    /* effect flags that must all be there */
	unsigned none;   /* effect flags of which none may be there */
	enum risk_level level;
	enum approval approval;
	unsigned traits;
	const char *sentence; /* what it does, for a person: "deletes a system folder" */
	const char *remedy;   /* what would make it acceptable */
	const char *source;   /* ATT&CK technique, feature id, or "" */
};

/* The rows in order; `risk_rule_count` of them. */
extern const struct risk_rule risk_rules[];
extern const size_t risk_rule_count;

/* The row for one effect; never NULL. */
const struct risk_rule *risk_of(const struct effect *effect);

/* "low" ... "critical". */
struct span risk_level_name(enum risk_level level);
/* "blocked", "destructive", "elevated", "standard"; "none" for what passes by itself. */
struct span approval_name(enum approval approval);

#endif
