/*
 * Asking a person and living with the answer: the dialog, the record of what was
 * said, and the grant that an answer saves.
 */
#ifndef BAILIFF_DOOR_ASK_H
#define BAILIFF_DOOR_ASK_H

#include "door/door.h"

struct asking {
	const struct door *door;
	const struct action *action;
	const struct effects *effects;
	const struct verdict *verdict; /* of ask */
	struct span name;              /* of the door, for the record: "run" */
	bool colour;
	unsigned width;
};

/*
 * Asks on the terminal.  True where the action may be done: a person approved it and
 * the record says so.  Where there is nobody to ask, *unattended is true.
 */
bool door_ask(const struct asking *asking, struct arena *arena, bool *unattended)
	__attribute__((warn_unused_result));

/*
 * The narrowest rule that would cover the action from now on, "Bash(npm test)"; empty
 * where none can: several commands, words that are not known, a write (reading 10).
 */
bool door_suggest(const struct action *action, const struct effects *effects, struct arena *arena,
                  struct span *rule) __attribute__((warn_unused_result));

#endif
