/*
 * Permission rules as text: `Tool` or `Tool(pattern)`.
 *
 * Syntax only; what a rule matches is told by judge/rules.h.  A rule is read once,
 * when its file loads, so that a typing error is refused with its place.
 */
#ifndef BAILIFF_POLICY_RULE_H
#define BAILIFF_POLICY_RULE_H

#include "base/arena.h"
#include "base/problem.h"

/* Zero is the strictest; the stricter of two is the smaller. */
enum rule_action { RULE_DENY = 0, RULE_ASK, RULE_ALLOW };

enum rule_kind {
	RULE_NEVER = 0, /* well-formed, and matches nothing: `why` says why */
	RULE_TOOL,      /* every use of the tools that `tool` names */
	RULE_COMMAND,   /* Bash(...): over the parsed argv of each simple command */
	RULE_PATH,      /* Read(...), Edit(...): git-ignore-like globs */
	RULE_DOMAIN,    /* WebFetch(domain:...) */
	RULE_PARAMETER  /* Tool(name:glob): one member of the tool's input */
};

/* Where a path pattern starts. */
enum rule_anchor {
	RULE_ANCHOR_CWD = 0,  /* x, ./x */
	RULE_ANCHOR_SETTINGS, /* /x: the project; for managed policy the root of the system */
	RULE_ANCHOR_HOME,     /* ~/x */
	RULE_ANCHOR_ROOT      /* //x */
};

struct rule {
	enum rule_action action;
	enum rule_kind kind;
	struct span text;      /* as written: "Bash(npm run *)" */
	struct span tool;      /* a tool's name or a glob of names; any case */
	struct span parameter; /* of RULE_PARAMETER */
	struct span
		pattern; /* behind the anchor, without a last " *" or ":*"; empty for RULE_TOOL */
	enum rule_anchor anchor; /* of RULE_PATH */
	bool deep;               /* of RULE_PATH: one component, at any depth below the anchor */
	bool negated;    /* of RULE_PATH: "!x" takes x out of the rules before it in its file */
	bool prefix;     /* of RULE_COMMAND: had that last " *": any further words, or none */
	const char *why; /* of RULE_NEVER: why it matches nothing; else NULL */
};

/*
 * Reads one rule.  Everything in *rule points into `text`.
 *
 * SYNTAX: empty, no closing parenthesis, something behind it, control bytes;
 * LIMIT: longer than 4,096 bytes.  `offset` counts in `text`.  A rule that can never
 * match (an allow rule for "mcp__*", say) is a success of kind RULE_NEVER.
 */
bool rule_read(struct span text, enum rule_action action, struct rule *rule,
               struct problem *problem) __attribute__((warn_unused_result));

/* Reads what stands between the parentheses of Read(...) and Edit(...), as of an Edit rule. */
void rule_read_path(struct span path, enum rule_action action, struct rule *rule);

/* "deny", "ask", "allow". */
struct span rule_action_name(enum rule_action action);

#endif
