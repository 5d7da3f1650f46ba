/*
 * Program text of other languages: not run, not fully parsed, but searched for what starts
 * processes, touches files and opens sockets.  A language whose whole power is known (sed, awk, jq) is
 * `understood`: what was found is all there is.  For the others the text as such stays an effect.
 */
#ifndef BAILIFF_EFFECT_CODE_CODE_H
#define BAILIFF_EFFECT_CODE_CODE_H

#include "effect/engine.h"

struct code {
	struct engine *engine;
	struct running *run;
	struct span language;
	struct span text;
	bool understood; /* nothing was met that could do more than was found */
	bool connects;   /* opens a socket */
	bool spawns;     /* starts a process, or hands descriptors over */
	bool wanted;     /* a name of a call that is followed by its arguments */
};

/* Shell text that the program would run. */
bool code_shell(struct code *code, const struct value *text) __attribute__((warn_unused_result));
/* A program with its arguments. */
bool code_words(struct code *code, const struct value *words, size_t count)
	__attribute__((warn_unused_result));
bool code_path(struct code *code, enum effect_kind kind, unsigned flags, const struct value *path)
	__attribute__((warn_unused_result));
bool code_connect(struct code *code, const struct value *target)
	__attribute__((warn_unused_result));

bool code_sed(struct code *code) __attribute__((warn_unused_result));
bool code_awk(struct code *code) __attribute__((warn_unused_result));
bool code_calls(struct code *code) __attribute__((warn_unused_result));
/* Editors, debuggers, database clients: a command a line, some of which run a shell. */
bool code_lines(struct code *code) __attribute__((warn_unused_result));
bool code_make(struct code *code) __attribute__((warn_unused_result));

#endif
