/* A question, its answer, and what both leave behind. */
#include <stdio.h>
#include <unistd.h>

#include "door/ask.h"
#include "door/prompt.h"
#include "policy/grants.h"

static bool record(const struct asking *asking, enum audit_event event, enum audit_outcome outcome,
                   struct span status)
{
	struct audit_entry entry = door_entry(asking->door, asking->action, asking->effects,
	                                      asking->verdict);
	struct audit_receipt receipt;
	struct problem problem = { 0 };

	entry.event = event;
	entry.outcome = outcome;
	entry.status = status;
	entry.door = asking->name;
	return audit_record(&asking->door->audit, &entry, &receipt, &problem);
}

/* A grant that cannot be stored is no reason to refuse what was approved for now. */
static void remember(const struct asking *asking, struct span rule, bool session)
{
	const struct paths_context *paths = &asking->action->paths;
	struct grants_place place = { .state = asking->door->state, .owner = getuid() };
	struct policy_fault fault = { 0 };
	struct problem problem = { 0 };
	struct uuid uuid;
	char id[37], who[32];
	struct grant grant = { .rule = rule,
		               .session = session ? asking->action->session : SPAN(""),
		               .workspace = paths->workspace_count ? paths->workspace[0] : SPAN(""),
		               .created_ns = clock_wall_ns() };

	if (!uuid_v7(grant.created_ns, &uuid, &problem))
		return;
	uuid_format(&uuid, id);
	snprintf(who, sizeof who, "uid %u", (unsigned)getuid());
	grant.id = span_of(id);
	grant.who = span_of(who);
	if (!grants_add(&place, &grant, &fault))
		record(asking, AUDIT_ERROR, AUDIT_FAILURE, SPAN("the grant could not be stored"));
}

bool door_ask(const struct asking *asking, struct arena *arena, bool *unattended)
{
	const struct policy *policy = &asking->door->policy;
	struct prompt prompt = { .action = asking->action,
		                 .effects = asking->effects,
		                 .verdict = asking->verdict,
		                 .safe = policy->safe,
		                 .colour = asking->colour,
		                 .width = asking->width };
	struct problem problem = { 0 };
	enum prompt_answer answer;
	const char *why;

	*unattended = false;
	if (!door_suggest(asking->action, asking->effects, arena, &prompt.pattern))
		return false;
	prompt.session = asking->action->session.len > 0;
	prompt.saved = prompt.pattern.len > 0 &&
	               grants_acceptable(policy, prompt.pattern, true, &why);
	if (prompt.pattern.len > 0 && !grants_acceptable(policy, prompt.pattern, false, &why))
		prompt.pattern = SPAN("");
	answer = prompt_ask(&prompt, &problem);
	*unattended = answer == PROMPT_DENY && problem.kind == PROBLEM_SYSTEM;
	if (answer == PROMPT_DENY) {
		record(asking, AUDIT_PERMISSION_DENIED, AUDIT_DENIED,
		       *unattended ? SPAN("nobody to ask") : SPAN(""));
		return false;
	}
	/* What is approved and not recorded is not done. */
	if (!record(asking, AUDIT_PERMISSION_GRANTED, AUDIT_SUCCESS, SPAN("")))
		return false;
	if (answer == PROMPT_SESSION || answer == PROMPT_ALWAYS)
		remember(asking, prompt.pattern, answer == PROMPT_SESSION);
	return true;
}
