/*
 * Brace expansion: manual 3.5.1.  A word becomes atoms, a byte of plain text or a part that stays
 * whole; partners of braces are found once, so the time is linear in what comes out.
 */
#include "effect/engine.h"

enum { MAX_DEPTH = 64, MAX_VARIANTS = 1000 };

struct atom {
	const struct shell_part *part; /* NULL: a byte */
	const struct shell_part *from; /* the part that a byte stands in */
	size_t partner;                /* of '{': the index of its '}'; 0: none */
	char byte;
};

struct atoms {
	const struct atom *items;
	size_t count;
};

/* Some sequences of atoms, growing side by side. */
struct row {
	struct atom *items;
	size_t count, cap;
};
struct rows {
	struct row *items;
	size_t count, cap;
};

static bool row_add(struct engine *engine, struct row *row, const struct atom *atom)
{
	void *items = row->items;

	if (!arena_grow(engine->arena, &items, &row->cap, row->count, sizeof *row->items))
		return engine_memory(engine);
	row->items = items;
	row->items[row->count++] = *atom;
	return true;
}

static bool rows_add(struct engine *engine, struct rows *rows, const struct row *row)
{
	void *items = rows->items;

	if (!arena_grow(engine->arena, &items, &rows->cap, rows->count, sizeof *rows->items))
		return engine_memory(engine);
	rows->items = items;
	rows->items[rows->count++] = *row;
	return true;
}

static bool append_all(struct engine *engine, struct row *row, const struct row *more)
{
	for (size_t i = 0; i < more->count; i++)
		if (!row_add(engine, row, &more->items[i]))
			return false;
	return true;
}

/* Every one of `rows` followed by every one of `more`. */
static bool cross(struct engine *engine, struct rows *rows, const struct rows *more)
{
	struct rows product = { 0 };

	if (rows->count * more->count > MAX_VARIANTS) {
		engine_stop(engine, "more words than can be followed");
		return true;
	}
	for (size_t i = 0; i < rows->count; i++) {
		for (size_t j = 0; j < more->count; j++) {
			struct row row = { 0 };

			if (!append_all(engine, &row, &rows->items[i]) ||
			    !append_all(engine, &row, &more->items[j]) ||
			    !rows_add(engine, &product, &row))
				return false;
		}
	}
	*rows = product;
	return true;
}

/* ---- {1..5}, {a..e..2} ---- */

static bool read_bound(const struct atoms *atoms, size_t *at, long *number, bool *letter)
{
	size_t i = *at;
	bool negative = false;

	*letter = false;
	*number = 0;
	if (i < atoms->count && !atoms->items[i].part && atoms->items[i].byte == '-') {
		negative = true;
		i++;
	}
	size_t first = i;
	for (; i < atoms->count && !atoms->items[i].part && atoms->items[i].byte >= '0' &&
	       atoms->items[i].byte <= '9' && i - first < 9;
	     i++)
		*number = *number * 10 + (atoms->items[i].byte - '0');
	if (i == first) {
		if (negative || i >= atoms->count || atoms->items[i].part)
			return false;
		*number = (unsigned char)atoms->items[i++].byte;
		*letter = (*number >= 'a' && *number <= 'z') || (*number >= 'A' && *number <= 'Z');
		if (!*letter)
			return false;
	}
	if (negative)
		*number = -*number;
	*at = i;
	return true;
}

static bool read_dots(const struct atoms *atoms, size_t *at)
{
	if (*at + 1 >= atoms->count || atoms->items[*at].part || atoms->items[*at + 1].part ||
	    atoms->items[*at].byte != '.' || atoms->items[*at + 1].byte != '.')
		return false;
	*at += 2;
	return true;
}

/* How many bytes the numbers of a sequence have: {01..3} fills up with zeros.  0: as they are. */
static size_t bound_width(const struct atoms *atoms, size_t start, size_t end)
{
	size_t digit = start + (start < end && atoms->items[start].byte == '-');

	return digit + 1 < end && atoms->items[digit].byte == '0' ? end - start : 0;
}

static bool pad(struct engine *engine, size_t width, struct span *digits)
{
	struct text text = { 0 };
	bool negative = digits->len > 0 && digits->ptr[0] == '-', good = true;

	if (digits->len >= width)
		return true;
	if (negative)
		good = text_add(engine->arena, &text, SPAN("-"));
	for (size_t i = digits->len; i < width && good; i++)
		good = text_add(engine->arena, &text, SPAN("0"));
	if (!good || !text_add(engine->arena, &text, span_from(*digits, negative)))
		return engine_memory(engine);
	*digits = text_span(&text);
	return true;
}

static bool add_item(struct engine *engine, struct rows *rows, long number, bool letter,
                     size_t width)
{
	struct row row = { 0 };
	struct value text;
	char byte = (char)number;

	if (letter)
		text = value_of((struct span){ &byte, 1 });
	else if (!value_number(engine->arena, number, &text))
		return engine_memory(engine);
	if (!letter && !pad(engine, width, &text.head))
		return false;
	for (size_t i = 0; i < text.head.len; i++) {
		struct atom atom = { .byte = text.head.ptr[i] };

		if (!row_add(engine, &row, &atom))
			return false;
	}
	return rows_add(engine, rows, &row);
}

/* *found false where the braces hold no sequence. */
static bool sequence(struct engine *engine, const struct atoms *inside, struct rows *rows,
                     bool *found)
{
	long from, to, step = 1;
	bool letter, other;
	size_t at = 0, second, first_width, width;

	*found = false;
	if (!read_bound(inside, &at, &from, &letter))
		return true;
	first_width = at;
	width = bound_width(inside, 0, at);
	if (!read_dots(inside, &at))
		return true;
	second = at;
	if (!read_bound(inside, &at, &to, &other) || letter != other)
		return true;
	if (width > 0 || bound_width(inside, second, at) > 0)
		width = at - second > first_width ? at - second : first_width;
	if (at < inside->count &&
	    (!read_dots(inside, &at) || !read_bound(inside, &at, &step, &other) || other))
		return true;
	if (at != inside->count)
		return true;
	*found = true;
	step = step < 0 ? -step : step == 0 ? 1 : step;
	if ((to > from ? to - from : from - to) / step >= MAX_VARIANTS) {
		/* Too many to name: as good as a pattern. */
		struct row row = { 0 };
		struct atom star = { .byte = '*' };

		return row_add(engine, &row, &star) && rows_add(engine, rows, &row);
	}
	for (long n = from; to >= from ? n <= to : n >= to; n += to >= from ? step : -step)
		if (!add_item(engine, rows, n, letter, width))
			return false;
	return true;
}

/* ---- {a,b} ---- */

static bool expand_atoms(struct engine *engine, struct atoms atoms, size_t offset, unsigned depth,
                         struct rows *rows);

/* The alternatives between the brace at `open` and its partner; none where there is no comma. */
static bool alternatives(struct engine *engine, const struct atoms *inside, size_t offset,
                         unsigned depth, struct rows *rows)
{
	size_t start = 0;
	bool comma = false;

	for (size_t i = 0; i < inside->count; i++) {
		const struct atom *atom = &inside->items[i];

		if (!atom->part && atom->byte == '{' && atom->partner > 0) {
			i = atom->partner - offset;
			continue;
		}
		if (atom->part || atom->byte != ',')
			continue;
		comma = true;
		if (!expand_atoms(engine, (struct atoms){ inside->items + start, i - start },
		                  offset + start, depth + 1, rows))
			return false;
		start = i + 1;
	}
	if (!comma)
		return true;
	return expand_atoms(engine, (struct atoms){ inside->items + start, inside->count - start },
	                    offset + start, depth + 1, rows);
}

/* What stands between the braces that open at atom i; none where they are only text. */
static bool expand_group(struct engine *engine, const struct atoms *inside, size_t offset,
                         unsigned depth, struct rows *group)
{
	bool found = false;

	return alternatives(engine, inside, offset, depth, group) &&
	       (group->count > 0 || sequence(engine, inside, group, &found));
}

/* Adds what `atoms` (which begin at index `offset` of the word) become to `rows`. */
static bool expand_atoms(struct engine *engine, struct atoms atoms, size_t offset, unsigned depth,
                         struct rows *rows)
{
	struct rows mine = { 0 };
	struct row empty = { 0 };

	if (depth > MAX_DEPTH) {
		engine_stop(engine, "braces are nested too deep");
		return true;
	}
	if (!rows_add(engine, &mine, &empty))
		return false;
	for (size_t i = 0; i < atoms.count && !engine->stopped; i++) {
		const struct atom *atom = &atoms.items[i];
		struct rows group = { 0 };

		if (!atom->part && atom->byte == '{' && atom->partner > 0) {
			size_t end = atom->partner - offset;
			struct atoms inside = { atoms.items + i + 1, end - i - 1 };

			if (!expand_group(engine, &inside, offset + i + 1, depth, &group) ||
			    (group.count > 0 && !cross(engine, &mine, &group)))
				return false;
			if (group.count > 0) {
				i = end;
				continue;
			}
		}
		for (size_t k = 0; k < mine.count; k++)
			if (!row_add(engine, &mine.items[k], atom))
				return false;
	}
	for (size_t i = 0; i < mine.count; i++)
		if (!rows_add(engine, rows, &mine.items[i]))
			return false;
	return true;
}

/* ---- to and from parts ---- */

static bool has_braces(const struct shell_word *word)
{
	for (const struct shell_part *part = word->parts; part; part = part->next)
		if (part->kind == SHELL_TEXT && !part->quoted &&
		    span_find_byte(part->text, '{', NULL))
			return true;
	return false;
}

static bool to_atoms(struct engine *engine, const struct shell_word *word, struct row *row)
{
	for (const struct shell_part *part = word->parts; part; part = part->next) {
		if (part->kind != SHELL_TEXT || part->quoted) {
			if (!row_add(engine, row, &(struct atom){ .part = part }))
				return false;
			continue;
		}
		for (size_t i = 0; i < part->text.len; i++)
			if (!row_add(engine, row,
			             &(struct atom){ .from = part, .byte = part->text.ptr[i] }))
				return false;
	}
	return true;
}

static bool find_partners(struct engine *engine, struct row *row)
{
	size_t *open = arena_array(engine->arena, size_t, row->count), depth = 0;

	if (!open)
		return engine_memory(engine);
	for (size_t i = 0; i < row->count; i++) {
		if (row->items[i].part)
			continue;
		if (row->items[i].byte == '{')
			open[depth++] = i;
		else if (row->items[i].byte == '}' && depth > 0)
			row->items[open[--depth]].partner = i;
	}
	return true;
}

static bool to_parts(struct engine *engine, const struct row *row, struct variant *variant)
{
	struct shell_part *part = NULL, *last = NULL;
	struct text text = { 0 };

	for (size_t i = 0; i < row->count; i++) {
		const struct atom *atom = &row->items[i];

		if (atom->part || !part) {
			part = arena_new(engine->arena, struct shell_part);
			if (!part)
				return engine_memory(engine);
			if (atom->part)
				*part = *atom->part;
			else
				part->kind = SHELL_TEXT;
			part->next = NULL;
			if (last)
				last->next = part;
			else
				variant->parts = part;
			last = part;
			text = (struct text){ 0 };
		}
		if (atom->part) {
			part = NULL;
			continue;
		}
		if (!text_add(engine->arena, &text, (struct span){ &atom->byte, 1 }))
			return engine_memory(engine);
		part->text = text_span(&text);
	}
	return true;
}

bool expand_braces(struct engine *engine, const struct shell_word *word, struct variant **variants)
{
	struct variant **last = variants;
	struct row atoms = { 0 };
	struct rows rows = { 0 };

	*variants = NULL;
	if (!has_braces(word)) {
		*variants = arena_new(engine->arena, struct variant);
		if (!*variants)
			return engine_memory(engine);
		(*variants)->parts = word->parts;
		return true;
	}
	if (!to_atoms(engine, word, &atoms) || !find_partners(engine, &atoms) ||
	    !expand_atoms(engine, (struct atoms){ atoms.items, atoms.count }, 0, 0, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		*last = arena_new(engine->arena, struct variant);
		if (!*last)
			return engine_memory(engine);
		if (!to_parts(engine, &rows.items[i], *last))
			return false;
		last = &(*last)->next;
	}
	return true;
}
