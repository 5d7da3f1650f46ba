/*
 * The hook protocols of the agents: what a host sends on standard input, and
 * the only answers that each host was measured to keep.
 *
 * Every host's hooks fail open: a crash, a time-out, an unknown key or a wrong
 * exit status lets the tool run.  The one refusal that all of them keep is exit
 * status 2, the reason on standard error, nothing on standard output; to allow
 * is exit status 0 and nothing at all.  Everything here serves those two.
 *
 * Trust: the input is written by the host, but its tool input is the model's.
 */
#ifndef BAILIFF_HOOK_HOOK_H
#define BAILIFF_HOOK_HOOK_H

#include "base/json.h"
#include "base/outbuf.h"
#include "judge/judge.h"

enum hook_event_kind {
	HOOK_OTHER = 0,          /* an event that needs no answer */
	HOOK_PRE_TOOL,           /* may this tool run? */
	HOOK_PERMISSION_REQUEST, /* the host is about to ask a person */
	HOOK_POST_TOOL,          /* it ran */
	HOOK_POST_TOOL_FAILURE,  /* it ran and failed */
	HOOK_SESSION_START,
	HOOK_SESSION_END,
	HOOK_STOP /* the agent's turn is over */
};

enum { HOOK_EXIT_ALLOW = 0, HOOK_EXIT_REFUSE = 2 };

/* What one host calls an event. */
struct hook_event_name {
	const char *name;
	enum hook_event_kind kind;
};

struct hook_host {
	const char *name;                     /* "claude-code": the sub-command */
	const char *title;                    /* "Claude Code" */
	const struct hook_event_name *events; /* ends with a NULL name */
	bool asks;              /* keeps "ask" from a PreToolUse hook, and fails closed on it */
	bool permission_answer; /* takes an answer to PermissionRequest */
};
extern const struct hook_host hook_hosts[];
extern const size_t hook_host_count;
/* NULL where no host is called so. */
const struct hook_host *hook_host_find(struct span name);

struct hook_event {
	enum hook_event_kind kind;
	struct span name; /* as the host calls it */
	struct span session, cwd, tool, tool_use_id, model, agent_id;
	struct span permission_mode;    /* empty where the host does not say */
	const struct json_value *input; /* the tool's arguments; NULL where there are none */
	const struct json_value *response;
	struct span error;  /* of a failure */
	struct span reason; /* of a session's start or end */
	bool has_duration;
	int64_t duration_ms;
};

/* Reads one message.  SYNTAX where it is no JSON object or an event lacks what it must have. */
bool hook_read(const struct hook_host *host, struct span message, struct arena *arena,
               struct hook_event *event, struct problem *problem)
	__attribute__((warn_unused_result));

/* What to answer: an exit status, and text for the two streams. */
struct hook_answer {
	int status;          /* HOOK_EXIT_ALLOW or HOOK_EXIT_REFUSE */
	struct outbuf out;   /* standard output */
	struct outbuf error; /* standard error */
};

/*
 * Fills an answer to a verdict.  attended: a person sits at the host and would be
 * asked.  Release both buffers.  A buffer that failed must be answered by
 * hook_refuse_plainly().
 */
void hook_answer(const struct hook_host *host, const struct hook_event *event,
                 const struct effects *effects, const struct verdict *verdict, bool attended,
                 struct hook_answer *answer);

/* The reason for a model and a person: what, why, and what would make it pass. */
void hook_reason(const struct effects *effects, const struct verdict *verdict, struct outbuf *out);

#endif
