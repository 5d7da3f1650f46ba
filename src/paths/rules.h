/*
 * The tables of places: what is special below a home folder, in the system, and by name
 * anywhere.  Rows are data; classify.c is the only reader.
 */
#ifndef BAILIFF_PATHS_RULES_H
#define BAILIFF_PATHS_RULES_H

#include "paths/paths.h"

struct path_rule {
	struct span pattern; /* glob_path(); relative to the table's base, or absolute */
	enum place place;
	const char *why;    /* for people: "SSH keys" */
	const char *source; /* the manual or list that says so */
};

/*
 * In tables of names (all but the system's) the rows that begin with a dot stand first: most
 * names do not, and are spared those.
 */
struct path_rules {
	const struct path_rule *rows;
	size_t count;
};

/* Below any home folder; the first row that matches counts. */
extern const struct path_rules paths_home_rules;
/* Absolute paths of the system; the first row that matches counts. */
extern const struct path_rules paths_system_rules;
/* One component, matched against every component of a path: what lies at and below it. */
extern const struct path_rules paths_folder_rules;
/* The last components of a path, anywhere: "a/b" is a file b in a folder a. */
extern const struct path_rules paths_file_rules;
/* Names as in paths_file_rules that are no secret although a row there says so. */
extern const struct path_rules paths_public_rules;
/* Folders that are made anew by a build. */
extern const struct path_rules paths_build_rules;

#endif
