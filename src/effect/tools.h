/* Tools of agents: what each does with its input. */
#ifndef BAILIFF_EFFECT_TOOLS_H
#define BAILIFF_EFFECT_TOOLS_H

#include "effect/engine.h"

/* The action's tool on its input. */
bool run_tool(struct engine *engine) __attribute__((warn_unused_result));
/* Shell text as the action's own text. */
bool run_action_text_in(struct engine *engine, struct shell *shell, struct span text)
	__attribute__((warn_unused_result));
/* A shell in the action's folder. */
bool shell_start(struct engine *engine, struct shell *shell) __attribute__((warn_unused_result));

#endif
