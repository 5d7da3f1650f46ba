/*
 * Words to fields, in bash's order: braces, tilde, parameters and substitutions, splitting,
 * patterns, quotes.  Manual 3.5.  What a substitution runs is worked out on the way.
 */
#include "base/path.h"
#include "effect/engine.h"

struct expander {
	struct engine *engine;
	struct shell *shell;
	struct fields *fields;
	const struct shell_word *word;
	struct value_builder current;
	struct span separators;
	size_t glob_at;
	bool started, quoted, glob, many, bracket;
	bool joined;     /* no splitting, no patterns: one value */
	bool assignment; /* a tilde behind ':' counts too */
};

/* ---- the field that is being made ---- */

static bool finish(struct expander *x)
{
	struct field field = { .value = builder_value(&x->current),
		               .quoted = x->quoted,
		               .glob = x->glob && !x->shell->noglob,
		               .many = x->many,
		               .glob_at = x->glob_at,
		               .start = x->word->start,
		               .end = x->word->end };
	bool keep = x->started || x->quoted;

	if (x->joined)
		return true;
	x->current = (struct value_builder){ 0 };
	x->started = x->quoted = x->glob = x->many = x->bracket = false;
	return !keep || fields_add(x->engine, x->fields, &field);
}

static bool add_bytes(struct expander *x, struct span bytes, bool quoted)
{
	if (!quoted && !x->joined && !x->glob) {
		for (size_t i = 0; i < bytes.len; i++) {
			char byte = bytes.ptr[i];
			bool star = byte == '*' || byte == '?' || (byte == ']' && x->bracket);

			if (byte == '[' && !x->bracket) {
				x->bracket = true;
				x->glob_at = x->current.head.len + i;
			} else if (star) {
				if (byte != ']' && !x->bracket)
					x->glob_at = x->current.head.len + i;
				x->glob = !x->current.open;
				break;
			}
		}
	}
	x->started = x->started || bytes.len > 0;
	x->quoted = x->quoted || quoted;
	return builder_add_text(x->engine->arena, &x->current, bytes) || engine_memory(x->engine);
}

static bool is_separator(const struct expander *x, char byte)
{
	return span_find_byte(x->separators, byte, NULL);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

static bool add_bytes_of(struct expander *x, struct span bytes);

/* Known text of an unquoted expansion: manual 3.5.7. */
static bool add_split(struct expander *x, struct span text)
{
	size_t start = 0, i = 0;

	while (i < text.len) {
		if (!is_separator(x, text.ptr[i])) {
			i++;
			continue;
		}
		if (!add_bytes_of(x, span_slice(text, start, i)))
			return false;
		if (!is_blank(text.ptr[i]))
			x->started = true; /* "a::b" has an empty field */
		if (!finish(x))
			return false;
		start = ++i;
		while (i < text.len && is_separator(x, text.ptr[i]) && is_blank(text.ptr[i]))
			start = ++i;
	}
	return add_bytes_of(x, span_from(text, start));
}

static bool add_value(struct expander *x, const struct value *value, bool quoted)
{
	struct value rest = *value;

	if (quoted || x->joined) {
		x->quoted = x->quoted || quoted;
		x->started = x->started || value->head.len > 0 || !value->complete;
		return builder_add(x->engine->arena, &x->current, value) ||
		       engine_memory(x->engine);
	}
	x->current.origins |= value->origins;
	if (value->source.len > 0)
		x->current.source = value->source;
	if (!add_split(x, value->head))
		return false;
	if (value->complete)
		return true;
	rest.head = SPAN("");
	x->started = x->many = true;
	if (x->glob) {
		/* A pattern with an unknown rest is just unknown. */
		x->current.head.len = x->glob_at;
		x->glob = false;
	}
	return builder_add(x->engine->arena, &x->current, &rest) || engine_memory(x->engine);
}

/* ---- tilde: manual 3.5.2 ---- */

static struct value home_of(struct expander *x)
{
	return shell_value(x->engine, x->shell, SPAN("HOME"));
}

static bool user_home(struct expander *x, struct span user, struct value *value)
{
	const struct action *action = x->engine->action;
	struct text text = { 0 };

	if (user.len == 0) {
		*value = home_of(x);
		return true;
	}
	if (span_equal(user, SPAN("+"))) {
		*value = x->shell->cwd;
		return true;
	}
	if (span_equal(user, SPAN("-"))) {
		*value = x->shell->old_cwd;
		return true;
	}
	if (span_equal(user, path_basename(action->paths.home))) {
		*value = value_of(action->paths.home);
		return true;
	}
	if (span_equal(user, SPAN("root"))) {
		*value = value_of(SPAN("/root"));
		return true;
	}
	if (!text_add(x->engine->arena, &text, SPAN("/home/")) ||
	    !text_add(x->engine->arena, &text, user))
		return engine_memory(x->engine);
	*value = value_of(text_span(&text));
	return true;
}

static bool is_login(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];

		if (byte == ' ' || byte == '*' || byte == '?' || byte == '[' || byte == '~' ||
		    byte == '=' || byte == ',')
			return false;
	}
	return true;
}

/* Plain text with a tilde at *at: adds the home and moves behind the name. */
static bool add_tilde(struct expander *x, struct span text, size_t *at, bool last_part)
{
	size_t end = *at + 1;
	struct value value;

	while (end < text.len && text.ptr[end] != '/' && !(x->assignment && text.ptr[end] == ':'))
		end++;
	struct span user = span_slice(text, *at + 1, end);

	if ((end == text.len && !last_part) || !is_login(user)) {
		if (!add_bytes(x, SPAN("~"), true))
			return false;
		++*at;
		return true;
	}
	if (!user_home(x, user, &value))
		return false;
	*at = end;
	return add_value(x, &value, true);
}

/* Where a tilde may stand: at the start, behind the '=' of NAME=, and in assignments behind ':'. */
static bool add_plain(struct expander *x, const struct shell_part *part, bool first)
{
	struct span text = part->text;
	size_t done = 0, at = 0;
	bool opens = first, named = false;

	for (; at < text.len; at++) {
		char byte = text.ptr[at];

		if (byte == '~' && opens) {
			if (!add_bytes(x, span_slice(text, done, at), false) ||
			    !add_tilde(x, text, &at, part->next == NULL))
				return false;
			done = at--;
			opens = false;
			continue;
		}
		opens = false;
		if (byte == '=' && first && !named && is_name(span_slice(text, 0, at)))
			opens = named = true;
		if (byte == ':' && (x->assignment || named))
			opens = true;
	}
	return add_bytes(x, span_from(text, done), false);
}

/*
 * bash leaves a tilde alone that comes out of an expansion; other shells and programs that split
 * once more do not, so it is taken for the home folder here.
 */
static bool add_bytes_of(struct expander *x, struct span bytes)
{
	struct value home;

	if (x->started || !span_starts(bytes, SPAN("~")) || (bytes.len > 1 && bytes.ptr[1] != '/'))
		return add_bytes(x, bytes, false);
	home = home_of(x);
	x->started = true;
	return (builder_add(x->engine->arena, &x->current, &home) || engine_memory(x->engine)) &&
	       add_bytes(x, span_from(bytes, 1), false);
}

/* ---- the other parts ---- */

static struct span without_line_ends(struct span text)
{
	while (text.len > 0 && text.ptr[text.len - 1] == '\n')
		text.len--;
	return text;
}

static bool add_substitution(struct expander *x, const struct shell_part *part)
{
	struct value output;

	if (!run_captured(x->engine, x->shell, part->script, &output))
		return false;
	if (output.complete)
		output.head = without_line_ends(output.head);
	else
		output.tail = without_line_ends(output.tail);
	return add_value(x, &output, part->quoted);
}

static bool add_process(struct expander *x, const struct shell_part *part)
{
	struct engine *engine = x->engine;
	struct text path = { 0 };
	struct value number, output;
	struct pending *pending;

	if (!value_number(engine->arena, 63 + (long long)engine->next_fd++, &number) ||
	    !text_add(engine->arena, &path, SPAN("/dev/fd/")) ||
	    !text_add(engine->arena, &path, number.head))
		return engine_memory(engine);
	if (part->direction == '<') {
		if (!run_captured(engine, x->shell, part->script, &output) ||
		    !file_store(engine, text_span(&path), &output, false))
			return false;
	} else {
		pending = arena_new(engine->arena, struct pending);
		if (!pending)
			return engine_memory(engine);
		*pending = (struct pending){ part->script, text_span(&path), engine->pending };
		engine->pending = pending;
	}
	struct value value = value_of(text_span(&path));

	return add_value(x, &value, true);
}

static bool add_arithmetic(struct expander *x, const struct shell_part *part)
{
	struct value value = value_unknown(ORIGIN_TEMP);
	long long number;
	bool known;

	if (!arith_word(x->engine, x->shell, part->expression, &number, &known))
		return false;
	if (known && !value_number(x->engine->arena, number, &value))
		return engine_memory(x->engine);
	return add_value(x, &value, part->quoted);
}

static bool add_parameter(struct expander *x, const struct shell_part *part)
{
	struct expansion got = { 0 };

	if (!expand_parameter(x->engine, x->shell, part->parameter, part->quoted, &got))
		return false;
	if (part->quoted && !got.list)
		x->quoted = true;
	for (size_t i = 0; i < got.count; i++) {
		if (i > 0 && x->joined && !add_bytes(x, SPAN(" "), true))
			return false;
		if (i > 0 && !x->joined && !finish(x))
			return false;
		if (!add_value(x, &got.items[i], part->quoted))
			return false;
	}
	if (got.more && x->joined) {
		struct value unknown = value_unknown(ORIGIN_INPUT);

		return add_value(x, &unknown, part->quoted);
	}
	if (got.more)
		x->fields->open_ended = true;
	return true;
}

static bool add_part(struct expander *x, const struct shell_part *part, bool first)
{
	switch (part->kind) {
	case SHELL_TEXT:
		return part->quoted ? add_bytes(x, part->text, true) : add_plain(x, part, first);
	case SHELL_PARAMETER:
		return add_parameter(x, part);
	case SHELL_COMMAND_SUB:
		return add_substitution(x, part);
	case SHELL_ARITHMETIC:
		return add_arithmetic(x, part);
	case SHELL_PROCESS_SUB:
		return add_process(x, part);
	}
	return true;
}

static bool add_parts(struct expander *x, const struct shell_part *parts)
{
	for (const struct shell_part *part = parts; part; part = part->next)
		if (!add_part(x, part, part == parts))
			return false;
	return true;
}

static struct span separators_of(struct shell *shell)
{
	const struct variable *ifs = shell_variable(shell, SPAN("IFS"));

	if (ifs && ifs->count == 1 && ifs->values[0].complete)
		return ifs->values[0].head;
	return SPAN(" \t\n");
}

bool expand_word(struct engine *engine, struct shell *shell, const struct shell_word *word,
                 struct fields *fields)
{
	struct variant *variants;

	engine_charge(engine, word->end - word->start);
	if (!expand_braces(engine, word, &variants))
		return false;
	for (; variants; variants = variants->next) {
		struct expander x = { .engine = engine,
			              .shell = shell,
			              .fields = fields,
			              .word = word,
			              .separators = separators_of(shell) };

		if (!add_parts(&x, variants->parts) || !finish(&x))
			return false;
	}
	return true;
}

bool expand_words(struct engine *engine, struct shell *shell, const struct shell_word *words,
                  struct fields *fields)
{
	for (; words && !engine->stopped; words = words->next)
		if (!expand_word(engine, shell, words, fields))
			return false;
	return true;
}

static bool expand_joined(struct engine *engine, struct shell *shell, const struct shell_word *word,
                          bool assignment, struct value *value)
{
	struct fields none = { 0 };
	struct expander x = { .engine = engine,
		              .shell = shell,
		              .fields = &none,
		              .word = word,
		              .joined = true,
		              .assignment = assignment };

	*value = value_of(SPAN(""));
	if (!word)
		return true;
	engine_charge(engine, word->end - word->start);
	if (!add_parts(&x, word->parts))
		return false;
	*value = builder_value(&x.current);
	return true;
}

bool expand_value(struct engine *engine, struct shell *shell, const struct shell_word *word,
                  struct value *value)
{
	return expand_joined(engine, shell, word, false, value);
}

bool expand_assignment(struct engine *engine, struct shell *shell, const struct shell_word *word,
                       struct value *value)
{
	return expand_joined(engine, shell, word, true, value);
}

bool expand_again(struct engine *engine, struct shell *shell, struct span text, struct value *value)
{
	struct shell_word *word;
	struct problem problem;

	bool good;

	*value = value_unknown(ORIGIN_COMMAND);
	if (engine->nesting >= MAX_NESTING) {
		engine_stop(engine, "expansions are nested too deep to follow");
		return true;
	}
	if (!shell_parse_word(text, NULL, engine->arena, &word, &problem)) {
		if (problem.kind == PROBLEM_MEMORY)
			return engine_memory(engine);
		return true;
	}
	engine->nesting++;
	good = expand_joined(engine, shell, word, false, value);
	engine->nesting--;
	return good;
}
