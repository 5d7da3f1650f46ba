/*
 * Reading a command line by a table of options, GNU style: --name, --name=value,
 * --name value, -n, -nvalue, -n value, -abc, and -- for the end of options.
 * Names are never abbreviated: a new option must not change what an old script means.
 *
 *	struct args args;
 *	const struct args_option *option;
 *
 *	args_init(&args, argc, argv, options);
 *	while (args_next(&args, &option)) {
 *		switch (option->letter) ...    args.value holds its argument
 *	}
 *	if (args.problem) ... print args.problem and args.culprit
 *	argv[args.at] ... argv[argc - 1] are the operands
 */
#ifndef BAILIFF_BASE_ARGS_H
#define BAILIFF_BASE_ARGS_H

#include <stdbool.h>

struct args_option {
	const char *name;     /* "json"; NULL ends the table */
	int letter;           /* 'j' for -j; a number above 255 where there is only the name */
	const char *argument; /* "FILE" in the help; NULL: takes none */
	const char *help;     /* one line, no full stop */
};

struct args {
	int argc;
	char **argv; /* operands are moved behind the options as they are read */
	const struct args_option *options;
	bool posix;          /* set it after args_init(): the first operand ends the options */
	int at;              /* next word */
	int operands;        /* words just before it that were passed over as operands */
	int cluster;         /* next letter of a word like -abc; 0: none */
	bool only_operands;  /* the options have ended */
	char *value;         /* of the option just read; NULL where it takes none */
	const char *problem; /* static text: "unknown option"; NULL while all is well */
	const char *culprit; /* the word it is about */
};

/* Starts behind argv[0].  The words are permuted, never copied. */
void args_init(struct args *args, int argc, char **argv, const struct args_option *options);
/* The next option; false at the end and at a problem.  Afterwards argv[at] is the first operand. */
bool args_next(struct args *args, const struct args_option **option);

#endif
