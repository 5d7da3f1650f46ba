/*
 * Command patterns.
 *
 * Two readings of one pattern.  An allow pattern is read narrowly: the words as they will be seen by
 * the program, the whole line, nothing unknown but where a star stands.  A deny or ask pattern is
 * read widely: the program under any path, global options before its sub-command, and its options as
 * a set, because `rm -r -f x`, `rm --force x -R` and `rm -rf x` are one command in three spellings.
 */
#include <stdint.h>
#include <string.h>

#include "base/glob.h"
#include "base/path.h"
#include "judge/rules_private.h"

/* Option words longer than this are one long option with a single dash, not letters. */
enum { CLUSTER_LETTERS = 6, PATTERN_LETTERS = 3, ABBREVIATION = 3 };

struct same_option {
	char letter;
	struct span word;     /* without its dashes */
	struct span programs; /* between blanks; empty: everywhere */
};
static const struct same_option same_options[] = {
	{ 'r', SPAN_INIT("recursive"), SPAN_INIT("") },
	{ 'R', SPAN_INIT("recursive"), SPAN_INIT("") },
	{ 'f', SPAN_INIT("force"), SPAN_INIT("") },
	{ 'i', SPAN_INIT("in-place"), SPAN_INIT(" sed perl ") },
	{ 'D', SPAN_INIT("delete"), SPAN_INIT(" git ") },
	{ 'd', SPAN_INIT("delete"), SPAN_INIT(" git ") },
	{ 'm', SPAN_INIT("message"), SPAN_INIT(" git ") },
	{ 'a', SPAN_INIT("all"), SPAN_INIT("") },
	{ 'n', SPAN_INIT("no-verify"), SPAN_INIT(" git ") },
	{ 'y', SPAN_INIT("yes"), SPAN_INIT("") },
	{ 'y', SPAN_INIT("assume-yes"), SPAN_INIT("") },
	{ 'g', SPAN_INIT("global"), SPAN_INIT(" npm pnpm yarn ") },
	{ 'k', SPAN_INIT("insecure"), SPAN_INIT(" curl ") },
	{ 'o', SPAN_INIT("output"), SPAN_INIT(" curl sort gcc ") },
	{ 'O', SPAN_INIT("output-document"), SPAN_INIT(" wget ") },
	{ 'X', SPAN_INIT("request"), SPAN_INIT(" curl ") },
	{ 'd', SPAN_INIT("data"), SPAN_INIT(" curl ") },
	{ 'T', SPAN_INIT("upload-file"), SPAN_INIT(" curl ") },
	{ 'p', SPAN_INIT("privileged"), SPAN_INIT("") },
};

/* Programs whose -r and -R mean the same, and those whose -words are not letters. */
static const struct span either_case = SPAN_INIT(" rm cp chmod chown chgrp ");
static const struct span long_dashes = SPAN_INIT(
	" find java javac gcc g++ cc clang clang++ openssl go "
	"terraform ffmpeg convert magick ");
/* They pass their words on unchanged; whether a form with options does is told below. */
static const struct span passing_on = SPAN_INIT(
	" timeout time nice nohup stdbuf command builtin noglob xargs ");
/* They run what they are given: a pattern that ends in a star allows nothing of it. */
static const struct span runners = SPAN_INIT(" watch setsid ionice flock ");
/* These change nothing of what a program does that a rule would care about. */
static const struct span harmless_variables = SPAN_INIT(
	" NODE_ENV CI NO_COLOR FORCE_COLOR CLICOLOR TERM COLORTERM COLUMNS LINES LANG LANGUAGE "
	"LC_ALL LC_CTYPE LC_COLLATE LC_MESSAGES LC_NUMERIC LC_TIME TZ RUST_BACKTRACE RUST_LOG "
	"PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONHASHSEED GOOS GOARCH CGO_ENABLED "
	"GO111MODULE DEBIAN_FRONTEND ");

static bool listed(struct span list, struct span word)
{
	size_t at = 0;

	if (word.len == 0 || span_find_byte(word, ' ', NULL))
		return false;
	for (struct span rest = list; span_find(rest, word, &at);
	     rest = span_from(rest, at + word.len))
		if (at > 0 && rest.ptr[at - 1] == ' ' && at + word.len < rest.len &&
		    rest.ptr[at + word.len] == ' ')
			return true;
	return false;
}

static struct span base_name(const struct effect_command *command)
{
	if (command->argc == 0 || !command->argv[0].complete)
		return SPAN("");
	return path_basename(command->argv[0].text);
}

/* The words from `first` on, behind `program` where that is not empty. */
static bool join_words(const struct effect_command *command, struct span program, size_t first,
                       struct arena *arena, struct span *line)
{
	size_t length = program.len + 2;
	char *bytes, *end;

	for (size_t i = first; i < command->argc; i++)
		if (__builtin_add_overflow(length, command->argv[i].text.len + 2, &length))
			return false;
	bytes = end = arena_alloc(arena, length, 1);
	if (!bytes)
		return false;
	memcpy(end, program.ptr ? program.ptr : "", program.len);
	end += program.len;
	for (size_t i = first; i < command->argc; i++) {
		const struct effect_word *word = &command->argv[i];

		if (end > bytes)
			*end++ = ' ';
		memcpy(end, word->text.ptr ? word->text.ptr : "", word->text.len);
		end += word->text.len;
		if (!word->complete)
			*end++ = '\0';
	}
	if (command->open_ended) {
		*end++ = ' ';
		*end++ = '\0';
	}
	*line = (struct span){ bytes, (size_t)(end - bytes) };
	return true;
}

/* Where the sub-command stands in argv: behind the program's own options. */
static size_t find_sub(const struct effect_command *command)
{
	struct span rest = command->sub, first;

	if (!span_split(&rest, ' ', &first) || first.len == 0)
		return 0;
	for (size_t i = 1; i < command->argc; i++)
		if (command->argv[i].complete && span_equal(command->argv[i].text, first))
			return i;
	return 0;
}

/* Not known for other reasons than a file name pattern: "$x", `x`, <(x). */
static bool word_expands(const struct effects *effects, const struct effect_word *word)
{
	struct span written = span_slice(effects->text, word->start, word->end);

	return span_find_byte(written, '$', NULL) || span_find_byte(written, '`', NULL) ||
	       span_find(written, SPAN("<("), NULL) || span_find(written, SPAN(">("), NULL) ||
	       written.len == 0;
}

static bool variables_are_harmless(const struct effect_command *command)
{
	for (size_t i = 0; i < command->assignment_count; i++) {
		size_t equal;

		if (!span_find_byte(command->assignments[i], '=', &equal) ||
		    !listed(harmless_variables, span_slice(command->assignments[i], 0, equal)))
			return false;
	}
	return true;
}

static bool is_allowable(const struct effects *effects, const struct effect_command *command)
{
	bool fed = command->parent && span_equal(base_name(command->parent), SPAN("xargs"));

	if (effects->not_understood || command->argc == 0 || !command->argv[0].complete ||
	    (command->open_ended && !fed) || !variables_are_harmless(command))
		return false;
	for (size_t i = 0; i < command->argc; i++)
		if (!command->argv[i].complete && word_expands(effects, &command->argv[i]))
			return false;
	return true;
}

bool rules_line_of(const struct effects *effects, const struct effect_command *command,
                   struct arena *arena, struct rules_line *line)
{
	/* As it is called here: the tables know gawk as awk, a rule for gawk means gawk. */
	struct span name = base_name(command);

	*line = (struct rules_line){ .command = command,
		                     .source = span_trim(span_slice(effects->text, command->start,
		                                                    command->end)),
		                     .sub = find_sub(command),
		                     .parent = SIZE_MAX,
		                     .allowable = is_allowable(effects, command) };
	if (!join_words(command, SPAN(""), 0, arena, &line->typed))
		return false;
	line->base = line->typed;
	if (name.len == 0)
		return true;
	if (command->argc > 0 && !span_equal(name, command->argv[0].text) &&
	    !join_words(command, name, 1, arena, &line->base))
		return false;
	/* busybox rm: the applet is the program. */
	if (command->argc > 1 &&
	    (span_equal(name, SPAN("busybox")) || span_equal(name, SPAN("toybox"))))
		return join_words(command, path_basename(command->argv[1].text), 2, arena,
		                  &line->plain);
	return line->sub < 2 || join_words(command, name, line->sub, arena, &line->plain);
}

/* Quoting removed and blanks collapsed, as the shell would. */
static bool unquote(struct span text, struct arena *arena, struct span *plain)
{
	char *bytes = arena_alloc(arena, text.len + 1, 1), *end = bytes;

	if (!bytes)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];

		if (byte == '"' || byte == '\'')
			continue;
		if (byte == '\\' && i + 1 < text.len)
			byte = text.ptr[++i];
		if (byte == ' ' && (end == bytes || end[-1] == ' '))
			continue;
		*end++ = byte;
	}
	*plain = (struct span){ bytes, (size_t)(end - bytes) };
	return true;
}

bool rules_pattern_of(const struct policy_rule *rule, struct arena *arena,
                      struct rules_pattern *pattern)
{
	char *bytes;

	*pattern = (struct rules_pattern){ .rule = rule };
	if (!unquote(rule->rule.pattern, arena, &pattern->text))
		return false;
	pattern->exact = !rule->rule.prefix && !span_find_byte(pattern->text, '*', NULL);
	if (!span_find_byte(pattern->text, '*', &pattern->literal))
		pattern->literal = pattern->text.len;
	if (!rule->rule.prefix)
		return true;
	bytes = arena_alloc(arena, pattern->text.len + 2, 1);
	if (!bytes)
		return false;
	memcpy(bytes, pattern->text.ptr, pattern->text.len);
	memcpy(bytes + pattern->text.len, " *", 2);
	pattern->tail = (struct span){ bytes, pattern->text.len + 2 };
	return true;
}

static bool line_matches(const struct rules_pattern *pattern, struct span line)
{
	return glob_text(pattern->text, line, GLOB_CASE_SENSITIVE) ||
	       (pattern->tail.len > 0 && glob_text(pattern->tail, line, GLOB_CASE_SENSITIVE));
}

/* find ... -exec, -delete and their like: more than looking. */
static bool find_acts(const struct effect_command *command)
{
	static const struct span acting = SPAN_INIT(
		" -exec -execdir -ok -okdir -delete -fprint -fprint0 -fprintf -fls -x -X --exec "
		"--exec-batch ");
	struct span name = base_name(command);

	if (!listed(SPAN(" find fd fdfind bfs "), name))
		return false;
	for (size_t i = 1; i < command->argc; i++)
		if (listed(acting, command->argv[i].text))
			return true;
	return false;
}

bool rules_command_covers(const struct rules_pattern *pattern, const struct rules_line *line)
{
	if (!line->allowable)
		return false;
	if (!pattern->exact &&
	    (find_acts(line->command) || listed(runners, base_name(line->command))))
		return false;
	return line_matches(pattern, line->typed) ||
	       (pattern->exact && span_equal(line->source, pattern->rule->rule.pattern));
}

bool rules_transparent(const struct rules_line *parent)
{
	const struct effect_command *command = parent->command;

	if (!parent->allowable || !listed(passing_on, command->argv[0].text))
		return false;
	/* xargs and command with an option are other programs. */
	return !listed(SPAN(" xargs command builtin "), command->argv[0].text) ||
	       (command->argc > 1 && !span_starts(command->argv[1].text, SPAN("-")));
}

bool rules_pattern_names(const struct rules_pattern *pattern, const struct rules_line *parent,
                         const struct rules_line *child)
{
	const struct effect_command *outer = parent->command, *inner = child->command;
	size_t skipped, end = 0;

	if (pattern->exact && span_equal(parent->source, pattern->rule->rule.pattern))
		return true;
	if (inner->argc == 0 || inner->argc >= outer->argc || inner->open_ended)
		return false;
	skipped = outer->argc - inner->argc;
	for (size_t i = 0; i < inner->argc; i++)
		if (!span_equal(inner->argv[i].text, outer->argv[skipped + i].text))
			return false;
	for (size_t i = 0; i <= skipped; i++)
		end += outer->argv[i].text.len + (i > 0);
	return end <= pattern->literal;
}

/* ---- options as a set ---- */

static bool is_option(struct span word)
{
	return word.len > 1 && word.ptr[0] == '-';
}

/* "-rf": letters, and few enough to be letters. */
static bool is_cluster(struct span word, size_t most)
{
	if (word.len < 2 || word.len > most + 1 || word.ptr[0] != '-')
		return false;
	for (size_t i = 1; i < word.len; i++)
		if (!((word.ptr[i] >= 'a' && word.ptr[i] <= 'z') ||
		      (word.ptr[i] >= 'A' && word.ptr[i] <= 'Z')))
			return false;
	return true;
}

static bool same_option_applies(const struct same_option *row, struct span program)
{
	return row->programs.len == 0 || listed(row->programs, program);
}

/* --recursive, --recursive=x, and what getopt_long(3) takes for it: --recur. */
static bool is_long(struct span word, struct span name)
{
	size_t equal;

	if (!span_starts(word, SPAN("--")))
		return false;
	word = span_from(word, 2);
	if (span_find_byte(word, '=', &equal))
		word = span_slice(word, 0, equal);
	return span_equal(word, name) || (word.len >= ABBREVIATION && span_starts(name, word));
}

static bool letter_in(struct span program, char letter, struct span word)
{
	char other = letter == 'r' ? 'R' : 'r';
	bool either = (letter == 'r' || letter == 'R') && listed(either_case, program);

	if (is_cluster(word, CLUSTER_LETTERS) &&
	    (span_find_byte(word, letter, NULL) || (either && span_find_byte(word, other, NULL))))
		return true;
	for (size_t i = 0; i < sizeof(same_options) / sizeof(same_options[0]); i++)
		if (same_options[i].letter == letter &&
		    same_option_applies(&same_options[i], program) &&
		    is_long(word, same_options[i].word))
			return true;
	return false;
}

/* The command's options: before "--", with global ones among them. */
static bool any_option(const struct effect_command *command, struct span program,
                       struct span wanted,
                       bool (*test)(struct span program, struct span wanted, struct span word))
{
	for (size_t i = 1; i < command->argc; i++) {
		struct span word = command->argv[i].text;

		if (span_equal(word, SPAN("--")))
			return false;
		if (is_option(word) && test(program, wanted, word))
			return true;
	}
	return false;
}

static bool test_letter(struct span program, struct span wanted, struct span word)
{
	return letter_in(program, wanted.ptr[0], word);
}

static bool test_word(struct span program, struct span wanted, struct span word)
{
	if (glob_text(wanted, word, GLOB_CASE_SENSITIVE))
		return true;
	if (!span_starts(wanted, SPAN("--")) || wanted.len == 2)
		return false;
	wanted = span_from(wanted, 2);
	if (is_long(word, wanted))
		return true;
	for (size_t i = 0; i < sizeof(same_options) / sizeof(same_options[0]); i++)
		if (span_equal(same_options[i].word, wanted) &&
		    same_option_applies(&same_options[i], program) &&
		    letter_in(program, same_options[i].letter, word))
			return true;
	return false;
}

static bool has_option(const struct effect_command *command, struct span program,
                       struct span wanted)
{
	if (any_option(command, program, wanted, test_word))
		return true;
	if (!is_cluster(wanted, PATTERN_LETTERS) || listed(long_dashes, program))
		return false;
	for (size_t i = 1; i < wanted.len; i++)
		if (!any_option(command, program, span_slice(wanted, i, i + 1), test_letter))
			return false;
	return true;
}

/* The words that are no options, joined; from argv[first] on. */
static bool operands(const struct effect_command *command, size_t first, struct arena *arena,
                     struct span *line)
{
	struct effect_word *words = arena_array(arena, struct effect_word, command->argc);
	struct effect_command only = { .argv = words };
	bool options = true;

	if (!words)
		return false;
	for (size_t i = first; i < command->argc; i++) {
		if (options && span_equal(command->argv[i].text, SPAN("--")))
			options = false;
		else if (!options || !is_option(command->argv[i].text))
			words[only.argc++] = command->argv[i];
	}
	return join_words(&only, SPAN(""), 0, arena, line);
}

/* Cuts the pattern's first words, up to its first option, and finds them in argv. */
static bool match_head(struct span *rest, const struct rules_line *line, size_t *behind)
{
	const struct effect_command *command = line->command;
	struct span word, after = *rest;
	size_t at = 0;

	while (span_split(&after, ' ', &word) && !is_option(word)) {
		struct span here;

		if (span_find_byte(word, '*', NULL) || at >= command->argc)
			return false;
		here = at == 0 ? base_name(command) : command->argv[at].text;
		/* busybox rm, git -C x reset */
		if (at == 0 && !span_equal(here, word) && command->argc > 1 &&
		    listed(SPAN(" busybox toybox "), here))
			here = command->argv[++at].text;
		else if (at == 1 && !span_equal(here, word) && line->sub > 1)
			here = command->argv[at = line->sub].text;
		if (!span_equal(here, word))
			return false;
		*rest = after;
		at++;
	}
	*behind = at;
	return at > 0 && rest->len > 0;
}

/* The pattern's program, then its options as a set, then its operands in order. */
static bool options_meet(const struct rules_pattern *pattern, const struct rules_line *line,
                         struct arena *arena, bool *meets)
{
	struct span rest = pattern->text, word, after, line_text;
	struct span program;
	size_t behind, wanted = 0;

	*meets = false;
	if (line->command->argc == 0 || !match_head(&rest, line, &behind))
		return true;
	program = path_basename(line->command
	                                ->argv[behind > 1 && line->sub == 0 &&
	                                                       listed(SPAN(" busybox toybox "),
	                                                              base_name(line->command))
	                                               ? 1
	                                               : 0]
	                                .text);
	for (after = rest; span_split(&after, ' ', &word) && is_option(word); rest = after) {
		if (!has_option(line->command, program, word))
			return true;
		wanted++;
	}
	if (wanted == 0)
		return true;
	if (rest.len == 0 && pattern->tail.len > 0) {
		*meets = true;
		return true;
	}
	if (!operands(line->command, behind, arena, &line_text))
		return false;
	*meets = glob_text(rest, line_text, GLOB_CASE_SENSITIVE);
	if (pattern->tail.len > 0 && !*meets) {
		/* `rest` ends where the pattern ends, and the tail is the pattern and " *". */
		struct span tail = span_from(pattern->tail, (size_t)(rest.ptr - pattern->text.ptr));

		*meets = glob_text(tail, line_text, GLOB_CASE_SENSITIVE);
	}
	return true;
}

bool rules_command_meets(const struct rules_pattern *pattern, const struct rules_line *line,
                         struct arena *arena, bool *meets)
{
	*meets = line_matches(pattern, line->typed) || line_matches(pattern, line->base) ||
	         (line->plain.len > 0 && line_matches(pattern, line->plain)) ||
	         (pattern->exact && span_equal(line->source, pattern->rule->rule.pattern));
	return *meets || options_meet(pattern, line, arena, meets);
}
