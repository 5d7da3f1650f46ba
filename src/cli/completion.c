/* bailiff completion: made from the table of commands, so that it cannot fall behind. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static void put_words(const struct cli_command *row)
{
	for (const char *const *word = row->words; word && *word; word++)
		printf(" %s", *word);
	for (const struct args_option *option = row->options; option && option->name; option++)
		printf(" --%s", option->name);
}

static void put_names(void)
{
	for (size_t i = 0; i < cli_command_count; i++)
		printf(" %s", cli_commands[i].name);
}

static void put_bash(void)
{
	printf("# bash completion for bailiff\n_bailiff()\n{\n"
	       "\tlocal current=${COMP_WORDS[COMP_CWORD]} words=\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='");
	put_names();
	printf("'\n\telse\n\t\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < cli_command_count; i++) {
		printf("\t\t%s) words='", cli_commands[i].name);
		put_words(&cli_commands[i]);
		printf("' ;;\n");
	}
	printf("\t\tesac\n\tfi\n"
	       "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
	       "\t[ \"${#COMPREPLY[@]}\" -gt 0 ] ||\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n}\n"
	       "complete -F _bailiff bailiff\n");
}

static void put_zsh(void)
{
	printf("#compdef bailiff\n_bailiff()\n{\n\tif (( CURRENT == 2 )); then\n\t\tlocal -a "
	       "all=(");
	for (size_t i = 0; i < cli_command_count; i++)
		printf("\n\t\t\t'%s:%s'", cli_commands[i].name, cli_commands[i].summary);
	printf("\n\t\t)\n\t\t_describe command all\n\t\treturn\n\tfi\n\tcase ${words[2]} in\n");
	for (size_t i = 0; i < cli_command_count; i++) {
		printf("\t%s) compadd --", cli_commands[i].name);
		put_words(&cli_commands[i]);
		printf(" ;;\n");
	}
	printf("\tesac\n\t_files\n}\ncompdef _bailiff bailiff\n");
}

static void put_fish(void)
{
	for (size_t i = 0; i < cli_command_count; i++) {
		const struct cli_command *row = &cli_commands[i];

		printf("complete -c bailiff -n __fish_use_subcommand -a %s -d '%s'\n", row->name,
		       row->summary);
		for (const char *const *word = row->words; word && *word; word++)
			printf("complete -c bailiff -n '__fish_seen_subcommand_from %s' -a %s\n",
			       row->name, *word);
		for (const struct args_option *o = row->options; o && o->name; o++)
			printf("complete -c bailiff -n '__fish_seen_subcommand_from %s' -l %s%s -d "
			       "'%s'\n",
			       row->name, o->name, o->argument ? " -r" : "", o->help);
	}
}

int cli_completion(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*put)(void);
	} shells[] = { { "bash", put_bash }, { "zsh", put_zsh }, { "fish", put_fish } };
	struct args args;
	const struct args_option *option;

	args_init(&args, argc, argv, cli_options("completion"));
	if (args_next(&args, &option))
		return cli_help_for("completion");
	if (args.problem || args.at + 1 != argc)
		return cli_usage("completion", &args);
	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
		if (strcmp(shells[i].name, argv[args.at]) == 0) {
			shells[i].put();
			return 0;
		}
	}
	return cli_fail("completion", EXIT_STATUS_USAGE,
	                "'%s' is no shell it knows: bash, zsh, fish", argv[args.at]);
}
