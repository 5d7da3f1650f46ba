/* From effects, as the data files state them, to uses of this very argv. */
#include "command/matcher.h"

/* Set in command_use.flags while uses are made, and never handed out. */
enum { SETTLE_REMOTE = 1 << 15 };

static struct command_use *new_use(struct matcher *m)
{
	void *uses = m->match->uses;
	struct command_use *use;

	if (!arena_grow(m->arena, &uses, &m->use_cap, m->match->count, sizeof(*use))) {
		(void)matcher_memory(m);
		return NULL;
	}
	m->match->uses = uses;
	use = &m->match->uses[m->match->count++];
	*use = (struct command_use){ 0 };
	return use;
}

static bool same_name(const struct matcher *m, uint16_t place, struct span name)
{
	return place != COMMAND_NONE &&
	       span_equal(command_text_of(m->table, m->table->places[place].name), name) &&
	       (m->table->places[place].shape & PLACE_LITERAL) == 0;
}

/* ---- what the target's own text changes ---- */

/* "-" for standard input or output.  False: nothing is used. */
static bool settle_dash(struct command_use *use)
{
	switch ((unsigned)use->verb) {
	case COMMAND_READ:
	case COMMAND_LIST:
		use->verb = COMMAND_STDIN_READ;
		break;
	case COMMAND_SCRIPT:
		use->verb = COMMAND_STDIN_CODE;
		break;
	case COMMAND_WRITE:
	case COMMAND_APPEND:
	case COMMAND_MODIFY:
	case COMMAND_CREATE:
		return false;
	default:
		return true;
	}
	use->has_target = false;
	return true;
}

/* @NAME, KEY=@NAME: a file's contents instead of the text.  False: nothing is used. */
static bool settle_file(struct command_use *use, unsigned reading, const struct command_arg *arg)
{
	struct span text = span_from(arg->text, use->offset);
	size_t at = 0, end;
	bool file = (reading & READING_AT_FILE) != 0 && span_starts(text, SPAN("@"));

	if (!file && (reading & READING_FORM_FILE) != 0) {
		bool plain = (reading & READING_AT_FILE) != 0;

		file = span_find(text, SPAN("=@"), &at) || span_find(text, SPAN("=<"), &at);
		at += file;
		file = file || (plain && span_find_byte(text, '@', &at) &&
		                !span_find_byte(span_slice(text, 0, at), '=', NULL));
		if (file && span_find_byte(span_from(text, at), ';', &end))
			use->trail = text.len - at - end;
	}
	if (file) {
		use->offset += at + 1;
		if (use->verb == COMMAND_SEND)
			use->verb = COMMAND_UPLOAD;
		return true;
	}
	/* Plain text is sent or set; to a verb that wants a file it is nothing, once it is known. */
	return use->verb == COMMAND_SEND || (!arg->complete && text.len == 0);
}

/* Fits the use to its target's text.  False: nothing is used after all. */
static bool settle(const struct matcher *m, const struct command_effect *effect,
                   struct command_use *use)
{
	const struct command_arg *arg = &m->argv[use->arg];

	if ((effect->reading & READING_SLASH) != 0 && arg->complete &&
	    !span_find_byte(span_from(arg->text, use->offset), '/', NULL))
		return false;
	if (effect->reading & (READING_AT_FILE | READING_FORM_FILE))
		if (!settle_file(use, effect->reading, arg))
			return false;
	if ((matcher_spec(m)->style & STYLE_PLAIN_DASH) == 0 && arg->complete && use->count == 1 &&
	    span_equal(span_from(arg->text, use->offset), SPAN("-")))
		if (!settle_dash(use))
			return false;
	if ((effect->reading & READING_OR_REMOTE) != 0 && use->has_target)
		use->flags |= SETTLE_REMOTE;
	return true;
}

/* ---- one effect ---- */

/* The first operand or value called so; NULL without one.  filling: no values of other things. */
static const struct taken *first_named(const struct matcher *m, struct span name, bool filling)
{
	for (size_t i = 0; i < m->operands.count; i++)
		if (same_name(m, m->operands.items[i].place, name))
			return &m->operands.items[i];
	for (size_t i = 0; i < m->values.count; i++)
		if ((m->values.items[i].fills || !filling) &&
		    same_name(m, m->values.items[i].place, name))
			return &m->values.items[i];
	return NULL;
}

static struct command_use plain_use(const struct matcher *m, const struct command_effect *effect,
                                    size_t option)
{
	return (struct command_use){ .verb = (enum command_verb)effect->verb,
		                     .flags = effect->flags | m->flags,
		                     .language = command_text_of(m->table, effect->language),
		                     .by = m->by != NULL ? m->by->arg : 0,
		                     .by_offset = m->by != NULL ? m->by->offset : 0,
		                     .option = option };
}

/* A verb whose words belong together. */
static bool joins(const struct command_effect *effect)
{
	return effect->verb == COMMAND_RUN || effect->verb == COMMAND_REMOTE ||
	       effect->verb == COMMAND_SHELL;
}

static bool use_taken(struct matcher *m, const struct command_effect *effect,
                      const struct taken *taken, size_t count)
{
	struct command_use use = plain_use(m, effect, taken->option), *row;

	use.has_target = true;
	use.arg = taken->arg;
	use.offset = taken->offset;
	use.count = joins(effect) ? count : 1;
	if (!settle(m, effect, &use))
		return true;
	row = new_use(m);
	if (row == NULL)
		return false;
	*row = use;
	return true;
}

/* How many operands from `at` on stand in one place and side by side. */
static size_t run_length(const struct matcher *m, size_t at)
{
	const struct taken *items = m->operands.items;
	size_t end = at + 1;

	while (end < m->operands.count && items[end].place == items[at].place &&
	       items[end].arg == items[end - 1].arg + 1)
		end++;
	return end - at;
}

/* Every operand called `name`, and every value whose option says nothing itself. */
static bool use_named(struct matcher *m, const struct command_effect *effect, struct span name)
{
	for (size_t i = 0; i < m->values.count; i++) {
		const struct taken *value = &m->values.items[i];

		if (!value->own && same_name(m, value->place, name) &&
		    !use_taken(m, effect, value, value->count))
			return false;
	}
	for (size_t i = 0, step; i < m->operands.count; i += step) {
		step = joins(effect) ? run_length(m, i) : 1;
		if (same_name(m, m->operands.items[i].place, name) &&
		    !use_taken(m, effect, &m->operands.items[i], step))
			return false;
	}
	return true;
}

_Static_assert(COMMAND_EXIT < 64, "a verb is a bit of matcher.bare");

static bool use_untargeted(struct matcher *m, const struct command_effect *effect, size_t option)
{
	uint64_t bit = (uint64_t)1 << effect->verb;
	struct command_use *use;

	if (effect->target != TARGET_FIXED && effect->flags == 0 && effect->language.len == 0 &&
	    m->by == NULL) {
		if ((m->bare & bit) != 0)
			return true;
		m->bare |= bit;
	}
	use = new_use(m);
	if (use == NULL)
		return false;
	*use = plain_use(m, effect, option);
	if (effect->target == TARGET_FIXED) {
		use->has_target = true;
		use->fixed = command_text_of(m->table, effect->text);
	}
	return true;
}

/* Whether a dry run leaves this out. */
static bool spared(const struct matcher *m, enum command_verb verb)
{
	return (m->flags & COMMAND_PREVIEW) != 0 && command_verb_word(verb)->changes;
}

/* occurrence: of the option whose effect this is; NULL for the program's and the operands'. */
static bool apply(struct matcher *m, const struct command_effect *effect,
                  const struct occurrence *occurrence)
{
	struct span name = command_text_of(m->table, effect->text);
	bool any = false;

	/* What may lie elsewhere is kept until that is known: a dry run connects too. */
	if (spared(m, (enum command_verb)effect->verb) &&
	    (effect->reading & READING_OR_REMOTE) == 0)
		return true;
	if (!matcher_holds(m, effect->conditions))
		return true;
	if (effect->without.len > 0 &&
	    first_named(m, command_text_of(m->table, effect->without), true) != NULL)
		return true;
	m->by = effect->by.len > 0 ? first_named(m, command_text_of(m->table, effect->by), false)
	                           : NULL;
	if (effect->target != TARGET_PLACE)
		return use_untargeted(m, effect, occurrence != NULL ? occurrence->arg : 0);
	for (size_t i = 0; occurrence != NULL && i < occurrence->value_count; i++) {
		const struct taken *value = &m->values.items[occurrence->first_value + i];

		if (!same_name(m, value->place, name))
			continue;
		any = true;
		if (!use_taken(m, effect, value, value->count))
			return false;
	}
	/* An option about the operands: once, however often it is given. */
	if (any || (occurrence != NULL && occurrence->again))
		return true;
	/* "package-add NAME" without a NAME still adds packages: those of a file. */
	if (command_verb_word((enum command_verb)effect->verb)->target == WANTS_MAYBE &&
	    first_named(m, name, false) == NULL)
		return use_untargeted(m, effect, occurrence != NULL ? occurrence->arg : 0);
	return use_named(m, effect, name);
}

static bool apply_all(struct matcher *m, struct command_rows effects,
                      const struct occurrence *occurrence)
{
	for (size_t i = 0; i < effects.count; i++)
		if (!apply(m, &m->table->effects[effects.first + i], occurrence))
			return false;
	return true;
}

/* ---- files here or elsewhere ---- */

enum elsewhere { HERE, ELSEWHERE, PERHAPS };

/* URL, HOST:PATH, HOST::MODULE: as rsync(1), scp(1) and git-clone(1) tell them from files. */
static enum elsewhere is_elsewhere(const struct command_arg *arg, size_t offset)
{
	struct span text = span_from(arg->text, offset);
	size_t colon, slash;
	bool has_slash = span_find_byte(text, '/', &slash);

	if (span_find_byte(text, ':', &colon) && colon > 0 && (!has_slash || colon < slash))
		return ELSEWHERE;
	return arg->complete || has_slash ? HERE : PERHAPS;
}

static bool is_write(enum command_verb verb)
{
	return verb == COMMAND_WRITE || verb == COMMAND_MODIFY || verb == COMMAND_APPEND;
}

/* Reads become connections or uploads, and writes connections, where files lie elsewhere. */
static void settle_remote(struct matcher *m)
{
	bool sends = false;
	size_t kept = 0;

	for (size_t i = 0; i < m->match->count; i++) {
		struct command_use *use = &m->match->uses[i];
		enum elsewhere where;

		if ((use->flags & SETTLE_REMOTE) == 0)
			continue;
		where = is_elsewhere(&m->argv[use->arg], use->offset);
		if (where != HERE && is_write(use->verb))
			sends = true;
		if (where == ELSEWHERE) {
			use->verb = COMMAND_CONNECT;
			use->flags &= ~(unsigned)SETTLE_REMOTE;
		}
	}
	for (size_t i = 0; i < m->match->count; i++) {
		struct command_use use = m->match->uses[i];

		if ((use.flags & SETTLE_REMOTE) != 0 && sends && use.verb == COMMAND_READ &&
		    !spared(m, COMMAND_UPLOAD))
			use.verb = COMMAND_UPLOAD;
		if ((use.flags & SETTLE_REMOTE) != 0 && spared(m, use.verb))
			continue;
		use.flags &= ~(unsigned)SETTLE_REMOTE;
		m->match->uses[kept++] = use;
	}
	m->match->count = kept;
}

bool matcher_uses(struct matcher *m)
{
	if ((m->flags & COMMAND_INFORM) != 0)
		return true;
	/* Those of the program hold for all it does, those of a sub-command for itself alone. */
	if (!apply_all(m, m->chain[0]->effects, NULL))
		return false;
	if (m->depth > 1 && !apply_all(m, matcher_spec(m)->effects, NULL))
		return false;
	for (size_t i = 0; i < m->occurrence_count; i++) {
		const struct occurrence *occurrence = &m->occurrences[i];

		if (!apply_all(m, m->table->options[occurrence->option].effects, occurrence))
			return false;
	}
	if (m->args != NULL && !apply_all(m, m->args->effects, NULL))
		return false;
	settle_remote(m);
	return true;
}
