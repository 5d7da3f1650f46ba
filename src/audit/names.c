/* What the numbers of an entry are called.  The seed's names first (KC-037 to KC-045). */
#include "audit/audit.h"

struct event_name {
	const char *name;
	const char *dotted;
};

/* clang-format off */
static const struct event_name event_names[AUDIT_EVENT_COUNT] = {
	[AUDIT_EVENT_NONE]         = { "unknown",            "unknown" },
	[AUDIT_TOOL_EXECUTE]       = { "tool_execute",       "tool.execute" },
	[AUDIT_TOOL_BLOCKED]       = { "tool_blocked",       "tool.blocked" },
	[AUDIT_PERMISSION_DENIED]  = { "permission_denied",  "permission.denied" },
	[AUDIT_PERMISSION_GRANTED] = { "permission_granted", "permission.granted" },
	[AUDIT_MODEL_SWITCH]       = { "model_switch",       "model.switch" },
	[AUDIT_SESSION_START]      = { "session_start",      "session.start" },
	[AUDIT_SESSION_END]        = { "session_end",        "session.end" },
	[AUDIT_POLICY_VIOLATION]   = { "policy_violation",   "policy.violation" },
	[AUDIT_SECURITY_EVENT]     = { "security_event",     "security.event" },
	[AUDIT_TOOL_REQUEST]       = { "tool_request",       "tool.request" },
	[AUDIT_CONFIG_CHANGE]      = { "config_change",      "config.change" },
	[AUDIT_AUDIT_GAP]          = { "audit_gap",          "audit.gap" },
	[AUDIT_DAEMON_START]       = { "daemon_start",       "daemon.start" },
	[AUDIT_DAEMON_STOP]        = { "daemon_stop",        "daemon.stop" },
	[AUDIT_APPROVAL_REQUESTED] = { "approval_requested", "approval.requested" },
	[AUDIT_APPROVAL_DECIDED]   = { "approval_decided",   "approval.decided" },
	[AUDIT_APPROVAL_EXPIRED]   = { "approval_expired",   "approval.expired" },
	[AUDIT_POLICY_LOADED]      = { "policy_loaded",      "policy.loaded" },
	[AUDIT_POLICY_CHANGED]     = { "policy_changed",     "policy.changed" },
	[AUDIT_POLICY_STALE]       = { "policy_stale",       "policy.stale" },
	[AUDIT_API_REQUEST]        = { "api_request",        "api.request" },
	[AUDIT_TOKEN_USED]         = { "token_used",         "token.used" },
	[AUDIT_ERROR]              = { "error",              "error" },
	[AUDIT_CLOCK_SKEW]         = { "clock_skew",         "clock.skew" },
	[AUDIT_AUDIT_READ]         = { "audit_read",         "audit.read" },
};
static const char *const decision_names[] = { "", "deny", "ask", "allow" };
static const char *const outcome_names[] = {
	"", "success", "error", "blocked", "denied", "pending", "timeout",
};
static const char *const severity_names[] = { "info", "low", "medium", "high", "critical" };
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_at(const char *const *names, size_t count, size_t number)
{
	return number < count ? names[number] : "unknown";
}

static bool name_find(const char *const *names, size_t count, struct span name, size_t *number)
{
	for (size_t i = 0; i < count; i++) {
		if (name.len > 0 && span_equal(name, span_of(names[i]))) {
			*number = i;
			return true;
		}
	}
	return false;
}

const char *audit_event_name(enum audit_event event)
{
	return (size_t)event < COUNT(event_names) ? event_names[event].name : "unknown";
}

const char *audit_event_dotted(enum audit_event event)
{
	return (size_t)event < COUNT(event_names) ? event_names[event].dotted : "unknown";
}

const char *audit_decision_name(enum audit_decision decision)
{
	return name_at(decision_names, COUNT(decision_names), (size_t)decision);
}

const char *audit_outcome_name(enum audit_outcome outcome)
{
	return name_at(outcome_names, COUNT(outcome_names), (size_t)outcome);
}

const char *audit_severity_name(enum audit_severity severity)
{
	return name_at(severity_names, COUNT(severity_names), (size_t)severity);
}

bool audit_event_parse(struct span name, enum audit_event *event)
{
	for (size_t i = AUDIT_EVENT_NONE + 1; i < COUNT(event_names); i++) {
		if (!span_equal(name, span_of(event_names[i].name)) &&
		    !span_equal(name, span_of(event_names[i].dotted)))
			continue;
		*event = (enum audit_event)i;
		return true;
	}
	return false;
}

bool audit_decision_parse(struct span name, enum audit_decision *decision)
{
	size_t number;

	if (!name_find(decision_names, COUNT(decision_names), name, &number))
		return false;
	*decision = (enum audit_decision)number;
	return true;
}

bool audit_outcome_parse(struct span name, enum audit_outcome *outcome)
{
	size_t number;

	if (!name_find(outcome_names, COUNT(outcome_names), name, &number))
		return false;
	*outcome = (enum audit_outcome)number;
	return true;
}

bool audit_severity_parse(struct span name, enum audit_severity *severity)
{
	size_t number;

	if (!name_find(severity_names, COUNT(severity_names), name, &number))
		return false;
	*severity = (enum audit_severity)number;
	return true;
}
