/* What the supervisor reads of processes and of hooks. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "door/allow.h"
#include "run/observe.h"
#include "sandbox/observe.h"
#include "tap.h"

#define REST " 0 0 0 0 0 0 0 0 0 0 0 1 0 4711 8 9 18446744073709551615 0\n"

static void test_stat(void)
{
	static const char *const faults[] = { "",
		                              "1",
		                              "1 (",
		                              "1 (sh)",
		                              "1 (sh) S",
		                              "1 (sh) S 2 3",
		                              "1 (sh) S x 3 4 0 -1" REST,
		                              "1 (sh) S 4294967296 3 4 0 -1" REST,
		                              "1 (sh) S 99999999999999999999 3 4 0 -1" REST };
	struct observe_process process = { 0 };

	OK(observe_read_stat(SPAN("77 (sh) S 12 13 14 0 -1" REST), &process) &&
	           process.parent == 12 && process.session == 14 && process.start == 4711,
	   "parent, session and start are found");
	OK(observe_read_stat(SPAN("77 (a) S 1 1 (\xff) b) S 12 13 14 0 -1" REST), &process) &&
	           process.parent == 12,
	   "a name may look like the rest of the line");
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		OK(!observe_read_stat(span_of(faults[i]), &process), "refused: fault %zu", i);
}

/* `text` 0: none. */
static const struct {
	const char *argv[6];
	size_t text;
} shells[] = {
	{ { "sh", "-c", "T" }, 2 },
	{ { "bash", "-lc", "T" }, 2 },
	{ { "bash", "-c", "-l", "T" }, 3 },
	{ { "bash", "-ec", "T", "name", "-c" }, 2 },
	{ { "bash", "--rcfile", "F", "-c", "T" }, 4 },
	{ { "bash", "--norc", "+x", "-c", "T" }, 4 },
	{ { "bash", "-o", "pipefail", "-c", "T" }, 4 },
	{ { "bash", "-euo", "pipefail", "-c", "T" }, 4 },
	{ { "sh", "-c", "--", "T" }, 3 },
	{ { "sh", "-c", "-", "T" }, 3 },
	{ { "sh", "-c" }, 0 },
	{ { "sh", "script", "-c", "T" }, 0 },
	{ { "sh", "--", "-c", "T" }, 0 },
	{ { "sh", "+c", "T" }, 0 },
	{ { "sh", "-o" }, 0 },
	{ { "sh" }, 0 },
};

static void test_shells(void)
{
	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
		size_t argc = 0, at = 0;
		bool found;

		while (argc < 6 && shells[i].argv[argc])
			argc++;
		found = sandbox_shell_text(shells[i].argv, argc, &at);
		OK(found == (shells[i].text > 0) && (!found || at == shells[i].text),
		   "the text of shell %zu (%s)", i, shells[i].argv[argc > 1 ? 1 : 0]);
	}
	OK(sandbox_is_shell("/bin/sh") && sandbox_is_shell("-bash") && sandbox_is_shell("zsh"),
	   "shells are known by their base names");
	OK(!sandbox_is_shell("/bin/sh/") && !sandbox_is_shell("ssh") && !sandbox_is_shell("") &&
	           !sandbox_is_shell("/opt/bash/true"),
	   "others are not shells");
}

static void test_allow(void)
{
	char folder[] = "/tmp/bailiff-allow-XXXXXX", message[64];
	struct sockaddr_un here = { .sun_family = AF_UNIX };
	unsigned char sha256[SHA256_BYTES];
	struct problem problem = { 0 };
	struct door_allow allow;
	ssize_t len;
	int fd;

	if (!OK(mkdtemp(folder) != NULL, "a folder"))
		return;
	snprintf(here.sun_path, sizeof here.sun_path, "%s/s", folder);
	OK(door_allow_send(here.sun_path, SPAN("ls"), &problem), "no socket: nobody to tell");
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	OK(fd >= 0 && bind(fd, (struct sockaddr *)&here, sizeof here) == 0, "a socket");
	OK(door_allow_send(here.sun_path, SPAN("ls"), &problem), "an allow is sent");
	len = recv(fd, message, sizeof message, MSG_DONTWAIT);
	sha256_of(SPAN("ls"), sha256);
	OK(len > 0 && door_allow_read((struct span){ message, (size_t)len }, &allow) &&
	           memcmp(allow.sha256, sha256, sizeof sha256) == 0,
	   "... and read");
	OK(!door_allow_read((struct span){ message, (size_t)len - 1 }, &allow),
	   "not a shorter one");
	message[0] = 'X';
	OK(!door_allow_read((struct span){ message, (size_t)len }, &allow), "nor any other");
	close(fd);
	OK(!door_allow_send(here.sun_path, SPAN("ls"), &problem) && problem.kind == PROBLEM_SYSTEM,
	   "nobody reads it: not sent");
	unlink(here.sun_path);
	rmdir(folder);
}

int main(void)
{
	test_stat();
	test_shells();
	test_allow();
	return tap_done();
}
