/* Options, read as getopt_long(3) reads them, and as the programs do that do not use it. */
#include "command/matcher.h"

struct found {
	uint16_t option;
	size_t level; /* in matcher.chain */
};

/* The first name of `rows` that is not below `text`. */
static size_t lower_bound(const struct matcher *m, struct command_rows rows, struct span text)
{
	size_t low = 0, high = rows.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct command_name *name = &m->table->option_names[rows.first + middle];

		if (span_compare(command_text_of(m->table, name->text), text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool find_at(const struct matcher *m, size_t level, struct span text, bool prefix,
                    struct found *found)
{
	struct command_rows rows = m->chain[level]->names;

	for (size_t i = lower_bound(m, rows, text); i < rows.count; i++) {
		const struct command_name *name = &m->table->option_names[rows.first + i];

		if (!span_equal(command_text_of(m->table, name->text), text))
			return false;
		if (name->prefix == prefix) {
			*found = (struct found){ name->row, level };
			return true;
		}
	}
	return false;
}

/* How many levels of the chain an option may belong to, counted from its end. */
static size_t levels(const struct matcher *m)
{
	return (matcher_spec(m)->style & STYLE_INHERIT) != 0 ? m->depth : 1;
}

static bool find(const struct matcher *m, struct span text, bool prefix, struct found *found)
{
	for (size_t i = 0; i < levels(m); i++)
		if (find_at(m, m->depth - 1 - i, text, prefix, found))
			return true;
	return false;
}

/* The longest "NAME*" that `text` begins with, of at least `least` bytes; *len is its length. */
static bool find_prefix(const struct matcher *m, struct span text, size_t least,
                        struct found *found, size_t *len)
{
	enum { LONGEST = 64 };
	bool any = false;

	for (size_t i = 0; i < levels(m); i++)
		any = any || (m->chain[m->depth - 1 - i]->style & STYLE_HAS_PREFIX) != 0;
	if (!any)
		return false;
	for (size_t n = text.len < LONGEST ? text.len : LONGEST; n >= least && n > 0; n--) {
		if (find(m, span_slice(text, 0, n), true, found)) {
			*len = n;
			return true;
		}
	}
	return false;
}

/* The one option that `text` abbreviates.  Two spellings of one option are one. */
static bool find_abbreviated(const struct matcher *m, struct span text, struct found *found)
{
	bool any = false;

	for (size_t i = 0; i < levels(m); i++) {
		size_t level = m->depth - 1 - i;
		struct command_rows rows = m->chain[level]->names;

		for (size_t j = lower_bound(m, rows, text); j < rows.count; j++) {
			const struct command_name *name = &m->table->option_names[rows.first + j];

			if (!span_starts(command_text_of(m->table, name->text), text))
				break;
			if (any && (found->option != name->row || found->level != level))
				return false;
			*found = (struct found){ name->row, level };
			any = true;
		}
	}
	return any;
}

/* ---- taking an option ---- */

static void unknown_option(struct matcher *m, size_t at)
{
	m->doubt = true;
	if ((matcher_spec(m)->style & STYLE_OPEN) == 0)
		matcher_puzzled(m, at);
}

static void add_flags(struct matcher *m, unsigned flags)
{
	if (m->doubt)
		flags &= ~(unsigned)(COMMAND_INFORM | COMMAND_PREVIEW);
	m->flags |= flags;
}

static bool add_occurrence(struct matcher *m, struct found found, size_t at)
{
	void *items = m->occurrences;
	unsigned char *seen =
		&m->seen[found.level][found.option - m->chain[found.level]->options.first];

	if (!arena_grow(m->arena, &items, &m->occurrence_cap, m->occurrence_count,
	                sizeof(*m->occurrences)))
		return matcher_memory(m);
	m->occurrences = items;
	m->occurrences[m->occurrence_count++] = (struct occurrence){ .arg = at,
		                                                     .first_value = m->values.count,
		                                                     .option = found.option,
		                                                     .again = *seen != 0 };
	*seen = 1;
	add_flags(m, m->table->options[found.option].flags);
	return true;
}

static bool add_value(struct matcher *m, struct taken value)
{
	if (!matcher_take(m, &m->values, value))
		return false;
	m->occurrences[m->occurrence_count - 1].value_count++;
	return true;
}

static bool word_is(const struct command_arg *arg, struct span text)
{
	return arg->complete && span_equal(arg->text, text);
}

/* The words from `start` up to ";", or to "+" behind "{}"; all of them without either. */
static size_t words_to_semicolon(const struct matcher *m, size_t start)
{
	size_t end = start;

	while (end < m->argc && !word_is(&m->argv[end], SPAN(";")) &&
	       !(end > start && word_is(&m->argv[end], SPAN("+")) &&
	         word_is(&m->argv[end - 1], SPAN("{}"))))
		end++;
	return end;
}

/* One value that is made of the words behind the option. */
static bool take_next(struct matcher *m, uint16_t place, struct taken value, size_t *at)
{
	uint8_t shape = m->table->places[place].shape;
	size_t option = value.option;

	if (*at + 1 >= m->argc) {
		if ((matcher_spec(m)->style & STYLE_OPEN) == 0)
			matcher_puzzled(m, option);
		return true;
	}
	value.arg = *at + 1;
	if ((shape & PLACE_SEMICOLON) != 0) {
		size_t end = words_to_semicolon(m, value.arg);

		if (end == value.arg)
			matcher_puzzled(m, option);
		value.count = end - value.arg;
		*at = end < m->argc ? end : m->argc - 1;
	} else if ((shape & PLACE_REPEAT) != 0) {
		value.count = m->argc - value.arg;
		*at = m->argc - 1;
	} else {
		*at = value.arg;
	}
	return value.count == 0 || add_value(m, value);
}

/*
 * Takes the option at argv[*at].  attached: where its value begins in that
 * argument, or 0 where no value is written to it.
 */
static bool take(struct matcher *m, struct found found, size_t attached, size_t *at)
{
	const struct command_option *option = &m->table->options[found.option];
	size_t origin = *at;

	if (!add_occurrence(m, found, origin))
		return false;
	for (size_t i = 0; i < option->values.count; i++) {
		uint16_t place = (uint16_t)(option->values.first + i);
		struct taken value = { .count = 1,
			               .option = origin,
			               .place = place,
			               .own = option->own,
			               .fills = option->fills };

		if (i == 0 && attached > 0) {
			value.arg = origin;
			value.offset = attached;
			if ((m->table->places[place].shape & PLACE_REPEAT) != 0) {
				value.count = m->argc - origin;
				*at = m->argc - 1;
			}
			if (!add_value(m, value))
				return false;
		} else if ((m->table->places[place].shape & PLACE_OPTIONAL) == 0) {
			if (!take_next(m, place, value, at))
				return false;
		}
	}
	return true;
}

static bool takes_value(const struct matcher *m, struct found found)
{
	return m->table->options[found.option].values.count > 0;
}

/* --name=value.  A value for an option that takes none: only "true" leaves it as it is. */
static bool take_with_equals(struct matcher *m, struct found found, size_t equals, size_t *at)
{
	const struct command_arg *arg = &m->argv[*at];

	if (!takes_value(m, found) &&
	    !(arg->complete && span_equal(span_from(arg->text, equals + 1), SPAN("true")))) {
		matcher_puzzled(m, *at);
		m->doubt = true;
		return take(m, found, 0, at);
	}
	return take(m, found, takes_value(m, found) ? equals + 1 : 0, at);
}

static bool take_prefix(struct matcher *m, struct found found, size_t len, size_t *at)
{
	const struct command_arg *arg = &m->argv[*at];

	/* "-D*" with nothing behind -D: the value is the next word. */
	if (len == arg->text.len && arg->complete)
		return take(m, found, 0, at);
	return take(m, found, takes_value(m, found) ? len : 0, at);
}

/* --help, which nearly every program knows; --version, where no sub-command could mean another. */
static bool implicit_help(struct matcher *m, const struct command_arg *arg)
{
	if ((matcher_spec(m)->style & STYLE_NO_HELP) != 0)
		return false;
	if (!word_is(arg, SPAN("--help")) && !(m->depth == 1 && word_is(arg, SPAN("--version"))))
		return false;
	add_flags(m, COMMAND_INFORM);
	return true;
}

static bool harmless_flags(const struct matcher *m, struct found found)
{
	return (m->table->options[found.option].flags & (COMMAND_INFORM | COMMAND_PREVIEW)) == 0;
}

static bool is_number(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > 0;
}

/* --name, --name=value, and an abbreviation of either. */
static bool long_option(struct matcher *m, size_t *at)
{
	const struct command_arg *arg = &m->argv[*at];
	struct span name = arg->text;
	struct found found;
	size_t equals = 0, len;
	bool has_equals = span_find_byte(arg->text, '=', &equals);

	if (arg->complete && find(m, arg->text, false, &found))
		return take(m, found, 0, at);
	if (has_equals)
		name.len = equals;
	if (has_equals && find(m, name, false, &found))
		return take_with_equals(m, found, equals, at);
	if (find_prefix(m, arg->text, 3, &found, &len))
		return take_prefix(m, found, len, at);
	if (implicit_help(m, arg))
		return true;
	/* What an abbreviation stands for may be an option that is not listed: never trust it to stop
	 * a program from acting. */
	if ((arg->complete || has_equals) && find_abbreviated(m, name, &found) &&
	    harmless_flags(m, found))
		return has_equals ? take_with_equals(m, found, equals, at) : take(m, found, 0, at);
	unknown_option(m, *at);
	return true;
}

/* -name as one option: find, gcc, java, terraform. */
static bool single_dash_option(struct matcher *m, size_t *at)
{
	const struct command_arg *arg = &m->argv[*at];
	struct span text = arg->text, name;
	struct found found;
	size_t equals = 0, len, skip = 0;

	if (arg->complete && find(m, text, false, &found))
		return take(m, found, 0, at);
	if (span_starts(text, SPAN("--"))) {
		skip = 1;
		text = span_from(text, 1);
		if (arg->complete && find(m, text, false, &found))
			return take(m, found, 0, at);
	}
	name = text;
	if (span_find_byte(text, '=', &equals)) {
		name.len = equals;
		if (find(m, name, false, &found))
			return take_with_equals(m, found, equals + skip, at);
	}
	if (find_prefix(m, arg->text, 2, &found, &len))
		return take_prefix(m, found, len, at);
	if (arg->complete && is_number(span_from(text, 1)) && find(m, SPAN("-#"), false, &found))
		return take(m, found, 0, at);
	if (!implicit_help(m, arg))
		unknown_option(m, *at);
	return true;
}

/* Letters from `start` on; `old`: without a dash, values in the words behind (tar xzf). */
static bool letters(struct matcher *m, size_t start, bool old, size_t *at)
{
	size_t origin = *at;
	const struct command_arg *arg = &m->argv[origin];

	for (size_t i = start; i < arg->text.len; i++) {
		char name[2] = { '-', arg->text.ptr[i] };
		bool digit = name[1] >= '0' && name[1] <= '9';
		struct found found;

		if (!find(m, (struct span){ name, 2 }, false, &found)) {
			if (find(m, (struct span){ name, 2 }, true, &found))
				return take(m, found, i + 1 < arg->text.len ? i + 1 : 0, at);
			if (!digit || !find(m, SPAN("-#"), false, &found))
				unknown_option(m, origin);
			continue;
		}
		if (!takes_value(m, found) || old) {
			if (!take(m, found, 0, at))
				return false;
			continue;
		}
		/* The rest of the word is the value, or the next word where nothing is left. */
		return take(m, found, i + 1 < arg->text.len || !arg->complete ? i + 1 : 0, at);
	}
	if (!arg->complete)
		unknown_option(m, origin);
	return true;
}

static bool short_options(struct matcher *m, size_t *at)
{
	const struct command_arg *arg = &m->argv[*at];

	struct found found;
	size_t len;

	if (arg->complete && arg->text.len > 2 && find(m, arg->text, false, &found))
		return take(m, found, 0, at);
	if (find_prefix(m, arg->text, 3, &found, &len))
		return take_prefix(m, found, len, at);
	if (arg->complete && is_number(span_from(arg->text, 1)) &&
	    find(m, SPAN("-#"), false, &found))
		return take(m, found, 0, at);

	return letters(m, 1, false, at);
}

bool matcher_option(struct matcher *m, size_t *at)
{
	if ((matcher_spec(m)->style & STYLE_SINGLE_DASH) != 0)
		return single_dash_option(m, at);
	if (span_starts(m->argv[*at].text, SPAN("--")))
		return long_option(m, at);
	return short_options(m, at);
}

bool matcher_bundle(struct matcher *m, size_t *at)
{
	return letters(m, 0, true, at);
}

/* Whether some option of the current levels begins as `arg` does. */
static bool may_be_bare(const struct matcher *m, const struct command_arg *arg)
{
	bool plus = span_starts(arg->text, SPAN("+"));

	for (size_t i = 0; i < levels(m); i++) {
		uint16_t style = m->chain[m->depth - 1 - i]->style;

		if ((style & STYLE_HAS_BARE) != 0 || (plus && (style & STYLE_HAS_PLUS) != 0))
			return true;
	}
	return false;
}

bool matcher_bare_option(struct matcher *m, size_t *at, bool *is_option)
{
	const struct command_arg *arg = &m->argv[*at];
	struct found found;
	size_t len;

	*is_option = false;
	if (!may_be_bare(m, arg))
		return true;
	*is_option = true;
	if (arg->complete && find(m, arg->text, false, &found))
		return take(m, found, 0, at);
	if (find_prefix(m, arg->text, 1, &found, &len))
		return take_prefix(m, found, len, at);
	*is_option = false;
	return true;
}
