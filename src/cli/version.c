/* bailiff version */
#include <stdio.h>

#include "cli/cli.h"
#include "command/command.h"
#include "risk/risk.h"

int cli_version(int argc, char **argv)
{
	struct args args;
	const struct args_option *option;
	bool json = false;

	args_init(&args, argc, argv, cli_options("version"));
	while (args_next(&args, &option)) {
		if (option->letter == 'h')
			return cli_help_for("version");
		json = true;
	}
	if (args.problem || args.at < argc)
		return cli_usage("version", &args);
	if (json)
		printf("{\"version\":\"%s\",\"commands\":%zu,\"rules\":%zu}\n", BAILIFF_VERSION,
		       command_count(), risk_rule_count - 1);
	else
		printf("bailiff %s (%zu programs known, %zu rules)\n", BAILIFF_VERSION,
		       command_count(), risk_rule_count - 1);
	return 0;
}
