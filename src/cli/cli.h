/*
 * The command line: one table feeds dispatch, help, completions and the check
 * of the manual pages.  One file a command.
 */
#ifndef BAILIFF_CLI_CLI_H
#define BAILIFF_CLI_CLI_H

#include "base/args.h"
#include "base/problem.h"

/* Exit statuses (docs/design: contracts); of anything that judges, and of the rest. */
enum exit_status {
	EXIT_STATUS_ALLOW = 0,
	EXIT_STATUS_ASK = 10,
	EXIT_STATUS_DENY = 20,
	EXIT_STATUS_USAGE = 64,
	EXIT_STATUS_DATA = 65,
	EXIT_STATUS_INTERNAL = 70,
	EXIT_STATUS_POLICY = 77
};

struct cli_command {
	const char *name;
	const char *arguments; /* behind the name in the synopsis */
	const char *summary;   /* one line, no full stop */
	const struct args_option
		*options;         /* ends with a row of zeros; NULL: a sibling program has them */
	const char *const *words; /* sub-commands or fixed operands, ends with NULL; NULL: none */
	int (*run)(int argc, char **argv); /* NULL: the sibling program of that name is started */
};
extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;

int cli_check(int argc, char **argv);
int cli_completion(int argc, char **argv);
int cli_config(int argc, char **argv);
int cli_doctor(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_help(int argc, char **argv);
int cli_hook(int argc, char **argv);
int cli_install(int argc, char **argv);
int cli_permissions(int argc, char **argv);
int cli_policy(int argc, char **argv);
int cli_run(int argc, char **argv);
int cli_uninstall(int argc, char **argv);
int cli_version(int argc, char **argv);

/* Starts libexec/bailiff/NAME in place of this process; returns only where it could not. */
int cli_sibling(const char *name, int argc, char **argv);

/* The options of a command in the table. */
const struct args_option *cli_options(const char *name);
/* Prints the help of one command on standard output; returns the exit status. */
int cli_help_for(const char *name);
/* Says what was wrong with the command line, and where help is; returns EXIT_STATUS_USAGE. */
int cli_usage(const char *name, const struct args *args);

/* Says that `word` is no command, and which one may have been meant; returns EXIT_STATUS_USAGE. */
int cli_unknown(const char *name, const char *word);
/* The command whose name is at most two slips away from `word`, or NULL. */
const char *cli_suggest(const char *word);

/* Prints "bailiff NAME: message" on standard error and returns `status`. */
int cli_fail(const char *name, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
