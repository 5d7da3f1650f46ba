/*
 * Does the parser accept what bash accepts?  Every input of the golden cases is given to
 * `bash --norc -O extglob -n`, without an environment and in an empty folder, so nothing of it runs.
 *
 * usage: test_shell_differential DIFFERENCES FOLDER
 *
 * DIFFERENCES names the cases where the answers differ on purpose, one "FILE: TITLE" a line; each of
 * these must differ.  The reasons are in docs/design/003-shell-grammar.md.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/shell.h"
#include "tap.h"

enum { MAX_FILE = 1 << 20, MAX_ERRORS = 1 << 16 };

struct text {
	char *bytes;
	size_t len;
};

static struct text read_file(const char *path)
{
	struct text text = { calloc(1, MAX_FILE + 1), 0 };
	FILE *file = fopen(path, "re");

	if (text.bytes == NULL || file == NULL)
		abort();
	text.len = fread(text.bytes, 1, MAX_FILE, file);
	fclose(file);
	return text;
}

static int hex(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* The escapes of golden.h, in place. */
static size_t unescape(char *text, size_t len)
{
	static const char letters[] = "ntre\\", values[] = "\n\t\r\033\\";
	size_t from, to = 0;
	const char *found;

	for (from = 0; from < len; from++) {
		if (text[from] != '\\' || from + 1 >= len) {
			text[to++] = text[from];
		} else if (text[++from] == 'x' && from + 2 < len) {
			text[to++] = (char)(hex(text[from + 1]) * 16 + hex(text[from + 2]));
			from += 2;
		} else {
			found = strchr(letters, text[from]);
			text[to++] = found != NULL ? values[found - letters] : text[from];
		}
	}
	return to;
}

/* What bash wrote, less its warnings, means that it refused; so does its status. */
static bool complains(char *errors)
{
	char *line, *rest = errors;

	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0' && strstr(line, "warning:") == NULL)
			return true;
	return false;
}

static void run_bash(const char *script, const char *folder, int error)
{
	const char *const argv[] = { "bash", "--norc", "-O", "extglob", "-n", "-c", script, NULL };
	char *const environment[] = { NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || chdir(folder) != 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(error, 2) < 0)
		_exit(127);
	execve("/bin/bash", (char *const *)(uintptr_t)argv, environment);
	_exit(127);
}

static bool bash_accepts(const char *script, const char *folder)
{
	char *errors = calloc(1, MAX_ERRORS + 1);
	size_t len = 0;
	int pipes[2], status;
	ssize_t got;
	pid_t child;
	bool accepts;

	if (errors == NULL || pipe2(pipes, O_CLOEXEC) != 0)
		abort();
	fflush(stdout);
	child = fork();
	if (child == 0)
		run_bash(script, folder, pipes[1]);
	close(pipes[1]);
	while (len < MAX_ERRORS && (got = read(pipes[0], errors + len, MAX_ERRORS - len)) > 0)
		len += (size_t)got;
	close(pipes[0]);
	if (child < 0 || waitpid(child, &status, 0) != child)
		abort();
	accepts = WIFEXITED(status) && WEXITSTATUS(status) == 0 && !complains(errors);
	free(errors);
	return accepts;
}

static bool we_accept(struct span source)
{
	struct problem problem = { 0 };
	struct shell_script *script;
	struct arena arena;
	bool accepts;

	arena_init(&arena, 1 << 26);
	accepts = shell_parse(source, NULL, &arena, &script, &problem);
	arena_release(&arena);
	return accepts;
}

struct run {
	struct text differences;
	const char *folder; /* the empty one */
};

static bool is_listed(const struct run *run, const char *file, const char *title)
{
	char *line = NULL;
	bool listed;

	if (asprintf(&line, "\n%s: %s\n", file, title) < 0)
		abort();
	listed = strstr(run->differences.bytes, line) != NULL;
	free(line);
	return listed;
}

static void check(const struct run *run, const char *file, char *title, char *input)
{
	size_t len = strlen(input);
	bool ours, theirs, listed;

	if (title[1] == '\\')
		len = unescape(input, len);
	input[len] = '\0';
	title += strlen("=== ");
	if (memchr(input, '\0', len) != NULL)
		return; /* bash cannot be given one */
	ours = we_accept((struct span){ input, len });
	theirs = bash_accepts(input, run->folder);
	listed = is_listed(run, file, title);
	OK((ours == theirs) != listed, "%s: %s: bash %s, Bailiff %s%s", file, title,
	   theirs ? "accepts" : "refuses", ours ? "accepts" : "refuses",
	   listed ? ", as listed" : "");
}

/* A case is a title, its input, "---", and what the golden test expects. */
static void check_file(const struct run *run, const char *folder, const char *name)
{
	char *path = NULL, *line, *rest, *title = NULL, *input = NULL;
	struct text text;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		abort();
	text = read_file(path);
	for (rest = text.bytes; (line = strsep(&rest, "\n")) != NULL;) {
		if (strncmp(line, "=== ", 4) == 0 || strncmp(line, "=\\= ", 4) == 0) {
			title = line;
			input = rest;
		} else if (strcmp(line, "---") == 0 && title != NULL && input != NULL) {
			char *end = line > input ? line - 1 : line;

			for (char *at = input; at < end; at++)
				if (*at == '\0')
					*at = '\n'; /* which strsep() took */
			*end = '\0';
			check(run, name, title, input);
			title = NULL;
		}
	}
	free(text.bytes);
	free(path);
}

static int is_case(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".txt") == 0;
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/bailiff-differential-XXXXXX";
	struct dirent **entries = NULL;
	struct run run = { .folder = folder };
	int i, count;

	if (argc != 3 || mkdtemp(folder) == NULL)
		return 1;
	if (!bash_accepts("[[ a == b ]]", folder)) {
		OK(getenv("BAILIFF_MUST_RUN") == NULL, "no bash to compare with # SKIP");
		rmdir(folder);
		return tap_done();
	}
	run.differences = read_file(argv[1]);
	count = scandir(argv[2], &entries, is_case, alphasort);
	OK(count > 0, "%s holds cases", argv[2]);
	for (i = 0; i < count; i++) {
		check_file(&run, argv[2], entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	free(run.differences.bytes);
	OK(rmdir(folder) == 0, "bash left nothing behind");
	return tap_done();
}
