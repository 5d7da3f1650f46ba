/*
 * From the plan to the end: S's part of a run.
 *
 * While I builds the sandbox, the start is recorded; the command begins when both are
 * done.  From then on S waits for signals, for I, and for the time limit, and
 * parses nothing but I's messages.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/terminal.h"
#include "run/observe.h"

enum { GRACE_MS = 2000, US_PER_MS = 1000, NS_PER_MS = 1000000 };

struct watch {
	struct run *run;
	struct sandbox *sandbox;
	struct observer *observer;
	struct sandbox_end end;
	bool ended;           /* then `end` says how */
	uint64_t deadline_ns; /* 0: none */
	bool timed_out;
};

/* ---- starting ---- */

static int machine_cannot(struct run *run, const struct sandbox_report *report)
{
	return run_say(RUN_FAILED, "the sandbox cannot be made: %s%s%s: %s", report->what,
	               report->step >= 0 ? ", for " : "",
	               report->step >= 0 ? run->plan.steps[report->step].target : "",
	               strerror(report->sys_errno));
}

/* Policy `sandbox.require`: what it names must be there. */
static int check_required(struct run *run)
{
	const struct policy_value *required = &run->door.policy.values[POLICY_SANDBOX_REQUIRE];

	for (size_t i = 0; i < required->count; i++) {
		struct span name = required->items[i].text;
		enum sandbox_part part;

		if (!sandbox_part_parse(name, &part))
			return run_say(
				RUN_DENIED,
				"the policy requires '%.*s', which this version does not know",
				(int)name.len, name.ptr);
		if (run->missing & SANDBOX_BIT(part))
			return run_say(RUN_DENIED,
			               "the policy requires '%.*s', which is missing here; see "
			               "bailiff doctor",
			               (int)name.len, name.ptr);
	}
	return 0;
}

static void say_banner(const struct run *run)
{
	bool colour = terminal_colour(2, run_variable(run, "NO_COLOR"), run_variable(run, "TERM"));
	struct outbuf line;

	if (!run->options->verbose && !isatty(2))
		return;
	outbuf_init(&line, 4096);
	outbuf_put(&line, span_of(terminal_style(STYLE_DIM, colour)));
	outbuf_put(&line, SPAN("bailiff: sandbox "));
	outbuf_put(&line, span_of(sandbox_level_name(run->plan.level)));
	outbuf_put(&line, SPAN(", network "));
	outbuf_put(&line, span_of(sandbox_network_name(run->network)));
	for (size_t i = 0; i < run->degraded_count; i++) {
		outbuf_put(&line, i == 0 ? SPAN(", without: ") : SPAN(", "));
		outbuf_put(&line, run->degraded[i]);
	}
	outbuf_put(&line, span_of(terminal_style(STYLE_PLAIN, colour)));
	outbuf_put_byte(&line, '\n');
	if (outbuf_ok(&line))
		(void)!write(2, line.ptr, line.len);
	outbuf_release(&line);
}

/* What the launch found missing comes to what the plan knew. */
static int take_report(struct run *run, const struct sandbox_report *report)
{
	bool news = (report->missing & ~run->missing) != 0;

	run->missing |= report->missing;
	run->degraded_count = 0;
	for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
		if (run->missing & SANDBOX_BIT(part))
			run->degraded[run->degraded_count++] = span_of(
				sandbox_part_name((enum sandbox_part)part));
	}
	if (news)
		record_incident(run, SPAN("sandbox.degraded"),
		                SPAN("protections were found missing while the sandbox was made"),
		                NULL);
	return check_required(run);
}

/*
 * One attempt at the plan's level.  *fallback: this machine cannot do that level at all.
 * The first attempt records the start while I is at work.
 */
static int attempt(struct run *run, struct sandbox *sandbox, bool *fallback)
{
	struct problem problem = { 0 };
	struct sandbox_report *report = &run->report;
	int status = check_required(run);

	*fallback = false;
	if (status != 0)
		return status;
	if (!sandbox_begin(&run->plan, sandbox, &problem)) {
		*fallback = run->plan.level == SANDBOX_FULL;
		return run_say(RUN_FAILED, "%s: %s", problem.what, strerror(problem.sys_errno));
	}
	status = record_begin(run);
	if (!sandbox_await(sandbox, report, &problem))
		return run_say(RUN_FAILED, "%s", problem.what);
	if (report->stage == SANDBOX_STAGE_READY)
		return status != 0 ? status : take_report(run, report);
	*fallback = report->stage <= SANDBOX_STAGE_MOUNTS && run->plan.level == SANDBOX_FULL;
	return machine_cannot(run, report);
}

/* ---- watching ---- */

static int wait_ms(const struct watch *watch)
{
	uint64_t now = clock_mono_ns();

	if (watch->deadline_ns == 0)
		return -1;
	return now >= watch->deadline_ns ? 0 : (int)((watch->deadline_ns - now) / NS_PER_MS + 1);
}

/* The time is up: first a chance to clean up, then the end. */
static bool time_is_up(struct watch *watch)
{
	if (watch->deadline_ns == 0 || clock_mono_ns() < watch->deadline_ns)
		return false;
	if (watch->timed_out)
		return true;
	watch->timed_out = true;
	watch->deadline_ns = clock_mono_ns() + (uint64_t)GRACE_MS * NS_PER_MS;
	sandbox_signal(watch->sandbox, SIGTERM);
	return false;
}

static void take_signal(const struct watch *watch, int signals)
{
	struct signalfd_siginfo received;

	if (read(signals, &received, sizeof received) == (ssize_t)sizeof received &&
	    received.ssi_signo != SIGCHLD)
		sandbox_signal(watch->sandbox, (int)received.ssi_signo);
}

static int status_of(const struct watch *watch)
{
	const struct sandbox_end *end = &watch->end;

	if (watch->timed_out)
		return RUN_TIMEOUT;
	if (end->exec_failed)
		return run_say(RUN_FAILED, "%s: %s", watch->run->plan.program,
		               strerror(end->status));
	return end->exited ? end->status : 128 + end->status;
}

enum { AT_CONTROL, AT_SIGNALS, AT_CHANGES, AT_ALLOWS, AT_PROGRAMS, WAITS };

static void observe(const struct watch *watch, struct pollfd waits[WAITS])
{
	if (waits[AT_ALLOWS].revents & POLLIN)
		observe_allows(watch->observer);
	if (waits[AT_PROGRAMS].revents & POLLIN)
		observe_programs(watch->observer);
	else if (waits[AT_PROGRAMS].revents != 0)
		waits[AT_PROGRAMS].fd = -1; /* nobody inside is left to tell of */
}

static int watch_command(struct watch *watch, int signals)
{
	struct pollfd waits[WAITS] = {
		[AT_CONTROL] = { .fd = watch->sandbox->control, .events = POLLIN },
		[AT_SIGNALS] = { .fd = signals, .events = POLLIN },
		[AT_CHANGES] = { .fd = watch->run->changes, .events = POLLIN },
		[AT_ALLOWS] = { .fd = watch->sandbox->socket, .events = POLLIN },
		[AT_PROGRAMS] = { .fd = watch->sandbox->watch, .events = POLLIN },
	};
	struct problem problem = { 0 };

	while (!watch->ended) {
		if (poll(waits, WAITS, wait_ms(watch)) < 0 && errno != EINTR)
			return run_say(RUN_FAILED, "poll: %s", strerror(errno));
		if (waits[AT_SIGNALS].revents & POLLIN)
			take_signal(watch, signals);
		if (waits[AT_CHANGES].revents & POLLIN)
			share_update(watch->run);
		observe(watch, waits);
		if (waits[AT_CONTROL].revents != 0 &&
		    !sandbox_end(watch->sandbox, &watch->end, &watch->ended, &problem))
			return run_say(RUN_FAILED, "%s", problem.what);
		if (!watch->ended && time_is_up(watch))
			return RUN_TIMEOUT;
	}
	return status_of(watch);
}

/* Signals wait for the loop; those of the terminal's job control stay as they are. */
static int take_signals(void)
{
	static const int taken[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int run_inside(struct run *run, struct sandbox *sandbox)
{
	struct watch watch = { .run = run, .sandbox = sandbox };
	struct problem problem = { 0 };
	uint64_t start = clock_mono_ns();
	int signals = take_signals(), status;

	say_banner(run);
	if (run->network == SANDBOX_NETWORK_PROXY) {
		status = broker_start(run, sandbox->listener);
		if (status != 0)
			return status;
	}
	if (sandbox->socket >= 0 && (watch.observer = observe_start(run, sandbox)) == NULL)
		return run_say(RUN_FAILED, "out of memory");
	if (run->timeout_ms > 0)
		watch.deadline_ns = start + run->timeout_ms * NS_PER_MS;
	if (signals < 0 || !sandbox_go(sandbox, &problem))
		return run_say(RUN_FAILED, "starting the command: %s", strerror(errno));
	status = watch_command(&watch, signals);
	close(signals);
	if (!watch.ended) /* else nothing inside is alive but I, which goes while the end is recorded */
		sandbox_close(sandbox);
	broker_end(run);
	observe_report(watch.observer);
	guard_workspace(run);
	record_finish(run, status, (clock_mono_ns() - start) / US_PER_MS);
	return status;
}

/* Without namespaces, Landlock and the filter are all there is: one alone holds nothing. */
static bool confined(const struct run *run)
{
	const unsigned both = SANDBOX_BIT(SANDBOX_PART_LANDLOCK) |
	                      SANDBOX_BIT(SANDBOX_PART_SECCOMP);

	return run->plan.level == SANDBOX_FULL || (run->missing & both) == 0;
}

static bool may_run_unconfined(const struct run *run)
{
	const struct policy *policy = &run->door.policy;
	const struct policy_value *enabled = &policy->values[POLICY_SANDBOX_ENABLED];

	return run->options->allow_unconfined &&
	       policy->values[POLICY_SANDBOX_REQUIRE].count == 0 &&
	       !(enabled->set && enabled->truth);
}

/* Without namespaces a command is still confined; an agent would be without its network. */
static int level_below(struct run *run)
{
	if (run->network == SANDBOX_NETWORK_PROXY)
		return run_say(RUN_FAILED, "without namespaces an agent would have no network: see "
		                           "bailiff doctor for what to do");
	run_say(0, "going on with Landlock and the system call filter alone: see bailiff doctor");
	return view_plan(run, SANDBOX_LANDLOCK);
}

int supervise(struct run *run)
{
	struct sandbox sandbox = sandbox_none;
	bool fallback;
	int status = attempt(run, &sandbox, &fallback);

	if (fallback && run->options->level == 0) {
		status = level_below(run);
		if (status == 0)
			status = attempt(run, &sandbox, &fallback);
	}
	if (status == 0 && !confined(run) && !may_run_unconfined(run))
		status = run_say(
			RUN_DENIED,
			"nothing here can confine it; --allow-unconfined runs it all the same");
	if (status == 0)
		status = run_inside(run, &sandbox);
	sandbox_close(&sandbox);
	broker_end(run);
	return status;
}
