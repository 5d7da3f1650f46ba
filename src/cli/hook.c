/*
 * bailiff hook HOST: judges one message of an agent's hook.
 *
 * Hosts let a tool run when its hook fails, so nothing here may fail: every
 * internal error, and a deadline far below the host's own, is a refusal.  What is
 * allowed is recorded first.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "cli/cli.h"
#include "door/allow.h"
#include "door/door.h"
#include "hook/hook.h"

enum { MAX_MESSAGE = 8 * 1024 * 1024, ARENA_LIMIT = 256 * 1024 * 1024, DEADLINE_MS = 2000 };

struct hooked {
	const struct hook_host *host;
	struct arena arena;
	struct hook_event event;
	struct door door;
	struct action action;
	struct effects effects;
	struct verdict verdict;
};

/* Written by the signal handler: async-signal-safe calls alone. */
static void too_late(int signal)
{
	static const char text[] = "Bailiff refused this: no verdict in time.\n";

	(void)signal;
	if (write(2, text, sizeof text - 1) < 0)
		_exit(HOOK_EXIT_REFUSE);
	_exit(HOOK_EXIT_REFUSE);
}

static void set_deadline(long ms)
{
	struct itimerval timer = { .it_value = { ms / 1000, ms % 1000 * 1000 } };
	struct sigaction action = { .sa_handler = too_late };

	sigaction(SIGALRM, &action, NULL);
	/* A crash must refuse as well: a signal's exit status lets the tool run. */
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGABRT, &action, NULL);
	sigaction(SIGFPE, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* The refusal for what went wrong on our side. */
static int refuse(const char *why)
{
	fprintf(stderr, "Bailiff refused this: %s.\n", why);
	return HOOK_EXIT_REFUSE;
}

static int refuse_span(struct span why)
{
	fprintf(stderr, "Bailiff refused this: %.*s.\n", (int)why.len, why.ptr);
	return HOOK_EXIT_REFUSE;
}

/* The refusal for what the agent sent. */
static int refuse_message(const struct problem *problem)
{
	fprintf(stderr, "Bailiff refused this: the hook's message cannot be read: %s.\n",
	        problem->what);
	return HOOK_EXIT_REFUSE;
}

/* Does an event of this kind hang on the answer? */
static bool decides(enum hook_event_kind kind)
{
	return kind == HOOK_PRE_TOOL || kind == HOOK_PERMISSION_REQUEST;
}

static bool open_door(struct hooked *hooked, int *status)
{
	static char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	struct door_request request = { .state = getenv("BAILIFF_HOME"),
		                        .session = hooked->event.session,
		                        .program = self,
		                        .records = true };
	struct span message;

	self[len > 0 ? len : 0] = '\0';
	if (hooked->event.cwd.len &&
	    !door_project_root(hooked->event.cwd, SPAN(""), &hooked->arena, &request.project)) {
		*status = refuse("out of memory");
		return false;
	}
	if (!door_open(&request, &hooked->arena, &hooked->door, status, &message)) {
		*status = refuse_span(message);
		return false;
	}
	return true;
}

/* The workspace: of a guarded run what the supervisor says, else the project around cwd. */
static bool fill_action(struct hooked *hooked)
{
	const struct hook_event *event = &hooked->event;
	struct action *action = &hooked->action;
	struct span *root = arena_new(&hooked->arena, struct span);

	*action = (struct action){ .tool = event->tool,
		                   .input = event->input,
		                   .view = &paths_machine,
		                   .session = event->session,
		                   .agent = span_of(hooked->host->name),
		                   .model = event->model,
		                   .tool_use_id = event->tool_use_id };
	if (!root || !path_normalise(SPAN("/"), event->cwd, &hooked->arena, &action->paths.cwd))
		return false;
	action->paths.home = hooked->door.home;
	action->paths.state = hooked->door.state;
	if (hooked->door.guarded)
		*root = hooked->door.facts.workspace;
	else if (!door_project_root(event->cwd, hooked->door.home, &hooked->arena, root))
		return false;
	action->paths.workspace = root;
	action->paths.workspace_count = door_workspace_ok(*root, hooked->door.home) ? 1 : 0;
	return true;
}

static bool record(struct hooked *hooked, struct audit_entry *entry)
{
	struct audit_receipt receipt;
	struct problem problem = { 0 };

	entry->door = SPAN("hook");
	entry->session = hooked->event.session;
	entry->agent = span_of(hooked->host->name);
	if (!hooked->door.policy.values[POLICY_AUDIT_LOG].truth)
		return true; /* switched off by a policy that may do so */
	if (audit_record(&hooked->door.audit, entry, &receipt, &problem))
		return true;
	return span_equal(hooked->door.policy.values[POLICY_AUDIT_ON_FAILURE].text, SPAN("allow"));
}

static enum audit_event event_for(const struct verdict *verdict)
{
	switch (verdict->decision) {
	case DECISION_DENY:
		return AUDIT_TOOL_BLOCKED;
	case DECISION_ASK:
		return AUDIT_APPROVAL_REQUESTED;
	case DECISION_ALLOW:
		return AUDIT_TOOL_REQUEST;
	}
	return AUDIT_TOOL_BLOCKED;
}

/* Whether a person sits at the host and is asked when the hook says so. */
static bool attended(const struct hooked *hooked)
{
	const char *entry = getenv("CLAUDE_CODE_ENTRYPOINT");

	return hooked->host->asks && entry && strcmp(entry, "cli") == 0;
}

/* The supervisor takes a shell that runs what no hook has let run for an incident. */
static bool tell_supervisor(const struct hooked *hooked)
{
	struct problem problem;

	return !hooked->door.guarded || !hooked->effects.shell ||
	       door_allow_send(DOOR_ALLOW_SOCKET, hooked->effects.text, &problem);
}

static int decide(struct hooked *hooked)
{
	struct hook_answer answer;
	struct audit_entry entry;
	bool asked = attended(hooked);
	int status;

	if (!fill_action(hooked))
		return refuse("out of memory");
	door_judge(&hooked->door, &hooked->action, NULL, &hooked->arena, &hooked->effects,
	           &hooked->verdict);
	entry = door_entry(&hooked->door, &hooked->action, &hooked->effects, &hooked->verdict);
	entry.event = event_for(&hooked->verdict);
	if (entry.event == AUDIT_APPROVAL_REQUESTED && !asked)
		entry.event = AUDIT_TOOL_BLOCKED; /* nobody is asked: it does not run */
	entry.outcome = hooked->verdict.decision == DECISION_ALLOW ? AUDIT_SUCCESS
	                : entry.event == AUDIT_TOOL_BLOCKED        ? AUDIT_BLOCKED
	                                                           : AUDIT_PENDING;
	if (!record(hooked, &entry))
		return refuse("the record cannot be written, so nothing may run");
	hook_answer(hooked->host, &hooked->event, &hooked->effects, &hooked->verdict, asked,
	            &answer);
	status = answer.status;
	if (status == HOOK_EXIT_ALLOW && !tell_supervisor(hooked)) {
		outbuf_release(&answer.out);
		outbuf_release(&answer.error);
		return refuse("the supervisor of this run does not answer");
	}
	if (!outbuf_ok(&answer.out) || !outbuf_ok(&answer.error) ||
	    !file_write_fd(1, outbuf_span(&answer.out), NULL) ||
	    !file_write_fd(2, outbuf_span(&answer.error), NULL))
		status = hooked->verdict.decision == DECISION_ALLOW
		                 ? answer.status
		                 : refuse("see bailiff audit tail");
	outbuf_release(&answer.out);
	outbuf_release(&answer.error);
	return status;
}

static int remember(struct hooked *hooked)
{
	static const enum audit_event events[] = {
		[HOOK_POST_TOOL] = AUDIT_TOOL_EXECUTE,
		[HOOK_POST_TOOL_FAILURE] = AUDIT_TOOL_EXECUTE,
		[HOOK_SESSION_START] = AUDIT_SESSION_START,
		[HOOK_SESSION_END] = AUDIT_SESSION_END,
		[HOOK_STOP] = AUDIT_SECURITY_EVENT,
	};
	const struct hook_event *event = &hooked->event;
	bool failed = event->kind == HOOK_POST_TOOL_FAILURE;
	struct audit_entry entry = { .event = events[event->kind],
		                     .outcome = failed ? AUDIT_FAILURE : AUDIT_SUCCESS,
		                     .tool = event->tool,
		                     .tool_use_id = event->tool_use_id,
		                     .model = event->model,
		                     .reason = failed ? event->error : event->reason,
		                     .cwd = event->cwd,
		                     .run = hooked->door.facts.run,
		                     .action = event->name,
		                     .duration_us = { event->has_duration,
		                                      (uint64_t)event->duration_ms * 1000 } };

	if (event->kind == HOOK_POST_TOOL || failed) {
		struct problem problem = { 0 };

		/* What the record calls the input: the same text as when it was judged. */
		if (fill_action(hooked) && effect_of_action(&hooked->action, NULL, &hooked->arena,
		                                            &hooked->effects, &problem))
			entry.input = hooked->effects.text;
	}
	return record(hooked, &entry) ? HOOK_EXIT_ALLOW : refuse("the record cannot be written");
}

static int answer_message(struct hooked *hooked)
{
	struct problem problem = { 0 };
	struct span message;
	int status;

	if (!file_read_fd(0, MAX_MESSAGE, &hooked->arena, &message, &problem))
		return refuse_message(&problem);
	if (!hook_read(hooked->host, message, &hooked->arena, &hooked->event, &problem))
		return refuse_message(&problem);
	if (hooked->event.kind == HOOK_OTHER)
		return HOOK_EXIT_ALLOW;
	if (!open_door(hooked, &status))
		return status;
	if (hooked->event.kind == HOOK_SESSION_START &&
	    !door_record_violations(&hooked->door, SPAN("hook"), hooked->event.session,
	                            &hooked->arena))
		return refuse("the record cannot be written");
	return decides(hooked->event.kind) ? decide(hooked) : remember(hooked);
}

static bool read_deadline(const char *value, long *ms)
{
	char *end;

	errno = 0;
	*ms = strtol(value, &end, 10);
	return errno == 0 && *end == '\0' && *ms >= 1 && *ms <= 60000;
}

int cli_hook(int argc, char **argv)
{
	struct hooked hooked = { 0 };
	const struct args_option *option;
	struct args args;
	long deadline = DEADLINE_MS;
	int status;

	args_init(&args, argc, argv, cli_options("hook"));
	while (args_next(&args, &option)) {
		if (option->letter == 'h')
			return cli_help_for("hook");
		if (!read_deadline(args.value, &deadline))
			return refuse("--deadline takes 1 to 60000 milliseconds");
	}
	if (args.problem || args.at + 1 != argc)
		return refuse("the hook's command line is wrong; see bailiff hook --help");
	hooked.host = hook_host_find(span_of(argv[args.at]));
	if (!hooked.host)
		return refuse("the hook names no host that it knows; see bailiff hook --help");
	set_deadline(deadline);
	arena_init(&hooked.arena, ARENA_LIMIT);
	status = answer_message(&hooked);
	arena_release(&hooked.arena);
	return status;
}
