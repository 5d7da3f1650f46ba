/*
 * What the engine says of shell scripts, for oracle.py.
 *
 *   says CWD HOME     reads scripts, a NUL after each, from standard input
 *
 * Writes for each script a line for each command it would run, then what else there is:
 *
 *   c OPEN DEAD       a command; its words may go on; all its effects are in dead branches
 *   w COMPLETE HEX    its words
 *   u WHAT            something unknown that may run anything
 *   n WHY             the script was not understood, or too much
 *   .                 the end of this script
 */
#include <stdio.h>
#include <stdlib.h>

#include "effect/effect.h"

static bool is_dead(const struct effects *effects, const struct effect_command *command)
{
	bool any = false;

	for (const struct effect *effect = effects->first; effect; effect = effect->next) {
		if (effect->command != command)
			continue;
		if (!(effect->flags & EFFECT_DEAD))
			return false;
		any = true;
	}
	return any;
}

static void say_command(const struct effects *effects, const struct effect_command *command)
{
	printf("c %d %d\n", command->open_ended, is_dead(effects, command));
	for (size_t i = 0; i < command->argc; i++) {
		struct span text = command->argv[i].text;

		printf("w %d ", command->argv[i].complete);
		for (size_t k = 0; k < text.len; k++)
			printf("%02x", (unsigned char)text.ptr[k]);
		putchar('\n');
	}
}

static bool is_stub(const struct effect_word *program)
{
	struct span name = program->text;

	return program->complete &&
	       (span_equal(name, SPAN("probe")) ||
	        (name.len == 2 && name.ptr[0] == 'p' && name.ptr[1] >= '0' && name.ptr[1] <= '9'));
}

/* Text or a program that is not known, so that a program which ran may be among them. */
static bool runs_anything(const struct effect *effect)
{
	if (effect->flags & EFFECT_DEAD)
		return false;
	if (effect->command && effect->command->argc > 0 && is_stub(&effect->command->argv[0]))
		return false; /* no table knows it; but it runs nothing */
	return effect->kind == EFFECT_UNKNOWN ||
	       (effect->kind == EFFECT_CODE && (effect->flags & EFFECT_FROM_UNKNOWN)) ||
	       (effect->kind == EFFECT_RUN && effect->certainty != CERTAINTY_KNOWN);
}

static void say(struct span script, const struct paths_context *paths)
{
	struct json_value command = { .kind = JSON_STRING, .text = script, .key = SPAN("command") };
	struct json_value object = { .kind = JSON_OBJECT, .count = 1, .first = &command };
	struct action action = { .tool = SPAN("Bash"), .input = &object, .paths = *paths };
	struct problem problem = { 0 };
	struct effects effects;
	struct arena arena;

	arena_init(&arena, 256 << 20);
	if (!effect_of_action(&action, NULL, &arena, &effects, &problem)) {
		printf("n %s\n", problem.what);
	} else {
		if (effects.not_understood)
			printf("n %s\n", effects.not_understood);
		for (const struct effect_command *c = effects.commands; c; c = c->next)
			say_command(&effects, c);
		for (const struct effect *effect = effects.first; effect; effect = effect->next)
			if (runs_anything(effect))
				printf("u %s\n", effect->what ? effect->what : "");
	}
	puts(".");
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	struct paths_context paths = { .workspace_count = 1 };
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (argc != 3)
		return 64;
	paths.cwd = span_of(argv[1]);
	paths.home = span_of(argv[2]);
	paths.workspace = &paths.cwd;
	while ((len = getdelim(&line, &room, 0, stdin)) > 0)
		say((struct span){ line, (size_t)len - (line[len - 1] == 0) }, &paths);
	free(line);
	return 0;
}
