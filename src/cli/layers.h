/* What the commands about policy, grants and settings share: the layers of where one stands. */
#ifndef BAILIFF_CLI_LAYERS_H
#define BAILIFF_CLI_LAYERS_H

#include "base/outbuf.h"
#include "policy/grants.h"

struct layers {
	struct arena arena; /* lives as long as the command */
	struct policy_places places;
	struct span home, project;
	struct policy_file *files;
	struct policy policy;
	bool inside; /* in a guarded run: the policy can be read and nothing can be written */
};

/* Finds, reads and merges.  On false it has said why, and *status is the exit status. */
bool layers_open(const char *name, struct layers *layers, int *status);
void layers_close(struct layers *layers);

/* Prints a fault of a policy; returns 77. */
int layers_fault(const struct policy_fault *fault, struct arena *arena);
/* Where the grants of this user are. */
struct grants_place layers_grants(const struct layers *layers);
/* Writes what was put, and releases it; returns `status`, or 70 where something failed. */
int layers_print(struct outbuf *out, int status);
/* The user's name for "who"; "uid N" where there is none.  Lives in the arena. */
struct span layers_user(struct layers *layers);

#endif
