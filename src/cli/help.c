/* bailiff help, and what every command says about a wrong command line. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int cli_fail(const char *name, int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "bailiff%s%s: ", name ? " " : "", name ? name : "");
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return status;
}

int cli_unknown(const char *name, const char *word)
{
	const char *meant = cli_suggest(word);

	if (meant)
		return cli_fail(name, EXIT_STATUS_USAGE,
		                "'%s' is not a command: was '%s' meant? See bailiff help", word,
		                meant);
	return cli_fail(name, EXIT_STATUS_USAGE, "'%s' is not a command; see bailiff help", word);
}

static const struct cli_command *row_of(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++) {
		if (strcmp(cli_commands[i].name, name) == 0)
			return &cli_commands[i];
	}
	return NULL;
}

const struct args_option *cli_options(const char *name)
{
	const struct cli_command *row = row_of(name);

	return row ? row->options : NULL;
}

static void print_option(const struct args_option *option)
{
	char left[64];

	if (option->letter < 256)
		snprintf(left, sizeof left, "-%c, --%s%s%s", option->letter, option->name,
		         option->argument ? " " : "", option->argument ? option->argument : "");
	else
		snprintf(left, sizeof left, "    --%s%s%s", option->name,
		         option->argument ? " " : "", option->argument ? option->argument : "");
	printf("  %-26s %s\n", left, option->help);
}

int cli_help_for(const char *name)
{
	const struct cli_command *row = row_of(name);

	if (!row)
		return cli_fail("help", EXIT_STATUS_USAGE,
		                "'%s' is not a command; see bailiff help", name);
	printf("usage: bailiff %s%s%s\n\n%s: %s.\n", row->name, *row->arguments ? " " : "",
	       row->arguments, row->name, row->summary);
	if (row->options) {
		printf("\noptions:\n");
		for (const struct args_option *option = row->options; option->name; option++)
			print_option(option);
	}
	printf("\nSee bailiff-%s(1).\n", row->name);
	return 0;
}

static bool has_word(const struct cli_command *row, const char *word)
{
	const char *const *known = row->words;

	while (known && *known && strcmp(*known, word) != 0)
		known++;
	return !known || *known;
}

int cli_usage(const char *name, const struct args *args)
{
	const struct cli_command *row = row_of(name);

	if (args->problem)
		cli_fail(name, EXIT_STATUS_USAGE, "%s: %s; see bailiff %s --help", args->problem,
		         args->culprit, name);
	else if (args->at >= args->argc)
		cli_fail(name, EXIT_STATUS_USAGE, "something is missing; see bailiff %s --help",
		         name);
	else if (row && !has_word(row, args->argv[args->at]))
		cli_fail(name, EXIT_STATUS_USAGE, "'%s' is not known here; see bailiff %s --help",
		         args->argv[args->at], name);
	else
		cli_fail(name, EXIT_STATUS_USAGE,
		         "too few words or too many; see bailiff %s --help", name);
	if (row)
		fprintf(stderr, "usage: bailiff %s%s%s\n", name, *row->arguments ? " " : "",
		        row->arguments);
	return EXIT_STATUS_USAGE;
}

static int print_all(void)
{
	printf("usage: bailiff COMMAND [ARGUMENT...]\n\n"
	       "Judges what AI agents do, holds it in a sandbox, and keeps the "
	       "record.\n\ncommands:\n");
	for (size_t i = 0; i < cli_command_count; i++)
		printf("  %-12s %s\n", cli_commands[i].name, cli_commands[i].summary);
	printf("\nTo guard an agent:      bailiff run -- claude\n"
	       "To see what it judges:  bailiff explain 'rm -rf build'\n"
	       "More: bailiff help COMMAND, and the manual page bailiff(1).\n");
	return 0;
}

int cli_help(int argc, char **argv)
{
	struct args args;
	const struct args_option *option;

	args_init(&args, argc, argv, cli_options("help"));
	if (args_next(&args, &option) || (!args.problem && args.at >= argc))
		return print_all();
	if (args.problem || args.at + 1 < argc)
		return cli_usage("help", &args);
	if (!row_of(argv[args.at]))
		return cli_unknown("help", argv[args.at]);
	return cli_help_for(argv[args.at]);
}
