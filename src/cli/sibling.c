/*
 * Programs with libraries live beside this one: libexec/bailiff/NAME next to the
 * program in a build folder, ../libexec/bailiff/NAME where it is installed.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

int cli_sibling(const char *name, int argc, char **argv)
{
	static const char *const places[] = { "libexec/bailiff", "../libexec/bailiff" };
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	(void)argc;
	if (len <= 0)
		return cli_fail(name, EXIT_STATUS_INTERNAL, "cannot find where bailiff is: %s",
		                strerror(errno));
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return cli_fail(name, EXIT_STATUS_INTERNAL, "cannot find where bailiff is");
	*slash = '\0';
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		snprintf(path, sizeof path, "%s/%s/%s", self, places[i], name);
		execv(path, argv);
		if (errno != ENOENT && errno != ENOTDIR)
			return cli_fail(name, EXIT_STATUS_INTERNAL, "%s: %s", path,
			                strerror(errno));
	}
	return cli_fail(name, EXIT_STATUS_INTERNAL,
	                "the program for this command is not installed (looked for %s)", path);
}
