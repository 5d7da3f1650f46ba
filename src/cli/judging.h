/* What the commands that judge share: the defaults of an action, and a door for it. */
#ifndef BAILIFF_CLI_JUDGING_H
#define BAILIFF_CLI_JUDGING_H

#include "door/door.h"

struct judging {
	struct arena arena; /* lives as long as the command */
	struct door door;
	struct action_defaults defaults;
	struct span session; /* of an action that names none */
	bool hypothetical;   /* nothing is asked of the machine's files */
};

/* One action judged; all lives in the arena it was judged with. */
struct judgement {
	struct action action;
	struct effects effects;
	struct verdict verdict;
};

struct judging_request {
	const char *name;    /* of the command, for messages */
	const char *cwd;     /* NULL: where we are */
	const char *session; /* may be NULL */
	const char *mode;    /* may be NULL */
	bool safe;
	bool hypothetical;
};

/* Prints what is wrong and returns false; *status is then the exit status. */
bool judging_open(struct judging *judging, const struct judging_request *request, int *status);
void judging_close(struct judging *judging);

/* Judges one parsed action; SYNTAX problems are about the object. */
bool judging_one(const struct judging *judging, const struct json_value *object,
                 struct arena *arena, struct judgement *judgement, struct problem *problem);

/* {"tool":TOOL,"input":{...}} for the words of a command line; false: no such tool takes one word. */
bool judging_words(const char *tool, const char *word, struct outbuf *out);

/* 0, 10 or 20. */
int judging_status(enum decision decision);

#endif
