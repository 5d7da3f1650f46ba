/* What the files that match rules share. */
#ifndef BAILIFF_JUDGE_RULES_PRIVATE_H
#define BAILIFF_JUDGE_RULES_PRIVATE_H

#include "judge/rules.h"

/* One command as the lines that patterns are compared with; unknown ends of words are a NUL byte. */
struct rules_line {
	const struct effect_command *command;
	struct span typed; /* argv joined by single blanks, quoting removed */
	struct span base;  /* the same with the program's base name */
	struct span
		plain; /* base name and what stands from the sub-command on; empty: no sub-command */
	struct span source; /* as written in the action */
	size_t sub;         /* index in argv of the sub-command; 0: none */
	size_t parent;      /* index of the line of the parent; SIZE_MAX: none */
	bool allowable;     /* known well enough to be allowed by a pattern */
};

/* A command pattern made ready: quoting removed, blanks collapsed. */
struct rules_pattern {
	const struct policy_rule *rule;
	struct span text;
	struct span tail; /* `text` and " *" where any further words may follow; else empty */
	bool exact;       /* no star at all */
	size_t literal;   /* bytes before the first star */
};

bool rules_line_of(const struct effects *effects, const struct effect_command *command,
                   struct arena *arena, struct rules_line *line);
bool rules_pattern_of(const struct policy_rule *rule, struct arena *arena,
                      struct rules_pattern *pattern);

/* Whether a deny or ask pattern meets a command, however it is spelled. */
bool rules_command_meets(const struct rules_pattern *pattern, const struct rules_line *line,
                         struct arena *arena, bool *meets);
/* Whether an allow pattern covers a command as it is spelled. */
bool rules_command_covers(const struct rules_pattern *pattern, const struct rules_line *line);
/* Whether `parent` passes its words on unchanged, so that rules may look at what it runs alone. */
bool rules_transparent(const struct rules_line *parent);
/* Whether what covers `parent` says in so many words that it runs `child`. */
bool rules_pattern_names(const struct rules_pattern *pattern, const struct rules_line *parent,
                         const struct rules_line *child);

/* Reading 6: names of tools in any case; "mcp__server" is every tool of that server. */
bool rules_tool_matches(struct span rule, struct span tool);
/* Tool(name:glob) against the action's input. */
bool rules_parameter_matches(const struct rules_context *context, const struct rule *rule);
/* Whether an effect's target is a path. */
bool rules_is_path(struct span target);

/* A path and, where the machine says that it leads elsewhere, where it leads. */
struct rules_path {
	struct span path, real; /* real: equal to path where there is no link */
	bool real_known;        /* false where it cannot be told where the path leads */
};

/* How much of the tree at a path an effect touches. */
enum rules_reach { REACH_ITSELF, REACH_BELOW /* a directory and what it holds */ };

/* Whether a path pattern, read from its anchor, covers `path`. */
bool rules_path_matches(const struct rules_context *context, const struct policy_rule *rule,
                        struct span path, enum rules_reach reach);
/* Whether a literal pattern names something at or below `folder`. */
bool rules_path_inside(const struct rules_context *context, const struct policy_rule *rule,
                       struct span folder);
/* Whether a deny or ask pattern meets an effect's target (or what it reads besides). */
bool rules_path_meets(const struct rules_context *context, size_t index,
                      const struct effect *effect, const struct rules_path *target);
/* Whether an allow pattern covers an effect. */
bool rules_path_covers(const struct rules_context *context, const struct policy_rule *rule,
                       const struct effect *effect, const struct rules_path *target);
/* Whether WebFetch(domain:...) matches the host of a URL; what is no plain URL matches nothing. */
bool rules_domain_matches(struct span pattern, struct span url);

#endif
