/* Which operand stands in which place of an `args` pattern. */
#include "command/matcher.h"

/* Some operands and the places that they may take. */
struct segment {
	const struct command_place *places;
	size_t place_count;
	size_t first_place; /* in table.places */
	struct taken *operands;
	size_t count;
};

static bool is_assignment(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		              byte == '_';
		bool digit = byte >= '0' && byte <= '9';

		if (byte == '=' || byte == '+' || byte == ':' || byte == '?' || byte == '!')
			return i > 0 && span_find_byte(span_from(text, i), '=', NULL);
		if (!letter && !digit && byte != '.' && byte != '-')
			return false;
	}
	return false;
}

/* Whether the operand is one of "a|b".  What may yet become one puzzles. */
static bool is_literal(struct matcher *m, struct span words, const struct taken *operand)
{
	const struct command_arg *arg = &m->argv[operand->arg];
	struct span word;

	while (span_split(&words, '|', &word)) {
		bool prefix = word.len > 1 && span_ends(word, SPAN("*"));

		word.len -= prefix;
		if (prefix ? span_starts(arg->text, word)
		           : arg->complete && span_equal(word, arg->text))
			return true;
		if (!arg->complete && span_starts(word, arg->text))
			matcher_puzzled(m, operand->arg);
	}
	return false;
}

/* Whether an option's value stands in this place already. */
static bool is_filled(const struct matcher *m, const struct command_place *place)
{
	struct span name = command_text_of(m->table, place->name);

	if ((place->shape & PLACE_LITERAL) != 0)
		return false;
	for (size_t i = 0; i < m->values.count; i++) {
		const struct command_place *other = &m->table->places[m->values.items[i].place];

		if (m->values.items[i].fills &&
		    span_equal(command_text_of(m->table, other->name), name))
			return true;
	}
	return false;
}

/* Gives NAME=VALUE operands their place: those in front, or all where options may follow operands. */
static bool place_assignments(const struct matcher *m, struct segment *s)
{
	bool leading = matcher_spec(m)->stop > 0, fits = true;

	for (size_t i = 0; i < s->place_count; i++) {
		bool any = (s->places[i].shape & PLACE_OPTIONAL) != 0;

		if ((s->places[i].shape & PLACE_ASSIGNMENT) == 0)
			continue;
		for (size_t j = 0; j < s->count; j++) {
			if (is_assignment(m->argv[s->operands[j].arg].text)) {
				s->operands[j].place = (uint16_t)(s->first_place + i);
				any = true;
			} else if (leading) {
				break;
			}
		}
		fits = fits && any;
	}
	return fits;
}

/* How many operands the places need at least. */
static size_t needed(const struct matcher *m, const struct segment *s)
{
	size_t need = 0;

	for (size_t i = 0; i < s->place_count; i++)
		if ((s->places[i].shape & (PLACE_OPTIONAL | PLACE_ASSIGNMENT)) == 0 &&
		    !is_filled(m, &s->places[i]))
			need++;
	return need;
}

/* The next operand without a place, from *at on; NULL past the last. */
static struct taken *next_free(const struct segment *s, size_t *at)
{
	while (*at < s->count && s->operands[*at].place != COMMAND_NONE)
		(*at)++;
	return *at < s->count ? &s->operands[*at] : NULL;
}

/* How many operands the place takes, with `spare` more than are needed. */
static size_t wanted(const struct matcher *m, const struct command_place *place, size_t spare)
{
	bool filled = is_filled(m, place);
	size_t least = (place->shape & PLACE_OPTIONAL) != 0 || filled ? 0 : 1;

	if ((place->shape & PLACE_ASSIGNMENT) != 0)
		return 0;
	if ((place->shape & PLACE_REPEAT) != 0)
		return least + spare;
	if (filled)
		return 0;
	return least > 0 || spare == 0 ? least : 1;
}

/* Places as many as it can; false where the pattern does not fit. */
static bool place_segment(struct matcher *m, struct segment *s)
{
	size_t free_count = 0, need, spare, at = 0;
	bool fits = place_assignments(m, s);
	for (size_t i = 0; i < s->count; i++)
		free_count += s->operands[i].place == COMMAND_NONE;
	need = needed(m, s);
	spare = free_count >= need ? free_count - need : 0;
	fits = fits && free_count >= need;
	for (size_t i = 0; i < s->place_count; i++) {
		const struct command_place *place = &s->places[i];
		bool literal = (place->shape & PLACE_LITERAL) != 0;
		size_t want = wanted(m, place, spare);
		size_t least = (place->shape & PLACE_OPTIONAL) != 0 || is_filled(m, place) ? 0 : 1;

		for (size_t taken = 0; taken < want; taken++) {
			struct taken *operand = next_free(s, &at);

			if (operand == NULL)
				return false;
			if (literal &&
			    !is_literal(m, command_text_of(m->table, place->name), operand)) {
				fits = fits && least == 0;
				break;
			}
			operand->place = (uint16_t)(s->first_place + i);
			spare -= taken >= least && spare > 0;
		}
	}
	return fits && next_free(s, &at) == NULL;
}

/* Where "--" stands in the pattern; its length where it does not. */
static size_t dashes_in(const struct command_place *places, size_t count)
{
	size_t at = 0;

	while (at < count && (places[at].shape & PLACE_DASHES) == 0)
		at++;
	return at;
}

static bool place_args(struct matcher *m, const struct command_args *args)
{
	const struct command_place *places = m->table->places + args->places.first;
	size_t count = args->places.count, dashes = dashes_in(places, count);
	struct segment whole = { places, count, args->places.first, m->operands.items,
		                 m->operands.count };
	struct segment before, after;
	bool fits;

	for (size_t i = 0; i < m->operands.count; i++)
		m->operands.items[i].place = COMMAND_NONE;
	if (dashes == count)
		return place_segment(m, &whole);
	if (!m->has_dashes)
		return false;
	before = (struct segment){ places, dashes, args->places.first, m->operands.items,
		                   m->dashes };
	after = (struct segment){ places + dashes + 1, count - dashes - 1,
		                  args->places.first + dashes + 1, NULL,
		                  m->operands.count - m->dashes };
	if (after.count > 0)
		after.operands = m->operands.items + m->dashes;
	fits = place_segment(m, &before);
	return place_segment(m, &after) && fits;
}

void matcher_place(struct matcher *m)
{
	const struct command_spec *spec = matcher_spec(m);
	const struct command_args *rows = m->table->args + spec->args.first, *last = NULL;
	size_t at = 0;

	if ((m->flags & COMMAND_INFORM) != 0)
		return; /* nothing is done with them */
	for (size_t i = 0; i < spec->args.count; i++) {
		if (!matcher_holds(m, rows[i].conditions))
			continue;
		if (place_args(m, &rows[i])) {
			m->args = &rows[i];
			return;
		}
		last = &rows[i];
	}
	/* None fits: the last is the loosest by custom; place what can be placed. */
	if (last != NULL) {
		m->args = last;
		(void)place_args(m, last);
	}
	while (at < m->operands.count && m->operands.items[at].place != COMMAND_NONE)
		at++;
	if (at < m->operands.count)
		matcher_puzzled(m, m->operands.items[at].arg);
	else if (last != NULL)
		matcher_puzzled(m, 0);
}
