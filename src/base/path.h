/*
 * Paths as text: no file system is asked.  POSIX.1-2017, 4.13 without links.
 */
#ifndef BAILIFF_BASE_PATH_H
#define BAILIFF_BASE_PATH_H

#include "base/arena.h"

/*
 * An absolute path without ".", "..", doubled or trailing slashes: `path` seen
 * from the absolute directory `cwd`.  ".." at the root stays at the root.
 * False: out of memory.
 */
bool path_normalise(struct span cwd, struct span path, struct arena *arena, struct span *normal)
	__attribute__((warn_unused_result));
/* Whether normal path `path` is `base` or lies below it: whole components, so /a/bc is not in /a/b. */
bool path_within(struct span path, struct span base);
/* The last component: all of it where there is no slash, "" for "/". */
struct span path_basename(struct span path);
/* Everything before the last component: "/" for "/x", "." for "x". */
struct span path_dirname(struct span path);
/* Cuts the next component off *rest; false once there is none.  Slashes are skipped. */
bool path_next(struct span *rest, struct span *component);

#endif
