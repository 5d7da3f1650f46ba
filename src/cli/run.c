/* bailiff run: a command or an agent inside a sandbox. */
#include "run/run.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { MAX_REPEATS = 64 };

enum letter {
	LETTER_READ = 300,
	LETTER_WRITE,
	LETTER_ENV,
	LETTER_HOST,
	LETTER_NETWORK,
	LETTER_TIMEOUT,
	LETTER_LEVEL,
	LETTER_WITH_ENV,
	LETTER_UNCONFINED,
	LETTER_SAFE,
	LETTER_DRY_RUN
};

struct repeats {
	const char *items[MAX_REPEATS];
	size_t count;
};

struct command_line {
	struct run_options options;
	struct repeats readable, writable, variables, hosts;
	const char *problem; /* static text */
};

static void repeat(struct command_line *line, struct repeats *repeats, const char *value)
{
	if (repeats->count == MAX_REPEATS)
		line->problem = "is given too often";
	else
		repeats->items[repeats->count++] = value;
}

/* "90", "90s", "15m", "2h" as milliseconds; 0 where it is none of these. */
static uint64_t duration_ms(const char *text)
{
	char *end;
	unsigned long number;
	uint64_t unit = 1000;

	errno = 0;
	if (!isdigit((unsigned char)*text))
		return 0;
	number = strtoul(text, &end, 10);
	if (errno != 0 || number > 10000000)
		return 0;
	if (*end == 'm')
		unit = 60 * 1000;
	else if (*end == 'h')
		unit = 3600 * 1000;
	else if (*end != 's' && *end != '\0')
		return 0;
	if (*end != '\0' && end[1] != '\0')
		return 0;
	return number * unit;
}

static void take_value(struct command_line *line, int letter, const char *value)
{
	switch (letter) {
	case 'a':
		line->options.agent = value;
		break;
	case 'w':
		line->options.workspace = value;
		break;
	case LETTER_READ:
		repeat(line, &line->readable, value);
		break;
	case LETTER_WRITE:
		repeat(line, &line->writable, value);
		break;
	case LETTER_ENV:
		repeat(line, &line->variables, value);
		break;
	case LETTER_HOST:
		repeat(line, &line->hosts, value);
		break;
	case LETTER_NETWORK:
		line->options.network = value;
		break;
	case LETTER_TIMEOUT:
		line->options.timeout_ms = duration_ms(value);
		if (line->options.timeout_ms == 0)
			line->problem = "takes a duration, like 90s, 15m or 2h";
		break;
	case LETTER_LEVEL:
		line->options.level = value[0] - '0';
		if (value[0] == '\0' || value[1] != '\0' ||
		    (line->options.level != SANDBOX_FULL &&
		     line->options.level != SANDBOX_LANDLOCK))
			line->problem = "is 3 (full) or 2 (Landlock and seccomp alone)";
		break;
	default:
		break;
	}
}

static void take_flag(struct command_line *line, int letter)
{
	switch (letter) {
	case 'v':
		line->options.verbose = true;
		break;
	case 'j':
		line->options.json = true;
		break;
	case LETTER_WITH_ENV:
		line->options.with_env = true;
		break;
	case LETTER_UNCONFINED:
		line->options.allow_unconfined = true;
		break;
	case LETTER_SAFE:
		line->options.safe = true;
		break;
	case LETTER_DRY_RUN:
		line->options.dry_run = true;
		break;
	default:
		break;
	}
}

static void finish(struct command_line *line, char **command, const char *self)
{
	struct run_options *options = &line->options;

	options->readable = line->readable.items;
	options->readable_count = line->readable.count;
	options->writable = line->writable.items;
	options->writable_count = line->writable.count;
	options->variables = line->variables.items;
	options->variable_count = line->variables.count;
	options->hosts = line->hosts.items;
	options->host_count = line->hosts.count;
	options->command = command;
	options->environ = environ;
	options->self = self;
}

int cli_run(int argc, char **argv)
{
	struct command_line line = { 0 };
	const struct args_option *option;
	struct args args;
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

	args_init(&args, argc, argv, cli_options("run"));
	args.posix = true;
	while (args_next(&args, &option)) {
		if (option->letter == 'h')
			return cli_help_for("run");
		take_flag(&line, option->letter);
		take_value(&line, option->letter, args.value);
		if (line.problem)
			return cli_fail("run", EXIT_STATUS_USAGE, "--%s %s", option->name,
			                line.problem);
	}
	if (args.problem || args.at >= argc)
		return cli_usage("run", &args);
	if (len <= 0)
		return cli_fail("run", RUN_FAILED, "cannot find where bailiff is");
	self[len] = '\0';
	finish(&line, argv + args.at, self);
	return run_guarded(&line.options);
}
