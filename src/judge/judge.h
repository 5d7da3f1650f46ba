/*
 * The only decider: an action's effects and the rules in force give a verdict.
 *
 * Deny is zero, verdicts combine by the stricter of two, and every verdict says
 * why: also an allow.  Resolution order, strictest first: hard block, managed
 * deny, always-ask, safe mode, deny by user or project, session grant, saved
 * grant, allow rule, what passes by itself, ask.
 *
 * Pure: no I/O, no clock, no environment.  With nobody to ask, the door that
 * asked turns `ask` into a refusal; the judge says `ask` all the same.
 */
#ifndef BAILIFF_JUDGE_JUDGE_H
#define BAILIFF_JUDGE_JUDGE_H

#include "effect/effect.h"
#include "policy/policy.h"
#include "risk/risk.h"

enum decision { DECISION_DENY = 0, DECISION_ASK, DECISION_ALLOW };

struct judge_reason {
	enum decision decision; /* what this reason asks for */
	struct span rule;       /* "fs.recursive-delete", "policy.rule", "grant.session" ... */
	enum risk_level risk;
	enum approval approval;
	struct span message;         /* one sentence */
	struct span remedy;          /* may be empty */
	struct span source;          /* "built-in", or "FILE:LINE:COLUMN" */
	const struct effect *effect; /* what it is about; NULL: the action as a whole */
	struct judge_reason *next;
};

struct judge_context {
	const struct policy *policy; /* never NULL: policy_default() is the default posture */
	bool guarded; /* inside `bailiff run`: the sandbox holds what a row calls contained */
	const struct span *degraded; /* protections that are missing here */
	size_t degraded_count;
	uint64_t now_ns; /* wall clock: grants expire against it */
};

struct verdict {
	enum decision decision;
	enum risk_level risk;   /* the highest of what decided */
	enum approval approval; /* what it takes where the decision is ask; BLOCKED for deny */
	struct judge_reason *reasons; /* strictest first; at least one */
	const struct span *degraded;
	size_t degraded_count;
};

/* The stricter of two; the first where they tie. */
enum decision decision_stricter(enum decision a, enum decision b);
/* "deny", "ask", "allow". */
struct span decision_name(enum decision decision);

/*
 * Judges what `effects` says `action` would do.  False: out of memory only; a
 * caller must then refuse.  Everything in *verdict lives in the arena, the
 * effects, the policy or static storage.
 */
bool judge(const struct judge_context *context, const struct action *action,
           const struct effects *effects, struct arena *arena, struct verdict *verdict)
	__attribute__((warn_unused_result));

#endif
