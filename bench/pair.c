/*
 * Measures how much longer one command takes than another.
 *
 * usage: pair [-n PAIRS] [-i FILE] -- A [ARGUMENT...] -- B [ARGUMENT...]
 *
 * The two take turns (A B, B A, A B, ...), so that whatever the machine does meanwhile falls on both; the
 * answer is the median of the ratios of neighbours, with their quartiles.  Each is started by posix_spawn
 * and timed until it is reaped; FILE is its standard input, /dev/null takes what it prints.  A command that does
 * not end with status 0 ends the measurement: what fails early is not fast.
 *
 * Prints one JSON object; times in microseconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP = 20, MAX_PAIRS = 1000000 };

struct command {
	char **argv;
	double *times; /* microseconds */
};

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Runs a command to its end; false with a line on standard error where it does not end well. */
static bool time_once(const struct command *command, const char *input, double *elapsed)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status = 0, error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	double start = now_us();

	error = posix_spawnp(&child, command->argv[0], &actions, NULL, command->argv, environ);
	while (error == 0 && waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			error = errno;
	*elapsed = now_us() - start;
	posix_spawn_file_actions_destroy(&actions);
	if (error != 0)
		fprintf(stderr, "pair: %s: %s\n", command->argv[0], strerror(error));
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fprintf(stderr, "pair: %s: %s %d\n", command->argv[0],
		        WIFEXITED(status) ? "exit status" : "signal",
		        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Of sorted values: 0 the least, 0.5 the median, 1 the greatest. */
static double quantile(const double *sorted, size_t count, double share)
{
	return sorted[(size_t)(share * (double)(count - 1) + 0.5)];
}

static bool measure(struct command *a, struct command *b, const char *input, size_t pairs)
{
	double ignored;

	for (size_t i = 0; i < WARM_UP; i++)
		if (!time_once(a, input, &ignored) || !time_once(b, input, &ignored))
			return false;
	for (size_t i = 0; i < pairs; i++) {
		struct command *first = i % 2 == 0 ? a : b, *second = i % 2 == 0 ? b : a;

		if (!time_once(first, input, &first->times[i]) ||
		    !time_once(second, input, &second->times[i]))
			return false;
	}
	return true;
}

static void report(struct command *a, struct command *b, double *ratios, size_t pairs)
{
	for (size_t i = 0; i < pairs; i++)
		ratios[i] = a->times[i] / b->times[i];
	qsort(ratios, pairs, sizeof *ratios, by_size);
	qsort(a->times, pairs, sizeof *a->times, by_size);
	qsort(b->times, pairs, sizeof *b->times, by_size);
	printf("{\"pairs\":%zu,\"a\":%.1f,\"b\":%.1f,\"ratio\":%.3f,\"low\":%.3f,\"high\":%.3f}\n",
	       pairs, quantile(a->times, pairs, 0.5), quantile(b->times, pairs, 0.5),
	       quantile(ratios, pairs, 0.5), quantile(ratios, pairs, 0.25),
	       quantile(ratios, pairs, 0.75));
}

/* Cuts `-- A... -- B...` into two argument vectors; the separators become their ends. */
static bool split(char **argv, struct command *a, struct command *b)
{
	a->argv = argv;
	while (*argv != NULL && strcmp(*argv, "--") != 0)
		argv++;
	if (*argv == NULL || argv == a->argv || argv[1] == NULL)
		return false;
	*argv = NULL;
	b->argv = argv + 1;
	return true;
}

int main(int argc, char **argv)
{
	struct command a = { 0 }, b = { 0 };
	const char *input = "/dev/null";
	size_t pairs = 1000;
	int option;

	while ((option = getopt(argc, argv, "+n:i:")) != -1) {
		if (option == 'n')
			pairs = strtoul(optarg, NULL, 10);
		else if (option == 'i')
			input = optarg;
		else
			return 64;
	}
	if (pairs == 0 || pairs > MAX_PAIRS || !split(argv + optind, &a, &b)) {
		fprintf(stderr,
		        "usage: pair [-n PAIRS] [-i FILE] -- A [ARGUMENT...] -- B [ARGUMENT...]\n");
		return 64;
	}
	double *times = calloc(pairs * 3, sizeof *times);

	if (times == NULL)
		return 70;
	a.times = times;
	b.times = times + pairs;
	bool measured = measure(&a, &b, input, pairs);

	if (measured)
		report(&a, &b, times + pairs * 2, pairs);
	free(times);
	return measured ? 0 : 1;
}
