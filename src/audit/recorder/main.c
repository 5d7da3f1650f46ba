/* libexec/bailiff/recorder: started by the first writer that finds none; see bailiff-recorder(8). */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/recorder/recorder.h"

enum { EXIT_USAGE = 64, EXIT_INTERNAL = 70, EXIT_OTHER_RUNS = 75, IDLE_S = 60, IDLE_S_MAX = 86400 };

static const char usage[] =
	"usage: recorder --state DIRECTORY [--socket PATH] [--idle SECONDS] [--lock-fd NUMBER]\n"
	"Writes the audit record of the state directory.  bailiff starts it when it is needed.\n";

static bool number(const char *text, int least, int most, int *value)
{
	char *end;
	long read;

	errno = 0;
	read = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != 0 || read < least || read > most)
		return false;
	*value = (int)read;
	return true;
}

static bool parse(int count, char **arguments, struct recorder_options *options, bool *help)
{
	static const struct option known[] = {
		{ "state", required_argument, NULL, 's' },
		{ "socket", required_argument, NULL, 'S' },
		{ "idle", required_argument, NULL, 'i' },
		{ "lock-fd", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool good = true;
	int option;

	while (good && (option = getopt_long(count, arguments, "h", known, NULL)) != -1) {
		switch (option) {
		case 's':
			options->state = optarg;
			break;
		case 'S':
			options->socket = optarg;
			break;
		case 'i':
			good = number(optarg, 0, IDLE_S_MAX, &options->idle_s);
			break;
		case 'l':
			good = number(optarg, 3, 1 << 20, &options->lock_fd);
			break;
		case 'h':
			*help = true;
			break;
		default:
			good = false;
		}
	}
	return *help || (good && optind == count && options->state != NULL);
}

static void complain(const struct recorder_options *options, const struct problem *problem)
{
	fprintf(stderr, "recorder: %s: %s%s%s\n", options->state, problem->what,
	        problem->sys_errno ? ": " : "",
	        problem->sys_errno ? strerror(problem->sys_errno) : "");
}

int main(int argc, char **argv)
{
	struct recorder_options options = { .lock_fd = -1, .idle_s = IDLE_S };
	struct recorder *recorder;
	struct problem problem = { 0 };
	bool help = false, served = false, other;

	if (!parse(argc, argv, &options, &help)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (help)
		return fputs(usage, stdout) < 0 ? EXIT_INTERNAL : 0;
	umask(077);
	recorder = calloc(1, sizeof(*recorder));
	if (recorder == NULL)
		return EXIT_INTERNAL;
	served = recorder_open(recorder, &options, &problem) &&
	         recorder_serve(recorder, options.idle_s, &problem);
	other = problem.what != NULL && strcmp(problem.what, RECORDER_OTHER_RUNS) == 0;
	if (!served)
		complain(&options, &problem);
	recorder_close(recorder);
	free(recorder);
	if (served)
		return 0;
	return other ? EXIT_OTHER_RUNS : EXIT_INTERNAL;
}
