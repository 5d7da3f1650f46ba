/*
 * An action as JSON, as `bailiff check --json` and the C library take it:
 *
 *   {"tool":"Bash","input":{"command":"rm -rf build"},"cwd":"/home/u/p",
 *    "workspace":["/home/u/p"],"home":"/home/u","session":"s1",
 *    "permissions":{"allow":[],"ask":[],"deny":[]}}
 */
#ifndef BAILIFF_JUDGE_ACTION_H
#define BAILIFF_JUDGE_ACTION_H

#include "base/outbuf.h"
#include "judge/judge.h"

/* What stands in for members that the JSON leaves out; spans are empty where unknown. */
struct action_defaults {
	struct span cwd;
	struct span home;
	struct span state;
};

/*
 * Fills *action from a parsed object.  `permissions` (which may be absent) is
 * stored in *permissions, NULL where absent.  SYNTAX problems carry the byte
 * offset of the member that is wrong.
 */
bool action_read(const struct json_value *object, const struct action_defaults *defaults,
                 struct arena *arena, struct action *action, const struct json_value **permissions,
                 struct problem *problem) __attribute__((warn_unused_result));

/* The verdict as the one JSON object of the contract, without a line end. */
void verdict_write(const struct verdict *verdict, const struct effects *effects,
                   struct outbuf *out);

/* The same for an action that could not even be read: a denial that says why and where. */
void refusal_write(const struct problem *problem, struct outbuf *out);

#endif
