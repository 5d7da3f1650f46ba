/*
 * Reads case files line by line, runs each case, compares, and with --update writes the file anew.
 * Needs nothing of Bailiff but the span, so that base/ can be tested with it too.
 */
#include "golden.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tap.h"

struct run {
	golden_function *function;
	void *context;
	bool update;
};

/* One case; every span points into the file's text. */
struct golden_case {
	struct span mark; /* the first line, as it stands */
	struct span title;
	struct span input; /* as it stands in the file */
	struct span expected;
	bool escaped;
	bool complete; /* has its separator */
};

static struct span literal(const char *text)
{
	return (struct span){ text, strlen(text) };
}

static bool is(struct span a, const char *text)
{
	return a.len == strlen(text) && memcmp(a.ptr, text, a.len) == 0;
}

static bool starts(struct span a, const char *text)
{
	return a.len >= strlen(text) && memcmp(a.ptr, text, strlen(text)) == 0;
}

static bool is_mark(struct span line)
{
	return starts(line, "=== ") || starts(line, "=\\= ");
}

/* Cuts a line off *rest; false at its end. */
static bool next_line(struct span *rest, struct span *line)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->ptr, '\n', rest->len);
	line->ptr = rest->ptr;
	line->len = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
	size_t taken = line->len + (end != NULL);
	rest->ptr += taken;
	rest->len -= taken;
	return true;
}

static struct span without_line_ends(struct span text)
{
	while (text.len > 0 && text.ptr[text.len - 1] == '\n')
		text.len--;
	return text;
}

/* Everything up to the next case's mark, which stays in *rest. */
static struct span until_mark(struct span *rest)
{
	struct span all = *rest, ahead = *rest, line;

	while (next_line(&ahead, &line)) {
		if (is_mark(line))
			break;
		*rest = ahead;
	}
	all.len = (size_t)(rest->ptr - all.ptr);
	return all;
}

static bool next_case(struct span *rest, struct golden_case *found)
{
	struct span body, line, before;

	*found = (struct golden_case){ 0 };
	if (!next_line(rest, &found->mark))
		return false;
	found->escaped = starts(found->mark, "=\\= ");
	found->title = (struct span){ found->mark.ptr + 4, found->mark.len - 4 };
	body = until_mark(rest);
	found->input = without_line_ends(body); /* unless there is a separator */
	before = body;
	while (next_line(&body, &line)) {
		if (is(line, "---")) {
			size_t len = (size_t)(line.ptr - before.ptr);

			found->input.len = len > 0 ? len - 1 : 0;
			found->expected = without_line_ends(body);
			found->complete = true;
			break;
		}
	}
	return true;
}

bool golden_part(struct span *rest, struct span *part)
{
	struct span ahead = *rest, line;

	if (rest->ptr == NULL)
		return false;
	*part = *rest;
	while (next_line(&ahead, &line)) {
		if (is(line, "...")) {
			size_t len = (size_t)(line.ptr - part->ptr);

			part->len = len > 0 ? len - 1 : 0;
			*rest = ahead;
			return true;
		}
	}
	*rest = (struct span){ 0 };
	return true;
}

static int hex_digit(char byte)
{
	const char *digits = "0123456789abcdef", *at;

	at = byte == '\0' ? NULL : strchr(digits, byte);
	return at == NULL ? -1 : (int)(at - digits);
}

/* The length of the escape that `text` begins with and the byte it stands for; 0 for none known. */
static size_t read_escape(struct span text, char *byte)
{
	static const char names[] = "ntre0\\", values[] = "\n\t\r\033\0\\";
	const char *at;

	if (text.len < 2 || text.ptr[0] != '\\')
		return 0;
	if (text.ptr[1] == 'x' && text.len >= 4) {
		int high = hex_digit(text.ptr[2]), low = hex_digit(text.ptr[3]);

		*byte = (char)(unsigned char)(high * 16 + low);
		return high < 0 || low < 0 ? 0 : 4;
	}
	at = text.ptr[1] == '\0' ? NULL : strchr(names, text.ptr[1]);
	if (at == NULL)
		return 0;
	*byte = values[at - names];
	return 2;
}

/* Stores what the escapes of `text` stand for in `bytes`, which has room for text.len; false: a wrong one. */
static bool unescape(struct span text, char *bytes, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < text.len;) {
		struct span rest = { text.ptr + i, text.len - i };
		size_t taken = 1;

		bytes[*len] = *rest.ptr;
		if (*rest.ptr == '\\') {
			taken = read_escape(rest, &bytes[*len]);
			if (taken == 0)
				return false;
		}
		(*len)++;
		i += taken;
	}
	return true;
}

static void print_commented(const char *what, struct span text)
{
	struct span line;

	printf("# %s:\n", what);
	while (next_line(&text, &line))
		printf("#   %.*s\n", (int)line.len, line.ptr);
}

/* What would be read back as part of another case cannot be kept. */
static bool can_be_stored(struct span text)
{
	struct span line;

	while (next_line(&text, &line))
		if (is_mark(line))
			return false;
	return true;
}

static void write_case(FILE *file, const struct golden_case *one, struct span got)
{
	fprintf(file, "%.*s\n", (int)one->mark.len, one->mark.ptr);
	fwrite(one->input.ptr, 1, one->input.len, file);
	fprintf(file, "%s---\n", one->input.len > 0 ? "\n" : "");
	fwrite(got.ptr, 1, got.len, file);
	fprintf(file, "%s", got.len > 0 ? "\n" : "");
}

/* Runs one case; `updated` is where the case goes with what it gave, or NULL. */
static void run_case(const struct run *run, const char *path, const struct golden_case *one,
                     FILE *updated)
{
	char *bytes = malloc(one->input.len + 1), *text = NULL;
	size_t len = one->input.len, text_len = 0;
	bool readable = bytes != NULL;
	FILE *out = open_memstream(&text, &text_len);

	if (readable && one->escaped)
		readable = unescape(one->input, bytes, &len);
	else if (readable && len > 0)
		memcpy(bytes, one->input.ptr, len);
	if (out == NULL || !readable || (!one->complete && !run->update)) {
		OK(false, "%s: %.*s: %s", path, (int)one->title.len, one->title.ptr,
		   readable ? "no line ---" : "an escape that is not known");
		if (out != NULL)
			fclose(out);
		free(text);
		free(bytes);
		return;
	}
	run->function((struct span){ bytes, len }, out, run->context);
	fclose(out);
	struct span got = without_line_ends((struct span){ text, text_len });
	bool same = got.len == one->expected.len &&
	            (got.len == 0 || memcmp(got.ptr, one->expected.ptr, got.len) == 0);

	if (!OK(can_be_stored(got) && (same || run->update), "%s: %.*s", path, (int)one->title.len,
	        one->title.ptr)) {
		print_commented("input", one->input);
		print_commented("expected", one->expected);
		print_commented("got", got);
	}
	if (updated != NULL)
		write_case(updated, one, got);
	free(text);
	free(bytes);
}

static bool read_whole(const char *path, char **text, size_t *len)
{
	FILE *file = fopen(path, "re"), *copy = open_memstream(text, len);
	char block[4096];
	size_t count;
	bool good = file != NULL && copy != NULL;

	while (good && (count = fread(block, 1, sizeof block, file)) > 0)
		fwrite(block, 1, count, copy);
	if (copy != NULL)
		fclose(copy);
	if (file != NULL)
		fclose(file);
	return good;
}

static void replace_file(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "we");

	OK(file != NULL && fwrite(text, 1, len, file) == len && fclose(file) == 0, "%s: rewritten",
	   path);
}

static void run_file(const struct run *run, const char *path)
{
	char *text = NULL, *new_text = NULL;
	size_t len = 0, new_len = 0, cases = 0;
	FILE *updated = NULL;
	struct golden_case one;

	if (!read_whole(path, &text, &len)) {
		OK(false, "%s: cannot be read: %s", path, strerror(errno));
		free(text);
		return;
	}
	struct span rest = { text, len };
	struct span preamble = until_mark(&rest);

	if (run->update && (updated = open_memstream(&new_text, &new_len)) != NULL)
		fwrite(preamble.ptr, 1, preamble.len, updated);
	for (; next_case(&rest, &one); cases++) {
		if (updated != NULL && cases > 0)
			fputc('\n', updated);
		run_case(run, strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path, &one,
		         updated);
	}
	OK(cases > 0, "%s: holds cases", path);
	if (updated != NULL) {
		fclose(updated);
		if (new_len != len || memcmp(new_text, text, len) != 0)
			replace_file(path, new_text, new_len);
		free(new_text);
	}
	free(text);
}

static int is_case_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0;
}

static void run_folder(const struct run *run, const char *path)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_case_file, alphasort);

	OK(count > 0, "%s: holds case files", path);
	for (int i = 0; i < count; i++) {
		char *file = NULL;

		if (asprintf(&file, "%s/%s", path, entries[i]->d_name) > 0)
			run_file(run, file);
		free(file);
		free(entries[i]);
	}
	free(entries);
}

int golden_main(int argc, char **argv, golden_function *function, void *context)
{
	struct run run = { .function = function, .context = context };

	/* Meson puts the arguments of --test-args last. */
	for (int i = 1; i < argc; i++)
		run.update = run.update || is(literal(argv[i]), "--update");
	for (int i = 1; i < argc; i++) {
		struct stat status;

		if (is(literal(argv[i]), "--update"))
			continue;
		if (stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode))
			run_folder(&run, argv[i]);
		else
			run_file(&run, argv[i]);
	}
	return tap_done();
}
