/*
 * What pure programs print when all that they read is known: echo, printf, cat, base64 -d, xxd -r,
 * tr, rev, basename, dirname, seq.  So a command that is put together by them is seen.
 */
#include "effect/fold.h"

#include "base/path.h"

bool fold_word(const struct folding *f, size_t i, struct span *word)
{
	if (i >= f->words->count)
		return false;
	*word = f->words->items[i].value.head;
	return f->words->items[i].value.complete && !f->words->items[i].glob;
}

bool fold_put(struct folding *f, struct span text)
{
	return builder_add_text(f->engine->arena, &f->out, text) || engine_memory(f->engine);
}

static bool put_value(struct folding *f, const struct value *value)
{
	return builder_add(f->engine->arena, &f->out, value) || engine_memory(f->engine);
}

static bool put_byte(struct folding *f, char byte)
{
	return fold_put(f, (struct span){ &byte, 1 });
}

/* ---- escapes of echo -e and printf ---- */

static int digit(char byte, int base)
{
	int value = byte >= '0' && byte <= '9'   ? byte - '0'
	            : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
	            : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
	                                         : 99;

	return value < base ? value : -1;
}

static bool put_number(struct folding *f, struct span text, size_t *at, int base, size_t most)
{
	int byte = 0;

	for (size_t n = 0; n < most && *at < text.len && digit(text.ptr[*at], base) >= 0; n++)
		byte = (byte * base + digit(text.ptr[(*at)++], base)) & 0xff;
	return put_byte(f, (char)(unsigned char)byte);
}

/* At the byte behind a backslash; moves behind the escape. */
static bool put_escape(struct folding *f, struct span text, size_t *at)
{
	static const char names[] = "abefnrtv\\\"'", values[] = "\a\b\033\f\n\r\t\v\\\"'";
	char byte = text.ptr[*at];
	size_t which;

	++*at;
	if (byte == 'x')
		return put_number(f, text, at, 16, 2);
	if (byte == '0')
		return put_number(f, text, at, 8, 3);
	if (byte >= '1' && byte <= '7') {
		--*at;
		return put_number(f, text, at, 8, 3);
	}
	if (span_find_byte(span_of(names), byte, &which))
		return put_byte(f, values[which]);
	return put_byte(f, '\\') && put_byte(f, byte);
}

static bool put_escaped(struct folding *f, struct span text)
{
	size_t at = 0;

	while (at < text.len) {
		if (text.ptr[at] == '\\' && at + 1 < text.len) {
			at++;
			if (text.ptr[at] == 'c')
				return true;
			if (!put_escape(f, text, &at))
				return false;
		} else if (!put_byte(f, text.ptr[at++])) {
			return false;
		}
	}
	return true;
}

/* ---- echo, printf ---- */

static bool is_echo_option(struct span word)
{
	for (size_t i = 1; i < word.len; i++)
		if (!span_find_byte(SPAN("neE"), word.ptr[i], NULL))
			return false;
	return word.len > 1 && word.ptr[0] == '-';
}

static bool fold_echo(struct folding *f)
{
	bool newline = true, escapes = false;
	size_t at = 1;
	struct span word;

	for (; fold_word(f, at, &word) && is_echo_option(word); at++) {
		newline = newline && !span_find_byte(word, 'n', NULL);
		escapes = span_find_byte(word, 'e', NULL) || escapes;
	}
	for (size_t i = at; i < f->words->count; i++) {
		const struct value *value = &f->words->items[i].value;

		if (i > at && !put_byte(f, ' '))
			return false;
		if (escapes && value->complete ? !put_escaped(f, value->head)
		                               : !put_value(f, value))
			return false;
	}
	f->done = !f->words->open_ended;
	return !newline || put_byte(f, '\n');
}

struct format {
	size_t argument;
	bool took;
};

static bool put_conversion(struct folding *f, struct span format, size_t *at, struct format *state)
{
	struct value empty = value_of(SPAN(""));
	const struct value *value = &empty;
	char letter;

	while (*at < format.len && span_find_byte(SPAN("-+ #0123456789."), format.ptr[*at], NULL))
		++*at;
	if (*at >= format.len)
		return true;
	letter = format.ptr[(*at)++];
	if (letter == '%')
		return put_byte(f, '%');
	if (state->argument < f->words->count)
		value = &f->words->items[state->argument].value;
	state->argument++;
	state->took = true;
	switch (letter) {
	case 's':
	case 'q':
	case 'd':
	case 'i':
	case 'u':
		return put_value(f, value);
	case 'b':
		return value->complete ? put_escaped(f, value->head) : put_value(f, value);
	case 'c':
		return fold_put(f, span_slice(value->head, 0, 1));
	default:
		f->out.open = true;
		return true;
	}
}

static bool fold_printf(struct folding *f)
{
	struct format state = { .argument = 2 };
	struct span format;
	size_t rounds = 0;

	if (fold_word(f, 1, &format) && span_equal(format, SPAN("--")))
		return true;
	if (!fold_word(f, 1, &format))
		return true;
	do {
		size_t at = 0;

		state.took = false;
		while (at < format.len) {
			char byte = format.ptr[at++];
			bool good;

			if (byte == '%')
				good = put_conversion(f, format, &at, &state);
			else if (byte == '\\' && at < format.len)
				good = put_escape(f, format, &at);
			else
				good = put_byte(f, byte);
			if (!good)
				return false;
		}
	} while (state.took && state.argument < f->words->count && ++rounds < 1000);
	f->done = !f->words->open_ended && rounds < 1000;
	return true;
}

/* ---- what passes its input on ---- */

/* The input: of the files named, where this action wrote them, or standard input. */
static bool gather(struct folding *f, size_t first, struct value *data)
{
	struct value_builder builder = { 0 };
	size_t files = 0;

	for (size_t i = first; i < f->words->count; i++) {
		const struct value *contents;
		struct span word, path;

		if (!fold_word(f, i, &word))
			return true;
		if (word.len > 1 && word.ptr[0] == '-')
			continue;
		files++;
		if (span_equal(word, SPAN("-"))) {
			if (!builder_add(f->engine->arena, &builder, &f->run->input))
				return engine_memory(f->engine);
			continue;
		}
		if (!path_of(f->engine, f->run->shell, &f->words->items[i].value, &path))
			return false;
		contents = file_contents(f->engine, path);
		if (!contents)
			return true;
		if (!builder_add(f->engine->arena, &builder, contents))
			return engine_memory(f->engine);
	}
	*data = files > 0 ? builder_value(&builder) : f->run->input;
	f->gathered = true;
	return true;
}

static bool fold_cat(struct folding *f)
{
	struct value data = { 0 };

	if (!gather(f, 1, &data) || !f->gathered)
		return true;
	f->done = true;
	return put_value(f, &data);
}

/* Programs that only choose among lines: what is known of a name stays known. */
static bool fold_filter(struct folding *f)
{
	struct value *input = &f->run->input;

	if (!f->run->reads_input || !(input->origins & ORIGIN_GLOB) || input->complete)
		return true;
	f->done = true;
	return put_value(f, input);
}

static bool fold_rev(struct folding *f)
{
	struct value data = { 0 };
	struct span rest, line;

	if (!gather(f, 1, &data) || !f->gathered || !data.complete)
		return true;
	f->done = true;
	rest = data.head;
	while (span_split(&rest, '\n', &line)) {
		for (size_t i = line.len; i > 0; i--)
			if (!put_byte(f, line.ptr[i - 1]))
				return false;
		if (!put_byte(f, '\n'))
			return false;
	}
	return true;
}

/* ---- names and numbers ---- */

static bool fold_basename(struct folding *f)
{
	struct span word, suffix;

	if (!fold_word(f, 1, &word) || (word.len > 0 && word.ptr[0] == '-'))
		return true;
	while (word.len > 1 && word.ptr[word.len - 1] == '/')
		word.len--;
	word = word.len == 1 ? word : path_basename(word);
	if (fold_word(f, 2, &suffix) && span_ends(word, suffix) && word.len > suffix.len)
		word.len -= suffix.len;
	f->done = true;
	return fold_put(f, word) && put_byte(f, '\n');
}

static bool fold_dirname(struct folding *f)
{
	struct span word;

	if (!fold_word(f, 1, &word))
		return true;
	while (word.len > 1 && word.ptr[word.len - 1] == '/')
		word.len--;
	f->done = true;
	return fold_put(f, path_dirname(word)) && put_byte(f, '\n');
}

static bool fold_seq(struct folding *f)
{
	long long bounds[3] = { 1, 1, 1 };
	size_t count = f->words->count - 1;

	if (count == 0 || count > 3)
		return true;
	for (size_t i = 0; i < count; i++) {
		struct span word;
		long long number = 0;

		if (!fold_word(f, i + 1, &word) || word.len == 0 || word.len > 6)
			return true;
		for (size_t k = 0; k < word.len; k++) {
			if (word.ptr[k] < '0' || word.ptr[k] > '9')
				return true;
			number = number * 10 + (word.ptr[k] - '0');
		}
		bounds[i] = number;
	}
	long long from = count > 1 ? bounds[0] : 1, step = count == 3 ? bounds[1] : 1;

	if (step == 0 || (bounds[count - 1] - from) / step > 200)
		return true;
	f->done = true;
	for (long long n = from; n <= bounds[count - 1]; n += step) {
		struct value value;

		if (!value_number(f->engine->arena, n, &value))
			return engine_memory(f->engine);
		if (!put_value(f, &value) || !put_byte(f, '\n'))
			return false;
	}
	return true;
}

/* A name below the temporary folder that nobody else can guess. */
static bool fold_mktemp(struct folding *f)
{
	struct value value = { .head = SPAN("/tmp/tmp."), .origins = ORIGIN_TEMP };

	for (size_t i = 1; i < f->words->count; i++) {
		struct span word;
		size_t mark;

		if (!fold_word(f, i, &word))
			return true;
		if (span_equal(word, SPAN("-p")) || span_starts(word, SPAN("--tmpdir=")) ||
		    span_equal(word, SPAN("--suffix")))
			return true;
		if (word.len > 0 && word.ptr[0] == '-')
			continue;
		if (!span_find(word, SPAN("XXX"), &mark))
			return true;
		value.head = span_slice(word, 0, mark);
		for (size_t k = 1; k < f->words->count; k++)
			if (fold_word(f, k, &word) && span_equal(word, SPAN("-t")))
				value.head = SPAN("/tmp/");
	}
	f->done = true;
	return put_value(f, &value);
}

/* find DIR, ls: names below a folder. */
static bool fold_names(struct folding *f)
{
	struct value value = { .origins = ORIGIN_GLOB };
	bool find = !span_equal(f->run->command->name, SPAN("ls"));

	for (size_t i = 0; find && i < f->run->match.count; i++) {
		const struct command_use *use = &f->run->match.uses[i];
		struct field start = use_field(f->run, use);

		if (use->verb != COMMAND_LIST || !start.value.complete || start.glob)
			continue;
		if (value.head.len > 0) /* several folders: only that they are names */
			return true;
		if (span_equal(start.value.head, SPAN(".")))
			continue;
		if (!put_value(f, &start.value) || !put_byte(f, '/'))
			return false;
		value.head = start.value.head;
	}
	value.head = SPAN("");
	f->done = true;
	return put_value(f, &value);
}

static bool fold_which(struct folding *f)
{
	struct span word;

	if (!fold_word(f, 1, &word) || (word.len > 0 && word.ptr[0] == '-'))
		return true;
	f->done = true;
	return fold_put(f, word) && put_byte(f, '\n');
}

static bool fold_digits(struct folding *f)
{
	struct value value = value_unknown(ORIGIN_TEMP);

	f->done = true;
	return put_value(f, &value);
}

static bool fold_env(struct folding *f)
{
	struct value value = value_unknown(ORIGIN_ENVIRONMENT | ORIGIN_SECRET);

	for (size_t i = 0; i < f->run->match.count; i++)
		if (f->run->match.uses[i].verb == COMMAND_RUN)
			return true;
	value.source = SPAN("environment");
	f->done = true;
	return put_value(f, &value);
}

struct fold_row {
	struct span name;
	bool (*function)(struct folding *f);
};

/* clang-format off */
static const struct fold_row rows[] = {
	{ SPAN_INIT("echo"), fold_echo },         { SPAN_INIT("printf"), fold_printf },
	{ SPAN_INIT("cat"), fold_cat },           { SPAN_INIT("tac"), fold_filter },
	{ SPAN_INIT("tee"), fold_cat },
	{ SPAN_INIT("grep"), fold_filter },       { SPAN_INIT("sort"), fold_filter },
	{ SPAN_INIT("head"), fold_filter },       { SPAN_INIT("tail"), fold_filter },
	{ SPAN_INIT("uniq"), fold_filter },       { SPAN_INIT("shuf"), fold_filter },
	{ SPAN_INIT("rev"), fold_rev },           { SPAN_INIT("tr"), fold_tr },
	{ SPAN_INIT("base64"), fold_base64 },     { SPAN_INIT("xxd"), fold_xxd },
	{ SPAN_INIT("basename"), fold_basename }, { SPAN_INIT("dirname"), fold_dirname },
	{ SPAN_INIT("seq"), fold_seq },           { SPAN_INIT("mktemp"), fold_mktemp },
	{ SPAN_INIT("find"), fold_names },        { SPAN_INIT("ls"), fold_names },
	{ SPAN_INIT("fd"), fold_names },          { SPAN_INIT("which"), fold_which },
	{ SPAN_INIT("date"), fold_digits },       { SPAN_INIT("nproc"), fold_digits },
	{ SPAN_INIT("id"), fold_digits },         { SPAN_INIT("env"), fold_env },
	{ SPAN_INIT("printenv"), fold_env },      { SPAN_INIT("awk"), fold_awk },
};
/* clang-format on */

bool fold_output(struct running *run, bool *folded)
{
	struct folding f = { .engine = run->engine, .run = run, .words = &run->invocation->words };

	*folded = false;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!span_equal(rows[i].name, run->command->name))
			continue;
		if (!rows[i].function(&f))
			return false;
		*folded = f.done;
		run->output = builder_value(&f.out);
		run->output.origins |= run->data;
		if (run->data && run->output.source.len == 0)
			run->output.source = run->source;
		return true;
	}
	return true;
}
