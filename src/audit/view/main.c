/* libexec/bailiff/audit: `bailiff audit ...`; see bailiff-audit(1). */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/frame.h"
#include "audit/view/options.h"
#include "audit/view/view.h"

enum { TAKE_IN_MS = 500, PLACES_BYTES = 1 << 18 };

struct view_command {
	const char *name;
	const char *arguments;
	const char *what;
	int (*run)(const char *path, const struct view_options *options);
	bool takes_argument;
};

static const struct view_command commands[] = {
	{ "list", "[OPTION...]", "entries, the newest last", view_list, false },
	{ "show", "SEQ|ID", "one entry, all of it", view_show, true },
	{ "tail", "[-f] [OPTION...]", "the last entries, and what comes", view_tail, false },
	{ "verify", "[OPTION...]", "check the record, and say against what", view_verify, false },
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void put_usage(FILE *to)
{
	fputs("usage: bailiff audit COMMAND [OPTION...]\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-6s %-16s %s\n", commands[i].name, commands[i].arguments,
		        commands[i].what);
	view_options_usage(to);
}

/* STATE in the arena: the option, BAILIFF_HOME, or ~/.bailiff. */
static const char *state_directory(const struct view_options *options, char *buffer, size_t cap)
{
	const char *moved = getenv("BAILIFF_HOME"), *home = getenv("HOME");
	int length;

	if (options->state != NULL)
		return options->state;
	if (moved != NULL && moved[0] == '/')
		return moved;
	if (home == NULL || home[0] != '/')
		return NULL;
	length = snprintf(buffer, cap, "%s/.bailiff", home);
	return length > 0 && (size_t)length < cap ? buffer : NULL;
}

static bool has_spool(const char *spool)
{
	DIR *directory = opendir(spool);
	const struct dirent *entry;
	bool has = false;

	if (directory == NULL)
		return false;
	while (!has && (entry = readdir(directory)) != NULL)
		has = entry->d_name[0] != '.';
	closedir(directory);
	return has;
}

/* The folder that this program lies in: the recorder is its neighbour. */
static bool libexec_directory(char *buffer, size_t cap)
{
	ssize_t length = readlink("/proc/self/exe", buffer, cap - 1);
	char *slash;

	if (length <= 0)
		return false;
	buffer[length] = 0;
	slash = strrchr(buffer, '/');
	if (slash == NULL)
		return false;
	*slash = 0;
	return true;
}

/* What waits in the spool belongs to the record: asks the recorder to take it in, for a moment. */
static void take_in(const char *state)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	char libexec[PATH_MAX];
	struct audit_target target;
	struct problem problem;
	struct arena arena;
	int fd = -1;

	arena_init(&arena, PLACES_BYTES);
	if (libexec_directory(libexec, sizeof(libexec)) &&
	    audit_target_in(state, libexec, &arena, &target, &problem) && has_spool(target.spool)) {
		if (audit_hold(&target, TAKE_IN_MS, &fd, &problem)) {
			for (int i = 0; i < 100 && has_spool(target.spool); i++)
				nanosleep(&pause, NULL);
			close(fd);
		}
		if (has_spool(target.spool))
			fputs("bailiff: audit: entries wait in the spool; they are not shown yet\n",
			      stderr);
	}
	arena_release(&arena);
}

static const struct view_command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	return NULL;
}

static int run(const struct view_command *command, const struct view_options *options)
{
	char home[PATH_MAX], path[PATH_MAX];
	const char *state = state_directory(options, home, sizeof(home));
	int length;

	if (options->database != NULL)
		return command->run(options->database, options);
	if (state == NULL) {
		fputs("bailiff: audit: no HOME and no --state: where is the record?\n", stderr);
		return EXIT_USAGE;
	}
	take_in(state);
	length = snprintf(path, sizeof(path), "%s/" AUDIT_DIRECTORY "/" AUDIT_DATABASE, state);
	if (length < 0 || (size_t)length >= sizeof(path)) {
		fputs("bailiff: audit: the path of the record is too long\n", stderr);
		return EXIT_USAGE;
	}
	return command->run(path, options);
}

int main(int argc, char **argv)
{
	struct view_options options = { 0 };
	const struct view_command *command;

	if (argc > 1 && strcmp(argv[1], "audit") == 0) { /* as `bailiff` hands it on */
		argc--;
		argv++;
	}
	if (argc < 2) {
		put_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		put_usage(stdout);
		return fflush(stdout) == 0 ? EXIT_GOOD : EXIT_INTERNAL;
	}
	command = find_command(argv[1]);
	if (command == NULL) {
		fprintf(stderr, "bailiff: audit: no such command: %s\n", argv[1]);
		put_usage(stderr);
		return EXIT_USAGE;
	}
	switch (view_options_parse(argc - 1, argv + 1, command->takes_argument, &options)) {
	case OPTIONS_HELP:
		put_usage(stdout);
		return fflush(stdout) == 0 ? EXIT_GOOD : EXIT_INTERNAL;
	case OPTIONS_WRONG:
		return EXIT_USAGE;
	case OPTIONS_GOOD:
		break;
	}
	return run(command, &options);
}
