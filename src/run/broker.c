/*
 * The broker: the only way out of a sandbox with network PROXY, in a process of its own.
 *
 * It is given the listening socket that was made inside (3), a control socket (4) and its
 * configuration (5).  The provider's keys are in that, and nowhere inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/path.h"
#include "run/private.h"

enum { LISTENER = 3, CONTROL = 4, CONFIGURATION = 5, PARKED = 16, HTTPS = 443 };

/* {"host":"h","ports":[443]} of HOST or HOST:PORT. */
static void put_host(struct outbuf *out, struct span host, bool *first)
{
	size_t colon;
	struct span name = host, port = SPAN("443");

	if (span_find_byte(host, ':', &colon)) {
		name = span_slice(host, 0, colon);
		port = span_from(host, colon + 1);
	}
	for (size_t i = 0; i < port.len; i++) {
		if (port.ptr[i] < '0' || port.ptr[i] > '9')
			return;
	}
	outbuf_put(out, *first ? SPAN("{\"host\":") : SPAN(",{\"host\":"));
	outbuf_put_json(out, name);
	outbuf_put(out, SPAN(",\"ports\":["));
	outbuf_put(out, port);
	outbuf_put(out, SPAN("]}"));
	*first = false;
}

static bool permitted(const struct run *run, struct span host)
{
	size_t colon;

	if (span_find_byte(host, ':', &colon))
		host = span_slice(host, 0, colon);
	return policy_allows_host(&run->door.policy, host, NULL);
}

static void put_allowed(struct run *run, struct outbuf *out)
{
	const struct policy_value *allow = &run->door.policy.values[POLICY_NETWORK_ALLOW];
	bool first = true;

	outbuf_put(out, SPAN("\"allow\":["));
	for (size_t i = 0; run->agent && i < run->profile.hosts.count; i++) {
		if (permitted(run, run->profile.hosts.items[i]))
			put_host(out, run->profile.hosts.items[i], &first);
	}
	for (size_t i = 0; i < run->options->host_count; i++) {
		if (permitted(run, span_of(run->options->hosts[i])))
			put_host(out, span_of(run->options->hosts[i]), &first);
		else
			run_say(0, "the policy does not allow %s", run->options->hosts[i]);
	}
	for (size_t i = 0; i < allow->count; i++)
		put_host(out, allow->items[i].text, &first);
	outbuf_put_byte(out, ']');
}

static void put_denied(struct run *run, struct outbuf *out)
{
	const struct policy_value *deny = &run->door.policy.values[POLICY_NETWORK_DENY];

	outbuf_put(out, SPAN(",\"deny\":["));
	for (size_t i = 0; i < deny->count; i++) {
		outbuf_put(out, i == 0 ? SPAN("{\"host\":") : SPAN(",{\"host\":"));
		outbuf_put_json(out, deny->items[i].text);
		outbuf_put_byte(out, '}');
	}
	outbuf_put_byte(out, ']');
}

static void put_provider(struct run *run, struct outbuf *out,
                         const struct profile_provider *provider)
{
	const char *upstream = run_variable(run, provider->base_variable.ptr);
	const char *key = run_variable(run, provider->key_variable.ptr);

	outbuf_put(out, SPAN("{\"prefix\":"));
	outbuf_put_json(out, provider->prefix);
	outbuf_put(out, SPAN(",\"upstream\":"));
	outbuf_put_json(out, upstream && *upstream ? span_of(upstream) : provider->upstream);
	if (key) {
		outbuf_put(out, SPAN(",\"header\":"));
		outbuf_put_json(out, provider->header);
		outbuf_put(out, SPAN(",\"value\":"));
		outbuf_put_json(out, span_of(run_format(run, "%s%s", provider->scheme.ptr, key)));
	}
	outbuf_put_byte(out, '}');
}

static void put_configuration(struct run *run, struct outbuf *out)
{
	outbuf_put_byte(out, '{');
	put_allowed(run, out);
	put_denied(run, out);
	outbuf_put(out, SPAN(",\"providers\":["));
	for (size_t i = 0; run->agent && i < run->profile.provider_count; i++) {
		if (i > 0)
			outbuf_put_byte(out, ',');
		put_provider(run, out, &run->profile.providers[i]);
	}
	outbuf_put(out, SPAN("],\"run\":"));
	outbuf_put_json(out, span_of(run->id));
	outbuf_put(out, SPAN(",\"recorder\":"));
	outbuf_put_json(out, span_of(run->door.audit.socket));
	outbuf_put(out, SPAN("}\n"));
}

/* The configuration in memory that no path leads to. */
static int make_configuration(struct run *run)
{
	int fd = memfd_create("broker", MFD_CLOEXEC);
	struct outbuf out;
	bool done;

	outbuf_init(&out, 1024 * 1024);
	put_configuration(run, &out);
	done = fd >= 0 && outbuf_ok(&out) && write(fd, out.ptr, out.len) == (ssize_t)out.len &&
	       lseek(fd, 0, SEEK_SET) == 0;
	if (out.ptr)
		explicit_bzero(out.ptr, out.len);
	outbuf_release(&out);
	if (!done && fd >= 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Puts `from` at `to`, without FD_CLOEXEC. */
static bool place(int from, int to)
{
	return dup2(from, to) == to;
}

static _Noreturn void become_broker(const char *program, const int fds[3])
{
	static const int places[3] = { LISTENER, CONTROL, CONFIGURATION };
	char *const argv[] = { (char[]){ "broker" }, NULL };
	char *const variables[] = { (char[]){ "PATH=/usr/bin:/bin" }, NULL };
	int parked[3];
	bool done = prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) == 0;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0); /* the terminal's signals are the command's */
	/* out of the way first: one may lie where another belongs */
	for (int i = 0; i < 3; i++)
		done = (parked[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, PARKED)) >= 0 && done;
	for (int i = 0; i < 3; i++)
		done = done && place(parked[i], places[i]);
	if (done)
		execve(program, argv, variables);
	_exit(127);
}

int broker_start(struct run *run, int listener)
{
	struct span folder = path_dirname(span_of(run->door.audit.recorder));
	const char *program = run_format(run, "%.*s/broker", (int)folder.len, folder.ptr);
	int control[2] = { -1, -1 }, configuration;
	pid_t pid = -1;

	if (run->door.audit.recorder == NULL || program == NULL || access(program, X_OK) != 0)
		return run_say(RUN_FAILED,
		               "the broker is not installed, without which no agent has a network");
	configuration = make_configuration(run);
	if (configuration >= 0 &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) == 0)
		pid = fork();
	if (pid == 0)
		become_broker(program, (const int[3]){ listener, control[1], configuration });
	if (configuration >= 0)
		close(configuration);
	if (control[1] >= 0)
		close(control[1]);
	run->broker_control = control[0];
	run->broker = pid > 0 ? pid : 0;
	return pid > 0 ? 0
	               : run_say(RUN_FAILED, "the broker cannot be started: %s", strerror(errno));
}

void broker_end(struct run *run)
{
	if (run->broker == 0)
		return;
	close(run->broker_control);
	kill(run->broker, SIGTERM);
	waitpid(run->broker, NULL, 0);
	run->broker = 0;
}
