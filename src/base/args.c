/*
 * One pass over the words; operands that stand before an option end up behind it, in
 * their order.
 */
#include "base/args.h"

#include <stddef.h>
#include <string.h>

void args_init(struct args *args, int argc, char **argv, const struct args_option *options)
{
	*args = (struct args){
		.argc = argc, .argv = argv, .options = options, .at = argc > 0 ? 1 : 0
	};
}

static bool fail(struct args *args, const char *problem, const char *culprit)
{
	args->problem = problem;
	args->culprit = culprit;
	return false;
}

/*
 * The next word, which belongs to an option: it moves before the operands that were passed
 * over, as getopt_long(3) permutes them, so that a run of operands is moved once an option.
 */
static char *take_word(struct args *args)
{
	char **first = args->argv + args->at - args->operands, *word = args->argv[args->at++];

	memmove(first + 1, first, (size_t)args->operands * sizeof *first);
	*first = word;
	return word;
}

/* The argument in the next word. */
static bool take_value(struct args *args, const char *word)
{
	if (args->at >= args->argc)
		return fail(args, "this option needs an argument", word);
	args->value = take_word(args);
	return true;
}

static bool read_long(struct args *args, const struct args_option **option)
{
	char *word = take_word(args);
	char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word - 2) : strlen(word + 2);

	for (const struct args_option *row = args->options; row && row->name; row++) {
		if (strlen(row->name) != len || memcmp(row->name, word + 2, len) != 0)
			continue;
		*option = row;
		if (equals && !row->argument)
			return fail(args, "this option takes no argument", word);
		if (equals)
			args->value = equals + 1;
		return !row->argument || equals || take_value(args, word);
	}
	return fail(args, "unknown option", word);
}

static bool read_short(struct args *args, const struct args_option **option)
{
	char *word = args->argv[args->at];
	int letter = (unsigned char)word[args->cluster++];
	bool last = word[args->cluster] == '\0';

	for (const struct args_option *row = args->options; row && row->name; row++) {
		if (row->letter != letter)
			continue;
		*option = row;
		if (row->argument && !last)
			args->value = word + args->cluster;
		if (row->argument || last) {
			args->cluster = 0;
			take_word(args);
		}
		return !row->argument || !last || take_value(args, word);
	}
	return fail(args, "unknown option", word);
}

/* The operands are what is left: those passed over and those not read. */
static bool finish(struct args *args)
{
	args->at -= args->operands;
	args->operands = 0;
	args->only_operands = true;
	return false;
}

bool args_next(struct args *args, const struct args_option **option)
{
	args->value = NULL;
	if (args->problem || args->only_operands)
		return false;
	if (args->cluster)
		return read_short(args, option);
	while (args->at < args->argc) {
		const char *word = args->argv[args->at];

		if (strcmp(word, "--") == 0) {
			take_word(args);
			break;
		}
		if (word[0] == '-' && word[1] == '-')
			return read_long(args, option);
		if (word[0] == '-' && word[1] != '\0') {
			args->cluster = 1;
			return read_short(args, option);
		}
		if (args->posix)
			break;
		args->at++;
		args->operands++;
	}
	return finish(args);
}
