/*
 * Which rules an action meets.
 *
 * Deny and ask rules hit as soon as one of them meets anything the action would
 * do, at any depth: through wrappers, absolute names, assignments, global options,
 * shells in shells.  Allow rules and grants cover one command or one effect at a
 * time, see through harmless wrappers alone, and are stopped by whatever is not
 * known.  Nothing is decided here: deny before ask before allow is the judge's.
 *
 * Pure.  Time is linear in rules times commands and effects.
 */
#ifndef BAILIFF_JUDGE_RULES_H
#define BAILIFF_JUDGE_RULES_H

#include "effect/effect.h"
#include "policy/policy.h"

/* One rule that meets one thing. */
struct rules_hit {
	const struct policy_rule *rule;
	const struct effect_command
		*command;            /* what it met; NULL where that is an effect or the tool */
	const struct effect *effect; /* NULL where that is a command or the tool */
	size_t start, end;           /* bytes in the action's text */
	struct rules_hit *next;
};

/* What allows one command, or one effect by itself. */
struct rules_cover {
	const struct effect_command *command;
	const struct effect *effect;
	const struct policy_rule *rule; /* the strongest grant or allow rule; NULL: none */
	bool inherited;                 /* a wrapper: all that it runs is covered */
};

struct rules_matches {
	struct rules_hit *deny;         /* managed layers first; at most one hit a rule */
	struct rules_hit *ask;          /* the same */
	const struct policy_rule *tool; /* what covers the whole action: "Bash", "mcp__x__y" */
	struct rules_cover *covers;     /* of commands; ask rules_covering_command() */
	size_t cover_count;
	struct rules_cover *effects; /* that a path or domain rule covers; ask rules_covering() */
	size_t effect_count;
};

/* The instant against which grants expire is `now_ns` (wall clock, 0: none has expired). */
struct rules_context {
	const struct policy *policy;
	const struct action *action;
	const struct effects *effects;
	uint64_t now_ns;
	bool no_grants; /* safe mode: saved and session grants do not count */
};

/* False: out of memory; the caller must refuse. */
bool rules_match(const struct rules_context *context, struct arena *arena,
                 struct rules_matches *matches) __attribute__((warn_unused_result));

/*
 * The rule that covers one effect, or NULL: a rule for the whole tool, for the path or
 * host, or for its command.  A write by redirection is never covered by its command's
 * rule, and what a covered command runs in turn is covered only where it is itself.
 */
const struct policy_rule *rules_covering(const struct rules_matches *matches,
                                         const struct effect *effect);
/* Only where a path or domain rule speaks of the effect itself. */
const struct policy_rule *rules_covering_itself(const struct rules_matches *matches,
                                                const struct effect *effect);
/* The same for a command. */
const struct policy_rule *rules_covering_command(const struct rules_matches *matches,
                                                 const struct effect_command *command);

/*
 * The word of security.requireApproval that an effect falls under, or NULL: such
 * effects are asked each time, whatever allows them.  effect may be NULL: the tool itself.
 */
const struct policy_item *rules_requires_approval(const struct rules_context *context,
                                                  const struct effect *effect);
/* The restriction of security.allowedPaths that an effect on a path falls outside of, or NULL. */
const struct policy_item *rules_outside_allowed(const struct rules_context *context,
                                                const struct effect *effect);

#endif
