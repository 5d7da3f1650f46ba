/*
 * What the sandbox could not cover: names that were not there when it was made, and that the
 * user's own tools would run or believe.  Once nothing inside is alive, those that
 * have come to exist are renamed, so that nothing takes them for what they are called, and
 * the record says so.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "run/private.h"

void guard_workspace(struct run *run)
{
	for (size_t i = 0; i < run->plan.absent_count; i++) {
		const char *path = run->plan.absent[i];
		const char *aside = run_format(run, "%s.quarantined-%.8s", path, run->id + 24);
		struct stat found;

		if (lstat(path, &found) != 0)
			continue;
		if (aside != NULL && rename(path, aside) == 0)
			run_say(0, "%s was made by the command; now %s", path, aside);
		else
			run_say(0, "%s was made by the command, and could not be put aside: %s",
			        path, strerror(errno));
		record_incident(
			run, SPAN("sandbox.protected-name"),
			SPAN("the command made a file that is run or believed outside the sandbox"),
			path);
	}
}
