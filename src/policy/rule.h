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
	RULE_NEVER =
		0, /* well-formed, and matches nothing (a path rule for Write, say): `why` says so */
	RULE_TOOL,     /* every use of the tools that `tool` names */
	RULE_COMMAND,  /* Bash(...): over the parsed argv of each simple command */
	RULE_PATH,     /* Read(...), Edit(...): git-ignore-like globs */
	RULE_DOMAIN,   /* WebFetch(domain:...) */
	RULE_PARAMETER /* Tool(name:glob): one member of the tool's input */
};

/* Where a path pattern starts. */
enum rule_anchor {
	RULE_ANCHOR_CWD = 0, /* x, ./x */
	RULE_ANCHOR_NAME, /* a bare name without a slash: at any depth below the working directory */
	RULE_ANCHOR_SETTINGS, /* /x: the project; for managed policy the root of the system */
	RULE_ANCHOR_HOME,     /* ~/x */
	RULE_ANCHOR_ROOT      /* //x */
};

struct rule {
	enum rule_action action;
	enum rule_kind kind;
	struct span text;        /* as written: "Bash(npm run *)" */
	struct span tool;        /* a tool's name or a glob of names; any case */
	struct span parameter;   /* of RULE_PARAMETER */
	struct span pattern;     /* behind the anchor, without a legacy ":*"; empty for RULE_TOOL */
	enum rule_anchor anchor; /* of RULE_PATH */
	bool prefix; /* of RULE_COMMAND: also matches with any further words ("npm run test:*") */
	const char *why; /* of RULE_NEVER: why it matches nothing; else NULL */
};

/*
 * Reads one rule.  Everything in *rule points into `text`.
 *
 * SYNTAX: empty, no closing parenthesis, something behind it, control bytes; an
 * allow rule for MCP tools whose server is a glob is REFUSED.  `offset` counts in `text`.
 */
bool rule_read(struct span text, enum rule_action action, struct rule *rule,
               struct problem *problem) __attribute__((warn_unused_result));

/* "deny", "ask", "allow". */
struct span rule_action_name(enum rule_action action);

#endif
