/*
 * Asking a person, on the terminal (KO-099 to KO-114, KM-61).
 *
 * What is shown is made from the verdict, never from the agent's own words, and
 * nothing that an action holds reaches the terminal as a control sequence.
 */
#ifndef BAILIFF_DOOR_PROMPT_H
#define BAILIFF_DOOR_PROMPT_H

#include "base/outbuf.h"
#include "judge/judge.h"

enum prompt_answer {
	PROMPT_DENY = 0, /* also: end of input, anything not understood, no terminal */
	PROMPT_APPROVE,  /* this once */
	PROMPT_SESSION,  /* and for the rest of the session */
	PROMPT_ALWAYS    /* and from now on */
};

struct prompt {
	const struct action *action;
	const struct effects *effects;
	const struct verdict *verdict;
	/* The rule that SESSION and ALWAYS would save; empty: neither is offered. */
	struct span pattern;
	bool session; /* there is a session to save it for */
	bool saved;   /* it may be saved for good */
	bool safe;    /* safe mode: neither is offered, everything is described */
	bool colour;
	unsigned width; /* columns; 0: 80 */
};

/* The dialog's text: title, description, operation, risks, and the answers on offer. */
void prompt_write(const struct prompt *prompt, struct outbuf *out);

/* The word a person must type for what is elevated or destructive; empty for a plain answer. */
struct span prompt_word(const struct prompt *prompt);

/* What a typed line means. */
enum prompt_answer prompt_read(const struct prompt *prompt, struct span line);

/* Shows the dialog on /dev/tty and reads the answer there; PROMPT_DENY where there is no terminal. */
enum prompt_answer prompt_ask(const struct prompt *prompt, struct problem *problem);

#endif
