/* What a run leaves in the record: its start, its end, and what happened that should not have. */
#include <string.h>
#include <unistd.h>

#include "run/private.h"

static struct audit_entry entry_of(struct run *run, enum audit_event event)
{
	const struct policy_value *org = &run->door.policy.values[POLICY_ORG_ID];
	struct audit_entry entry = {
		.event = event,
		.decision = AUDIT_ALLOW,
		.outcome = AUDIT_SUCCESS,
		.session = span_of(run->id),
		.run = span_of(run->id),
		.door = SPAN("run"),
		.agent = run->agent ? run->profile.name : SPAN(""),
		.org = org->text,
		.tool = SPAN("run"),
		.cwd = span_of(run->cwd),
		.has_policy = true,
		.degraded = run->degraded,
		.degraded_count = run->degraded_count,
	};

	memcpy(entry.policy_sha256, run->door.policy.digest, sizeof entry.policy_sha256);
	return entry;
}

/* What fails to be recorded is refused, unless the policy lets it pass. */
static bool may_go_unrecorded(const struct run *run)
{
	return span_equal(run->door.policy.values[POLICY_AUDIT_ON_FAILURE].text, SPAN("allow"));
}

static bool add(struct run *run, const struct audit_entry *entry)
{
	struct audit_receipt receipt;
	struct problem problem = { 0 };

	if (audit_record(&run->door.audit, entry, &receipt, &problem))
		return true;
	run_say(0, "not recorded: %s", problem.what);
	return false;
}

int record_begin(struct run *run)
{
	const char *command = run->options->command[0];
	struct audit_detail details[] = {
		{ SPAN("sandbox"), span_of(sandbox_level_name(run->plan.level)) },
		{ SPAN("network"), span_of(sandbox_network_name(run->network)) },
		{ SPAN("workspace"), span_of(run->workspace) },
	};
	struct audit_entry entry = entry_of(run, AUDIT_SESSION_START);

	entry.action = span_of(command);
	entry.details = details;
	entry.detail_count = sizeof details / sizeof details[0];
	if ((add(run, &entry) &&
	     door_record_violations(&run->door, SPAN("run"), span_of(run->id), &run->arena)) ||
	    may_go_unrecorded(run))
		return 0;
	return run_say(RUN_FAILED,
	               "the start of this run could not be recorded, so it does not start");
}

/*
 * The end of a plain command is recorded by a process of its own, which waits for the
 * receipt, or spools, while the caller goes on; an agent's run ends with its record.
 */
void record_finish(struct run *run, int status, uint64_t duration_us)
{
	pid_t other = run->agent ? -1 : fork();

	struct audit_entry entry = entry_of(run, AUDIT_SESSION_END);
	const char *text = run_format(run, "%d", status);
	struct audit_detail details[] = { { SPAN("exitStatus"), span_of(text) } };

	entry.action = span_of(run->options->command[0]);
	entry.outcome = status == 0             ? AUDIT_SUCCESS
	                : status == RUN_TIMEOUT ? AUDIT_TIMEOUT
	                                        : AUDIT_FAILURE;
	entry.duration_us = (struct audit_number){ true, duration_us };
	entry.details = details;
	entry.detail_count = 1;
	if (other > 0)
		return;
	if (other == 0) { /* whoever reads our output waits for the command, not for the disk */
		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		close(STDERR_FILENO);
	}
	add(run, &entry);
	if (other == 0)
		_exit(0);
}

void record_incident(struct run *run, struct span rule, struct span reason, const char *path)
{
	struct audit_entry entry = entry_of(run, AUDIT_POLICY_VIOLATION);
	struct audit_detail details[] = { { SPAN("path"), span_of(path) } };

	entry.decision = AUDIT_DENY;
	entry.outcome = AUDIT_BLOCKED;
	entry.severity = AUDIT_HIGH;
	entry.rule = rule;
	entry.reason = reason;
	entry.details = details;
	entry.detail_count = path ? 1 : 0;
	add(run, &entry);
}

void record_unmatched(struct run *run, struct span reason, struct span program, struct span text)
{
	struct audit_entry entry = entry_of(run, AUDIT_SECURITY_EVENT);
	struct audit_detail details[] = { { SPAN("program"), program } };

	entry.decision = AUDIT_DECISION_NONE;
	entry.severity = AUDIT_HIGH;
	entry.rule = SPAN("run.unmatched-process");
	entry.reason = reason;
	entry.input = text;
	entry.details = details;
	entry.detail_count = 1;
	add(run, &entry);
}
