/* Opening a door, judging at it, and what goes into the record. */
#include "door/door.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"

enum { MAX_FACTS = 64 * 1024, STATUS_USAGE = 64, STATUS_INTERNAL = 70, STATUS_POLICY = 77 };

/* ---- opening ---- */

static bool refuse(struct door *door, int code, struct span text, int *status, struct span *message)
{
	struct span copy;

	*status = code;
	*message = arena_copy(door->arena, text, &copy) ? copy : SPAN("out of memory");
	return false;
}

/*
 * The folder counts only where it is a read-only mount: nothing that runs inside a
 * sandbox can mount, and outside only root can make something below /run.
 */
static bool inside_a_run(void)
{
	struct statvfs file_system;

	return statvfs(DOOR_RUN_FOLDER, &file_system) == 0 && (file_system.f_flag & ST_RDONLY);
}

static bool read_facts(struct door *door, int *status, struct span *message)
{
	struct problem problem = { 0 };
	struct span bytes;

	if (!file_read(DOOR_RUN_FOLDER "/run.json", MAX_FACTS, door->arena, &bytes, &problem) ||
	    !run_facts_parse(bytes, door->arena, &door->facts, &problem))
		return refuse(door, STATUS_INTERNAL,
		              SPAN(DOOR_RUN_FOLDER "/run.json cannot be used"), status, message);
	door->guarded = true;
	door->context.guarded = true;
	door->context.degraded = door->facts.degraded;
	door->context.degraded_count = door->facts.degraded_count;
	return true;
}

static bool find_places(const struct door_request *request, struct door *door,
                        struct policy_places *places, int *status, struct span *message)
{
	struct problem problem = { 0 };

	if (door->guarded) {
		*places = (struct policy_places){
			.system = SPAN(DOOR_RUN_FOLDER "/policy/system"),
			.user_managed = SPAN(DOOR_RUN_FOLDER "/policy/user"),
			.user_state = SPAN(DOOR_RUN_FOLDER "/policy/state"),
			.project = door->facts.workspace,
			.system_owner = getuid(),
			.user_owner = getuid(),
			.vouched = true
		};
		door->home = door->facts.home;
		door->state = door->facts.state;
		return true;
	}
	if (!policy_places_of(getuid(), span_of(request->state), request->project, door->arena,
	                      places, &problem))
		return refuse(door, problem.kind == PROBLEM_SYNTAX ? STATUS_USAGE : STATUS_INTERNAL,
		              span_of(problem.what), status, message);
	door->home = places->home;
	door->state = places->user_state;
	return true;
}

static bool load_policy(struct door *door, const struct policy_places *places, int *status,
                        struct span *message)
{
	struct policy_fault fault = { 0 };
	struct policy_input input = { .overrides = door->overrides };
	struct span text;

	if (policy_read(places, door->arena, &door->files, &fault)) {
		input.files = door->files;
		if (policy_merge(&input, door->arena, &door->policy, &fault))
			return true;
	}
	if (!policy_fault_text(&fault, door->arena, &text))
		text = SPAN("the policy cannot be loaded: out of memory");
	return refuse(door, STATUS_POLICY, text, status, message);
}

/* The grants of this user, this session and this project; safe mode does not look at them. */
static bool load_grants(const struct door_request *request, struct door *door,
                        const struct policy_places *places, int *status, struct span *message)
{
	struct grants_place place = { .state = places->user_state,
		                      .owner = places->user_owner,
		                      .vouched = places->vouched };
	struct policy_fault fault = { 0 };
	struct span text;

	if (door->policy.safe || place.state.len == 0)
		return true;
	if (grants_read(&place, request->session, clock_wall_ns(), door->arena, &door->grants,
	                &fault) &&
	    grants_apply(door->grants, places->project, door->arena, &door->policy))
		return true;
	if (!policy_fault_text(&fault, door->arena, &text))
		text = SPAN("the grants cannot be read: out of memory");
	return refuse(door, STATUS_POLICY, text, status, message);
}

/* libexec/bailiff beside the program, or ../libexec/bailiff where it is installed. */
static bool find_libexec(const char *program, char *libexec, size_t size)
{
	static const char *const places[] = { "libexec/bailiff", "../libexec/bailiff" };
	struct span folder = path_dirname(span_of(program));

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		int len = snprintf(libexec, size, "%.*s/%s", (int)folder.len, folder.ptr,
		                   places[i]);

		if (len > 0 && (size_t)len < size && access(libexec, X_OK) == 0)
			return true;
	}
	return false;
}

static bool find_record(const struct door_request *request, struct door *door, int *status,
                        struct span *message)
{
	struct problem problem = { 0 };
	char libexec[PATH_MAX];
	struct span state;

	if (door->guarded) {
		door->audit = audit_target_guarded;
		return true;
	}
	if (!arena_copy(door->arena, door->state, &state))
		return refuse(door, STATUS_INTERNAL, SPAN("out of memory"), status, message);
	if (!request->program || !find_libexec(request->program, libexec, sizeof libexec))
		libexec[0] = '\0';
	if (!audit_target_in(state.ptr, libexec, door->arena, &door->audit, &problem))
		return refuse(door, STATUS_INTERNAL, SPAN("the record's place cannot be found"),
		              status, message);
	return true;
}

bool door_open(const struct door_request *request, struct arena *arena, struct door *door,
               int *status, struct span *message)
{
	struct policy_places places;

	*door = (struct door){ .arena = arena, .overrides = request->overrides };
	if (inside_a_run() && !read_facts(door, status, message))
		return false;
	if (!find_places(request, door, &places, status, message) ||
	    !find_record(request, door, status, message))
		return false;
	if (request->records)
		audit_reach(&door->audit);
	if (!load_policy(door, &places, status, message) ||
	    !load_grants(request, door, &places, status, message))
		return false;
	door->project = places.project;
	door->context.policy = &door->policy;
	door->context.now_ns = clock_wall_ns();
	return true;
}

/* ---- judging ---- */

static const struct judge_reason out_of_memory = {
	.decision = DECISION_DENY,
	.rule = SPAN_INIT("analysis.limit"),
	.risk = RISK_HIGH,
	.approval = APPROVAL_BLOCKED,
	.message = SPAN_INIT("it is too large or too deeply nested to be analysed"),
	.remedy = SPAN_INIT("do it in smaller steps"),
	.source = SPAN_INIT("built-in"),
};

/* A verdict that needs no memory: for what failed on the way to one. */
static void refuse_unjudged(const struct door *door, struct arena *arena, struct effects *effects,
                            struct verdict *verdict)
{
	struct judge_reason *reason = arena_new(arena, struct judge_reason);

	*effects = (struct effects){ .text = SPAN("") };
	*verdict = (struct verdict){ .decision = DECISION_DENY,
		                     .risk = RISK_HIGH,
		                     .approval = APPROVAL_BLOCKED,
		                     .degraded = door->context.degraded,
		                     .degraded_count = door->context.degraded_count };
	if (reason) {
		*reason = out_of_memory;
		verdict->reasons = reason;
	}
}

void door_judge(const struct door *door, const struct action *action,
                const struct json_value *permissions, struct arena *arena, struct effects *effects,
                struct verdict *verdict)
{
	struct judge_context context = door->context;
	struct problem problem = { 0 };
	struct policy merged;

	if (permissions) {
		struct policy_input input = { .files = door->files,
			                      .overrides = door->overrides,
			                      .permissions = permissions,
			                      .permissions_from = SPAN("permissions") };
		struct policy_fault fault = { 0 };

		if (!policy_merge(&input, arena, &merged, &fault) ||
		    !grants_apply(door->grants, door->project, arena, &merged)) {
			refuse_unjudged(door, arena, effects, verdict);
			return;
		}
		context.policy = &merged;
	}
	if (!effect_of_action(action, NULL, arena, effects, &problem) ||
	    !judge(&context, action, effects, arena, verdict))
		refuse_unjudged(door, arena, effects, verdict);
}

/* ---- recording ---- */

static enum audit_decision audit_decision_of(enum decision decision)
{
	switch (decision) {
	case DECISION_DENY:
		return AUDIT_DENY;
	case DECISION_ASK:
		return AUDIT_ASK;
	case DECISION_ALLOW:
		return AUDIT_ALLOW;
	}
	return AUDIT_DENY;
}

static enum audit_severity severity_of(const struct verdict *verdict)
{
	if (verdict->decision == DECISION_ALLOW)
		return AUDIT_INFO;
	switch (verdict->risk) {
	case RISK_LOW:
		return AUDIT_LOW;
	case RISK_MEDIUM:
		return AUDIT_MEDIUM;
	case RISK_HIGH:
		return AUDIT_HIGH;
	case RISK_CRITICAL:
		return AUDIT_CRITICAL;
	}
	return AUDIT_CRITICAL;
}

struct audit_entry door_entry(const struct door *door, const struct action *action,
                              const struct effects *effects, const struct verdict *verdict)
{
	const struct judge_reason *first = verdict->reasons;
	const struct policy_value *org = &door->policy.values[POLICY_ORG_ID];
	struct audit_entry entry = { .decision = audit_decision_of(verdict->decision),
		                     .severity = severity_of(verdict),
		                     .session = action->session,
		                     .tool_use_id = action->tool_use_id,
		                     .agent = action->agent,
		                     .org = org->set ? org->text : action->org,
		                     .user = action->user,
		                     .model = action->model,
		                     .tool = action->tool,
		                     .input = effects->text,
		                     .cwd = action->paths.cwd,
		                     .run = door->facts.run,
		                     .level = approval_name(verdict->approval),
		                     .risk = risk_level_name(verdict->risk),
		                     .has_policy = true,
		                     .degraded = verdict->degraded,
		                     .degraded_count = verdict->degraded_count };

	if (first) {
		entry.reason = first->message;
		entry.rule = first->rule;
		entry.source = first->source;
		if (first->effect)
			entry.action = effect_kind_name(first->effect->kind);
	}
	memcpy(entry.policy_sha256, door->policy.digest, sizeof entry.policy_sha256);
	return entry;
}

static bool record_violation(const struct door *door, const struct policy_note *note,
                             struct audit_entry *entry, struct arena *arena)
{
	struct audit_receipt receipt;
	struct problem problem = { 0 };

	entry->event = AUDIT_POLICY_VIOLATION;
	entry->decision = AUDIT_DENY;
	entry->outcome = AUDIT_BLOCKED;
	entry->severity = AUDIT_HIGH;
	entry->tool = SPAN("policy");
	entry->action = note->key;
	entry->reason = span_of(note->what);
	return policy_source_text(&note->source, arena, &entry->input) &&
	       policy_source_text(&note->against, arena, &entry->source) &&
	       audit_record(&door->audit, entry, &receipt, &problem);
}

bool door_record_violations(const struct door *door, struct span name, struct span session,
                            struct arena *arena)
{
	bool recorded = true;

	for (const struct policy_note *note = door->policy.notes; note; note = note->next) {
		struct audit_entry entry = { .session = session,
			                     .run = door->facts.run,
			                     .door = name };

		if (note->kind == POLICY_VIOLATION)
			recorded = record_violation(door, note, &entry, arena) && recorded;
	}
	return recorded;
}
