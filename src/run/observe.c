/* What the kernel says is started, against what hooks say they let run. */
#include "run/observe.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "door/allow.h"
#include "run/wrapping.h"
#include "sandbox/observe.h"

/* Allows and shells that are remembered, parents that are looked at, incidents that are recorded. */
enum { ALLOWS = 256, TOOLS = 1024, GENERATIONS = 64, INCIDENTS = 100 };

struct tool {
	pid_t pid, session;
	uint64_t start;
};

struct observer {
	struct run *run;
	struct sandbox *sandbox;
	unsigned char allows[ALLOWS][SHA256_BYTES]; /* the latest, as a ring */
	size_t allow_count;
	struct tool tools[TOOLS]; /* shells that were let run: what they start is theirs; a ring */
	size_t tool_count;
	bool begun;    /* the command itself has been started */
	pid_t session; /* its session: a tool is not told from the agent by that one */
	size_t incidents;
	char text[SANDBOX_EXEC_TEXT];
};

struct observer *observe_start(struct run *run, struct sandbox *sandbox)
{
	struct observer *observer = arena_new(&run->arena, struct observer);

	if (observer != NULL) {
		observer->run = run;
		observer->sandbox = sandbox;
	}
	return observer;
}

/* ---- processes ---- */

/* The next number of `rest`, which is blank-separated. */
static bool take_number(struct span *rest, uint64_t *number)
{
	struct span word;

	*number = 0;
	if (!span_split(rest, ' ', &word) || word.len == 0)
		return false;
	for (size_t i = word.ptr[0] == '-'; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9' ||
		    __builtin_mul_overflow(*number, (uint64_t)10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(word.ptr[i] - '0'), number))
			return false;
	}
	return true;
}

bool observe_read_stat(struct span line, struct observe_process *process)
{
	enum { PARENT = 4, SESSION = 6, START = 22 };
	struct span rest = line, state;
	uint64_t field[START + 1] = { 0 };
	size_t end = line.len;

	/* the name, in parentheses, may hold any byte: what follows the last one counts */
	while (end > 0 && line.ptr[end - 1] != ')')
		end--;
	rest = span_from(line, end + 1);
	if (end == 0 || !span_split(&rest, ' ', &state))
		return false;
	for (size_t i = PARENT; i <= START; i++) {
		if (!take_number(&rest, &field[i]))
			return false;
	}
	if (field[PARENT] > INT32_MAX || field[SESSION] > INT32_MAX)
		return false;
	*process = (struct observe_process){ (pid_t)field[PARENT], (pid_t)field[SESSION],
		                             field[START] };
	return true;
}

static bool look_at(pid_t pid, struct observe_process *process)
{
	char path[32], line[1024];
	ssize_t len;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, line, sizeof line);
	close(fd);
	return len > 0 && observe_read_stat((struct span){ line, (size_t)len }, process);
}

/*
 * Whether it, or a parent of it, is one of the tools, or whether it is in a tool's session:
 * what a tool leaves behind has lost its parents.
 */
static bool belongs_to_tool(const struct observer *observer, pid_t pid)
{
	size_t known = observer->tool_count < TOOLS ? observer->tool_count : TOOLS;
	struct observe_process process;

	for (int i = 0; i < GENERATIONS && pid > 1 && pid != observer->sandbox->init; i++) {
		if (!look_at(pid, &process))
			return false;
		for (size_t k = 0; k < known; k++) {
			const struct tool *tool = &observer->tools[k];

			if ((tool->pid == pid && tool->start == process.start) ||
			    (tool->session == process.session &&
			     process.session != observer->session))
				return true;
		}
		pid = process.parent;
	}
	return false;
}

static void remember_tool(struct observer *observer, pid_t pid)
{
	struct observe_process process;

	if (look_at(pid, &process))
		observer->tools[observer->tool_count++ % TOOLS] = (struct tool){ pid,
			                                                         process.session,
			                                                         process.start };
}

/* ---- allows ---- */

void observe_allows(struct observer *observer)
{
	char message[sizeof(struct door_allow) + 1];
	struct door_allow allow;

	for (size_t i = 0; i < ALLOWS; i++) { /* and no more at once: it may be flooded */
		ssize_t len = recv(observer->sandbox->socket, message, sizeof message,
		                   MSG_DONTWAIT);

		if (len < 0)
			return;
		if (door_allow_read((struct span){ message, (size_t)len }, &allow))
			memcpy(observer->allows[observer->allow_count++ % ALLOWS], allow.sha256,
			       SHA256_BYTES);
	}
}

static bool is_allowed(const struct observer *observer, const unsigned char sha256[SHA256_BYTES])
{
	size_t known = observer->allow_count < ALLOWS ? observer->allow_count : ALLOWS;

	for (size_t i = 0; i < known; i++) {
		if (memcmp(observer->allows[i], sha256, SHA256_BYTES) == 0)
			return true;
	}
	return false;
}

/* Whether it is a command that a hook has let run, or a shell of the agent's own. */
static bool is_expected(const struct observer *observer, struct span text)
{
	const struct profile_words *shells = &observer->run->profile.shells;
	unsigned char sha256[SHA256_BYTES];

	for (size_t i = 0; i < shells->count; i++) {
		switch (wrapping_match(shells->items[i], text, sha256)) {
		case WRAPPING_OWN:
			return true;
		case WRAPPING_COMMAND:
			if (is_allowed(observer, sha256))
				return true;
			break;
		case WRAPPING_NONE:
			break;
		}
	}
	return false;
}

/* ---- programs ---- */

static void note_incident(struct observer *observer, const struct sandbox_exec *exec)
{
	static const struct span shell = SPAN_INIT(
		"a shell was started with a command that no hook has let run: the hook "
		"was skipped, or has failed");
	static const struct span unknown = SPAN_INIT(
		"a program was started, and what it is could not be read");

	if (observer->incidents++ >= INCIDENTS)
		return;
	record_unmatched(observer->run, exec->readable ? shell : unknown, span_of(exec->program),
	                 exec->text);
}

static void judge_program(struct observer *observer, const struct sandbox_exec *exec)
{
	struct observe_process process;

	if (!observer->begun) { /* the command itself, which was judged before it was started */
		observer->begun = true;
		if (look_at(exec->pid, &process))
			observer->session = process.session;
		return;
	}
	if ((exec->readable && !exec->shell) || belongs_to_tool(observer, exec->pid))
		return;
	/* a hook tells before it answers: what it let run is in the queue by now */
	observe_allows(observer);
	if (!exec->shell || !is_expected(observer, exec->text))
		note_incident(observer, exec);
	remember_tool(observer, exec->pid); /* one incident is enough for it and its children */
}

void observe_programs(struct observer *observer)
{
	struct sandbox_exec exec;

	if (!sandbox_exec_take(observer->sandbox, observer->text, &exec))
		return;
	judge_program(observer, &exec);
	sandbox_exec_go(observer->sandbox, &exec);
}

void observe_report(const struct observer *observer)
{
	size_t count = observer ? observer->incidents : 0;

	if (count > 0)
		run_say(0,
		        "%zu %s started without an allow: see bailiff audit list "
		        "--event-type security_event",
		        count, count == 1 ? "process was" : "processes were");
}
