/* bailiff run: the order of things. */
#include "run/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "run/private.h"

enum { ARENA_LIMIT = 256 * 1024 * 1024, HOLD_MS = 2000, PLAN_BYTES = 16 * 1024 * 1024 };

int run_say(int status, const char *format, ...)
{
	char text[4096];
	struct outbuf line;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	outbuf_init(&line, 16 * 1024);
	outbuf_put(&line, SPAN("bailiff run: "));
	outbuf_put_visible(&line, span_of(text), false);
	outbuf_put_byte(&line, '\n');
	if (outbuf_ok(&line))
		(void)!write(2, line.ptr, line.len);
	outbuf_release(&line);
	return status;
}

const char *run_variable(const struct run *run, const char *name)
{
	size_t len = strlen(name);

	for (char *const *variable = run->options->environ; *variable; variable++) {
		if (strncmp(*variable, name, len) == 0 && (*variable)[len] == '=')
			return *variable + len + 1;
	}
	return NULL;
}

const char *run_format(struct run *run, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = len < 0 ? NULL : arena_array(&run->arena, char, (size_t)len + 1);
	if (text == NULL)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

static int find_profile(struct run *run)
{
	const char *name = run->options->agent;
	struct problem problem = { 0 };
	bool found;
	bool read = name ? profile_by_name(span_of(name), &run->arena, &run->profile, &found,
	                                   &problem)
	                 : profile_by_program(path_basename(span_of(run->options->command[0])),
	                                      &run->arena, &run->profile, &found, &problem);
	const char *refused;

	if (!read)
		return run_say(RUN_FAILED, "the profiles of agents cannot be read: %s",
		               problem.what);
	if (name && !found)
		return run_say(64, "there is no profile for an agent called '%s'", name);
	run->agent = found;
	if (!found)
		return 0;
	refused = profile_refuses(&run->profile, run->options->command, run->options->environ);
	if (refused)
		return run_say(RUN_DENIED, "'%s' would switch a guard of the agent off", refused);
	return 0;
}

/* The profile's arguments come behind the program's name. */
static int make_argv(struct run *run)
{
	char *const *given = run->options->command;
	size_t extra = run->agent ? run->profile.arguments.count : 0, count = 0, at = 0;
	char **argv;

	while (given[count])
		count++;
	argv = arena_array(&run->arena, char *, count + extra + 1);
	if (argv == NULL)
		return run_say(RUN_FAILED, "out of memory");
	argv[at++] = given[0];
	for (size_t i = 0; i < extra; i++) /* execve(2) takes no const; nobody writes to them */
		argv[at++] = (char *)(uintptr_t)run->profile.arguments.items[i].ptr;
	for (size_t i = 1; i < count; i++)
		argv[at++] = given[i];
	run->argv = argv;
	return 0;
}

static bool network_parse(struct span name, enum sandbox_network *network)
{
	if (span_equal(name, SPAN("none")))
		name = SPAN("off");
	for (int i = SANDBOX_NETWORK_OFF; i <= SANDBOX_NETWORK_HOST; i++) {
		*network = (enum sandbox_network)i;
		if (span_equal(name, span_of(sandbox_network_name(*network))))
			return true;
	}
	return false;
}

/* The stricter of what is asked for and what the policy lets be. */
static int choose_network(struct run *run)
{
	const struct policy_value *bound = &run->door.policy.values[POLICY_SANDBOX_NETWORK];
	enum sandbox_network limit;

	run->network = run->agent || run->options->host_count > 0 ? SANDBOX_NETWORK_PROXY
	                                                          : SANDBOX_NETWORK_OFF;
	if (run->options->network && !network_parse(span_of(run->options->network), &run->network))
		return run_say(64, "--network is off, proxy or host, not '%s'",
		               run->options->network);
	if (!bound->set)
		return 0;
	if (!network_parse(bound->text, &limit))
		limit = SANDBOX_NETWORK_OFF;
	if (run->network <= limit)
		return 0;
	if (run->options->network)
		return run_say(RUN_DENIED, "the policy does not allow --network %s",
		               run->options->network);
	run->network = limit;
	return 0;
}

static void choose_timeout(struct run *run)
{
	const struct policy_value *bound = &run->door.policy.values[POLICY_MAX_EXECUTION_TIME];

	run->timeout_ms = run->options->timeout_ms;
	/* the policy's limit is for a command; an agent's session is many */
	if (!run->agent && bound->set && bound->number < 1e15 &&
	    (run->timeout_ms == 0 || (double)run->timeout_ms > bound->number))
		run->timeout_ms = (uint64_t)bound->number;
}

static int open_door(struct run *run)
{
	struct uuid id;
	struct problem problem = { 0 };
	struct span message;
	struct door_request request = { .records = true,
		                        .state = run_variable(run, "BAILIFF_HOME"),
		                        .project = span_of(run->workspace),
		                        .program = run->options->self };
	int status;

	if (!uuid_v7(clock_wall_ns(), &id, &problem))
		return run_say(RUN_FAILED, "no random numbers: %s", problem.what);
	uuid_format(&id, run->id);
	if (!door_open(&request, &run->arena, &run->door, &status, &message))
		return run_say(status == 77 ? status : RUN_FAILED, "%.*s", (int)message.len,
		               message.ptr);
	if (run->door.guarded)
		return run_say(RUN_FAILED,
		               "this is a guarded run already; run the command as it is");
	run->door.facts.run = span_of(run->id);
	return 0;
}

/* An agent's hooks need the recorder from the first moment to the last. */
static int hold_recorder(struct run *run)
{
	struct problem problem = { 0 };

	if (!run->agent || run->options->dry_run)
		return 0;
	if (!audit_hold(&run->door.audit, HOLD_MS, &run->held, &problem))
		return run_say(RUN_FAILED,
		               "the recorder does not answer, and an agent is not run without: %s",
		               problem.what);
	return 0;
}

static int print_plan(const struct run *run)
{
	struct outbuf out;
	bool done;

	outbuf_init(&out, PLAN_BYTES);
	if (run->options->json)
		sandbox_plan_json(&run->plan, &out);
	else
		sandbox_plan_text(&run->plan, &out);
	done = outbuf_ok(&out) && fwrite(out.ptr, 1, out.len, stdout) == out.len &&
	       fflush(stdout) == 0;
	outbuf_release(&out);
	return done ? 0 : run_say(RUN_FAILED, "the plan cannot be printed");
}

typedef int run_phase(struct run *run);

static int plan_first(struct run *run)
{
	enum sandbox_level level = run->options->level == SANDBOX_LANDLOCK ? SANDBOX_LANDLOCK
	                                                                   : SANDBOX_FULL;

	choose_timeout(run);
	return view_plan(run, level);
}

static int launch(struct run *run)
{
	return run->options->dry_run ? print_plan(run) : supervise(run);
}

int run_guarded(const struct run_options *options)
{
	static run_phase *const phases[] = { places_find,    open_door,           find_profile,
		                             choose_network, places_find_program, command_judge,
		                             make_argv,      places_make_home,    hold_recorder,
		                             share_make,     plan_first,          launch };
	struct run run = {
		.options = options, .held = -1, .share_fd = -1, .changes = -1, .broker_control = -1
	};
	int status = 0;

	arena_init(&run.arena, ARENA_LIMIT);
	for (size_t i = 0; i < sizeof phases / sizeof phases[0] && status == 0; i++)
		status = phases[i](&run);
	share_end(&run);
	if (run.held >= 0)
		close(run.held);
	arena_release(&run.arena);
	return status;
}
