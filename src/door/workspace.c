/* Which folder is the project. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/path.h"
#include "door/door.h"

bool door_workspace_ok(struct span root, struct span home)
{
	struct paths_context nowhere = { .cwd = SPAN("/"), .home = home };
	enum place place;

	if (root.len == 0 || root.ptr[0] != '/' || (home.len && path_within(home, root)))
		return false;
	place = paths_classify(&nowhere, root).place;
	return place != PLACE_ROOT && place != PLACE_HOME_ROOT && place != PLACE_SECRET &&
	       place != PLACE_SYSTEM_SECRET && place != PLACE_KERNEL && place != PLACE_BAILIFF &&
	       place != PLACE_OTHER_HOME;
}

static bool holds(struct span folder, const char *name)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof path, "%.*s/%s", (int)folder.len, folder.ptr, name);

	return len > 0 && (size_t)len < sizeof path &&
	       faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool door_project_root(struct span cwd, struct span home, struct arena *arena, struct span *root)
{
	struct span at;

	if (!path_normalise(SPAN("/"), cwd, arena, &at))
		return false;
	*root = at;
	while (at.len > 1 && door_workspace_ok(at, home)) {
		if (holds(at, ".git") || holds(at, ".bailiff")) {
			*root = at;
			return true;
		}
		at = path_dirname(at);
	}
	return true;
}
