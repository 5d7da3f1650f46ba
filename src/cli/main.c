/* Dispatch: finds the row of the command and runs it. */
#include <string.h>

#include "cli/cli.h"

static const struct cli_command *find(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++) {
		if (strcmp(cli_commands[i].name, name) == 0)
			return &cli_commands[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct cli_command *command;

	if (argc < 2) {
		char *help[] = { (char[]){ "help" }, NULL };

		cli_help(1, help);
		return EXIT_STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return cli_help(argc - 1, argv + 1);
	if (strcmp(argv[1], "--version") == 0)
		return cli_version(argc - 1, argv + 1);
	command = find(argv[1]);
	if (!command)
		return cli_unknown(NULL, argv[1]);
	if (!command->run)
		return cli_sibling(command->name, argc - 1, argv + 1);
	return command->run(argc - 1, argv + 1);
}
