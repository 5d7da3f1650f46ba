/* ${...}: manual 3.5.3, with every operator on what is known. */
#include "base/glob.h"
#include "effect/engine.h"

/* Bytes of a value and of a pattern with stars in it: what is tried is their product and more. */
enum { MAX_MATCH = 256, MAX_PATTERN = 64 };

/* ---- what a name stands for ---- */

/* Any words at all. */
static void forget(struct expansion *out)
{
	for (size_t i = 0; i < out->count; i++)
		out->items[i] = value_unknown(out->items[i].origins | ORIGIN_COMMAND);
	out->more = true;
}

static bool give(struct engine *engine, struct expansion *out, struct value value)
{
	struct value *items = arena_array(engine->arena, struct value, out->count + 1);

	if (!items)
		return engine_memory(engine);
	for (size_t i = 0; i < out->count; i++)
		items[i] = out->items[i];
	items[out->count++] = value;
	out->items = items;
	return true;
}

static bool give_params(struct engine *engine, const struct shell *shell, struct expansion *out)
{
	struct value *items = arena_array(engine->arena, struct value, shell->param_count);

	if (!items)
		return engine_memory(engine);
	for (size_t i = 0; i < shell->param_count; i++)
		items[i] = shell->params[i];
	*out = (struct expansion){ items, shell->param_count, true, !shell->params_known };
	return true;
}

static bool give_elements(struct engine *engine, const struct variable *variable, bool keys,
                          struct expansion *out)
{
	size_t count = 0;
	struct value *items;

	*out = (struct expansion){ .list = true };
	for (const struct element *e = variable->elements; e; e = e->next)
		count++;
	items = arena_array(engine->arena, struct value, count);
	if (!items)
		return engine_memory(engine);
	for (const struct element *e = variable->elements; e; e = e->next)
		items[--count] = keys ? value_of(e->key) : e->value;
	for (const struct element *e = variable->elements; e; e = e->next)
		out->count++;
	out->items = items;
	out->more = !variable->elements_known;
	if (keys && out->more)
		forget(out);
	/* Behind one that may be no word or many, nothing has a place that is known. */
	for (size_t i = 1; i < out->count && out->more; i++)
		if (!out->items[i - 1].complete)
			out->items[i] = value_unknown(out->items[i].origins | ORIGIN_COMMAND);
	if (variable->associative && out->count > 1)
		forget(out); /* in no order that is known */
	return true;
}

static struct value positional(const struct shell *shell, size_t number)
{
	if (number == 0)
		return shell->zero;
	if (number <= shell->param_count)
		return shell->params[number - 1];
	return shell->params_known ? value_of(SPAN("")) : value_unknown(ORIGIN_INPUT);
}

/* $# $? and their like; *found false for names of variables. */
static bool special(struct engine *engine, const struct shell *shell, struct span name,
                    struct value *value, bool *found)
{
	size_t number;

	*found = true;
	if (read_index(name, &number)) {
		*value = positional(shell, number);
		return true;
	}
	*value = value_unknown(ORIGIN_TEMP);
	if (name.len != 1 || is_name(name)) {
		*found = false;
		return true;
	}
	if (name.ptr[0] == '#' && shell->params_known)
		return value_number(engine->arena, (long long)shell->param_count, value) ||
		       engine_memory(engine);
	if (name.ptr[0] == '?' && shell->status == STATUS_SUCCESS)
		*value = value_of(SPAN("0"));
	if (name.ptr[0] == '_')
		*value = value_unknown(ORIGIN_COMMAND);
	return true;
}

static struct value element_value(const struct variable *variable, struct span key)
{
	if (!variable->elements_known)
		return value_unknown(ORIGIN_COMMAND);
	for (const struct element *e = variable->elements; e; e = e->next)
		if (span_equal(e->key, key))
			return e->value;
	if (!variable->associative && span_equal(key, SPAN("-1")) && variable->elements)
		return variable->elements->value;
	if (!variable->associative && span_starts(key, SPAN("-")))
		return value_unknown(ORIGIN_COMMAND);
	return value_of(SPAN(""));
}

/* The subscript: a key, or a number that arithmetic gives; all of it is worked out. */
static bool subscript(struct engine *engine, struct shell *shell, const struct variable *variable,
                      const struct shell_word *index, struct value *key)
{
	long long number;
	bool known;

	if (variable && variable->associative)
		return expand_value(engine, shell, index, key);
	if (!arith_word(engine, shell, index, &number, &known))
		return false;
	*key = value_unknown(ORIGIN_COMMAND);
	return !known || value_number(engine->arena, number, key) || engine_memory(engine);
}

static bool is_all(const struct shell_word *index)
{
	const struct shell_part *part = index ? index->parts : NULL;

	return part && !part->next && part->kind == SHELL_TEXT &&
	       (span_equal(part->text, SPAN("@")) || span_equal(part->text, SPAN("*")));
}

static bool named(struct engine *engine, struct shell *shell, struct span name,
                  const struct shell_word *index, struct expansion *out)
{
	const struct variable *variable = shell_variable(shell, name);
	struct value value, key;

	if (variable && variable->reference && variable->count == 1 &&
	    variable->values[0].complete) {
		/* declare -n r='a[...]': the subscript is worked out at each use */
		long long number;
		bool known;

		return arith_value(engine, shell, &variable->values[0], &number, &known) &&
		       give(engine, out, value_unknown(ORIGIN_COMMAND));
	}
	if (is_all(index) && variable && variable->array)
		return give_elements(engine, variable, false, out);
	if (index && !is_all(index)) {
		if (!subscript(engine, shell, variable, index, &key))
			return false;
		if (variable && variable->array)
			return give(engine, out,
			            key.complete ? element_value(variable, key.head)
			                         : value_unknown(ORIGIN_COMMAND));
	}
	if (variable && variable->array)
		return give(engine, out, element_value(variable, SPAN("0")));
	value = shell_value(engine, shell, name);
	return give(engine, out, value);
}

static bool base_values(struct engine *engine, struct shell *shell,
                        const struct shell_parameter *parameter, struct span name,
                        struct expansion *out)
{
	struct value value;
	bool found;

	if (span_equal(name, SPAN("@")) || span_equal(name, SPAN("*")))
		return give_params(engine, shell, out);
	if (!special(engine, shell, name, &value, &found))
		return false;
	if (found)
		return give(engine, out, value);
	return named(engine, shell, name, parameter->index, out);
}

/* ${!x}: what x holds is the name. */
static bool indirect(struct engine *engine, struct shell *shell,
                     const struct shell_parameter *parameter, struct expansion *out)
{
	struct expansion name = { 0 };
	long long number;
	bool known;

	if (!base_values(engine, shell, parameter, parameter->name, &name))
		return false;
	if (name.count != 1 || !name.items[0].complete)
		return give(engine, out, value_unknown(ORIGIN_ENVIRONMENT));
	if (span_find_byte(name.items[0].head, '[', NULL))
		return arith_value(engine, shell, &name.items[0], &number, &known) &&
		       give(engine, out, value_unknown(ORIGIN_COMMAND));
	return base_values(engine, shell, parameter, name.items[0].head, out);
}

/* ---- operators ---- */

/* Whether bytes and characters may differ. */
static bool is_wide(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return true;
	return false;
}

/* What is quoted stands for itself: a backslash before each of its bytes that would not. */
static bool escape(struct engine *engine, struct span text, struct span *escaped)
{
	struct text out = { 0 };

	for (size_t i = 0; i < text.len; i++)
		if ((span_find_byte(SPAN("*?[]\\!^-"), text.ptr[i], NULL) &&
		     !text_add(engine->arena, &out, SPAN("\\"))) ||
		    !text_add(engine->arena, &out, span_slice(text, i, i + 1)))
			return engine_memory(engine);
	*escaped = text_span(&out);
	return true;
}

bool expand_pattern(struct engine *engine, struct shell *shell, const struct shell_word *word,
                    struct value *value)
{
	struct value_builder builder = { 0 };

	for (const struct shell_part *part = word ? word->parts : NULL; part; part = part->next) {
		struct shell_part alone = *part;
		struct shell_word one = { word->start, word->end, &alone, NULL };
		struct value piece;

		alone.next = NULL;
		if (!expand_value(engine, shell, &one, &piece) ||
		    (part->quoted && !escape(engine, piece.head, &piece.head)))
			return false;
		if (!builder_add(engine->arena, &builder, &piece))
			return engine_memory(engine);
	}
	*value = builder_value(&builder);
	return true;
}

static bool has_stars(struct span pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (span_find_byte(SPAN("*?[\\"), pattern.ptr[i], NULL))
			return true;
	return false;
}

/* Removes the shortest or longest start (or end) that the pattern matches. */
static void cut(struct value *value, struct span pattern, bool prefix, bool longest)
{
	struct span text = value->head;

	if (!has_stars(pattern)) {
		if (prefix && span_starts(text, pattern))
			value->head = span_from(text, pattern.len);
		else if (!prefix && span_ends(text, pattern))
			value->head = span_slice(text, 0, text.len - pattern.len);
		return;
	}
	for (size_t i = 0; i <= text.len; i++) {
		size_t size = longest ? text.len - i : i;
		struct span part = prefix ? span_slice(text, 0, size)
		                          : span_from(text, text.len - size);

		if (!glob_component(pattern, part))
			continue;
		value->head = prefix ? span_from(text, size) : span_slice(text, 0, text.len - size);
		return;
	}
}

/* The longest match at `at`; *size 0 and false where there is none. */
static bool match_at(struct span text, size_t at, struct span pattern, char anchor, size_t *size)
{
	if (!has_stars(pattern)) {
		*size = pattern.len;
		return pattern.len > 0 && span_starts(span_from(text, at), pattern) &&
		       (anchor != '%' || at + pattern.len == text.len);
	}
	for (size_t end = text.len; end + 1 > at; end--) {
		if (anchor == '%' && end != text.len)
			return false;
		if (glob_component(pattern, span_slice(text, at, end))) {
			*size = end - at;
			return *size > 0;
		}
		if (end == 0)
			break;
	}
	return false;
}

static bool replace(struct engine *engine, const struct shell_parameter *parameter,
                    struct span pattern, struct span with, struct value *value)
{
	struct span text = value->head;
	struct text out = { 0 };
	size_t at = 0, size;
	bool done = false;

	while (at < text.len) {
		bool here = !done && (parameter->anchor != '#' || at == 0) && pattern.len > 0 &&
		            match_at(text, at, pattern, parameter->anchor, &size);

		if (!text_add(engine->arena, &out, here ? with : span_slice(text, at, at + 1)))
			return engine_memory(engine);
		at += here ? size : 1;
		done = done || (here && !parameter->all);
	}
	value->head = text_span(&out);
	return true;
}

/* A substring's bounds; what is not known is not a number. */
struct bounds {
	long long from, length;
	bool known;      /* both are */
	bool has_length; /* else up to the end */
};

/* ${@:2:3} */
static void substring_list(struct span name, const struct bounds *bounds, struct expansion *out)
{
	bool from_one = span_equal(name, SPAN("@")) || span_equal(name, SPAN("*"));
	size_t first;

	if (!bounds->known || bounds->from < from_one || bounds->length < 0) {
		forget(out);
		return;
	}
	first = bounds->from > 0 ? (size_t)bounds->from - from_one : 0;
	first = first > out->count ? out->count : first;
	out->items += first;
	out->count -= first;
	if (bounds->has_length && (size_t)bounds->length < out->count)
		out->count = (size_t)bounds->length;
}

static void substring_value(const struct bounds *bounds, struct value *value)
{
	long long total = (long long)value->head.len, from = bounds->from, end = total;

	if (!value->complete || !bounds->known || is_wide(value->head)) {
		*value = value_unknown(value->origins | ORIGIN_COMMAND);
		return;
	}
	if (from < 0)
		from += total;
	if (bounds->has_length &&
	    __builtin_add_overflow(bounds->length, bounds->length < 0 ? total : from, &end))
		end = total;
	from = from < 0 ? total : from;
	end = end > total ? total : end;
	value->head = from < end ? span_slice(value->head, (size_t)from, (size_t)end) : SPAN("");
}

/* Whether the elements count from 0 without a gap, so that places are indices. */
static bool is_dense(const struct shell *shell, const struct shell_parameter *parameter)
{
	const struct variable *variable = shell_variable(shell, parameter->name);
	size_t count = 0;

	if (!variable || !variable->array)
		return true;
	for (const struct element *e = variable->elements; e; e = e->next)
		count++;
	return variable->elements_known && !variable->associative &&
	       variable_next(variable) == count;
}

static bool substring(struct engine *engine, struct shell *shell,
                      const struct shell_parameter *parameter, struct expansion *out)
{
	struct bounds bounds = { .has_length = parameter->second != NULL };
	bool length_known = true;

	if (!arith_word(engine, shell, parameter->word, &bounds.from, &bounds.known))
		return false;
	if (parameter->second &&
	    !arith_word(engine, shell, parameter->second, &bounds.length, &length_known))
		return false;
	bounds.known = bounds.known && length_known;
	if (out->list) {
		if (!is_dense(shell, parameter))
			forget(out);
		else
			substring_list(parameter->name, &bounds, out);
		return true;
	}
	for (size_t i = 0; i < out->count; i++)
		substring_value(&bounds, &out->items[i]);
	return true;
}

static char other_case(enum shell_parameter_op op, char byte)
{
	bool upper = byte >= 'A' && byte <= 'Z', lower = byte >= 'a' && byte <= 'z';

	if (lower && op != SHELL_OP_LOWER)
		return (char)(byte - 'a' + 'A');
	if (upper && op != SHELL_OP_UPPER)
		return (char)(byte - 'A' + 'a');
	return byte;
}

static bool change_case(struct engine *engine, const struct shell_parameter *parameter,
                        struct value *value)
{
	struct text text = { 0 };

	for (size_t i = 0; i < value->head.len; i++) {
		char byte = value->head.ptr[i];

		if (i == 0 || parameter->all)
			byte = other_case(parameter->op, byte);
		if (!text_add(engine->arena, &text, (struct span){ &byte, 1 }))
			return engine_memory(engine);
	}
	value->head = text_span(&text);
	return true;
}

static bool transform(struct engine *engine, struct shell *shell,
                      const struct shell_parameter *parameter, struct value *value)
{
	struct shell_parameter as = { .op = SHELL_OP_UPPER };

	switch (parameter->transform) {
	case 'P': /* expanded like a prompt: substitutions are run */
		return expand_again(engine, shell, value->head, value);
	case 'U':
		as.all = true;
		return change_case(engine, &as, value);
	case 'u':
		return change_case(engine, &as, value);
	case 'L':
		as.op = SHELL_OP_LOWER;
		as.all = true;
		return change_case(engine, &as, value);
	default:
		*value = value_unknown(ORIGIN_COMMAND);
		return true;
	}
}

static bool is_pattern_op(enum shell_parameter_op op)
{
	return op == SHELL_OP_REMOVE_PREFIX || op == SHELL_OP_REMOVE_SUFFIX ||
	       op == SHELL_OP_REPLACE;
}

/* Whether the work can be done in reasonable time. */
static bool is_affordable(struct engine *engine, const struct shell_parameter *parameter,
                          const struct value *word, const struct value *value)
{
	if (!is_pattern_op(parameter->op))
		return value->head.len <= MAX_CAPTURE;
	engine->steps += value->head.len / 16 + 1;
	if (!has_stars(word->head))
		return value->head.len <=
		       (parameter->op == SHELL_OP_REPLACE ? 16 * MAX_MATCH : MAX_CAPTURE);
	return value->head.len <= MAX_MATCH && word->head.len <= MAX_PATTERN;
}

/* Matches of nothing, and & in what replaces (patsub_replacement). */
static bool is_subtle(const struct shell_parameter *parameter, const struct value *word,
                      const struct value *second, const struct value *value)
{
	if (is_wide(value->head) && parameter->op != SHELL_OP_TRANSFORM && has_stars(word->head))
		return true;
	if (parameter->op == SHELL_OP_UPPER || parameter->op == SHELL_OP_LOWER ||
	    parameter->op == SHELL_OP_TOGGLE)
		return is_wide(value->head) || (parameter->word && parameter->word->parts);
	return parameter->op == SHELL_OP_REPLACE && (span_find_byte(second->head, '&', NULL) ||
	                                             (parameter->anchor && word->head.len == 0) ||
	                                             (value->head.len == 0 && word->head.len > 0));
}

/* One operator on one value; `word` and `second` are worked out already. */
static bool operate(struct engine *engine, struct shell *shell,
                    const struct shell_parameter *parameter, const struct value *word,
                    const struct value *second, struct value *value)
{
	if (!value->complete || is_subtle(parameter, word, second, value) ||
	    !is_affordable(engine, parameter, word, value) ||
	    (is_pattern_op(parameter->op) && (!word->complete || !second->complete))) {
		/* What an unknown text becomes is unknown; where it came from stays. */
		struct span source = value->source;

		*value = value_unknown(value->origins | word->origins | second->origins);
		value->source = source;
		return true;
	}
	if (parameter->op == SHELL_OP_REMOVE_PREFIX || parameter->op == SHELL_OP_REMOVE_SUFFIX) {
		cut(value, word->head, parameter->op == SHELL_OP_REMOVE_PREFIX, parameter->all);
		return true;
	}
	if (parameter->op == SHELL_OP_REPLACE)
		return replace(engine, parameter, word->head, second->head, value);
	if (parameter->op == SHELL_OP_TRANSFORM)
		return transform(engine, shell, parameter, value);
	return change_case(engine, parameter, value);
}

/* ---- :- := :? :+ ---- */

/* *set and *unset: whether it may be so. */
static void may_be_set(const struct expansion *got, bool colon, bool exists, bool *set, bool *unset)
{
	*set = *unset = got->more;
	if (got->count == 0)
		*unset = true;
	for (size_t i = 0; i < got->count; i++) {
		const struct value *value = &got->items[i];
		bool empty = value->complete && value->head.len == 0;
		bool known = value->complete || value->head.len > 0 || value->tail.len > 0;

		*set = *set || !(empty && (colon || !exists));
		*unset = *unset || !known || (empty && (colon || !exists));
	}
}

/* ${x:-"a b"}: an empty word, blanks and stars that were quoted in it would be taken for others. */
static bool is_half_quoted(const struct shell_word *word, const struct value *value)
{
	bool quoted = false;

	for (const struct shell_part *part = word ? word->parts : NULL; part; part = part->next)
		quoted = quoted || part->quoted;
	for (size_t i = 0; i < value->head.len && quoted; i++)
		if (span_find_byte(SPAN(" \t\n*?[\\"), value->head.ptr[i], NULL))
			return true;
	return quoted && value->head.len == 0;
}

static bool choose(struct engine *engine, struct shell *shell,
                   const struct shell_parameter *parameter, bool quoted, struct expansion *out)
{
	bool alternate = parameter->op == SHELL_OP_ALTERNATE;
	bool set, unset, exists = map_get(shell->variables, parameter->name) != NULL;
	struct value word = { 0 };

	if (!expand_value(engine, shell, parameter->word, &word))
		return false;
	if (parameter->index && !parameter->colon && out->count == 1 && out->items[0].complete &&
	    out->items[0].head.len == 0)
		out->items[0] = value_unknown(ORIGIN_COMMAND); /* empty, or not there */
	may_be_set(out, parameter->colon, exists, &set, &unset);
	if (parameter->op == SHELL_OP_ERROR || (!unset && !alternate))
		return true;
	if (alternate && !set)
		word = value_of(SPAN(""));
	if (set && unset) {
		/* Both are looked at, one after the other. */
		if (engine->choices < 2)
			engine->choices = 2;
		if (alternate && engine->choice % 2 == 1)
			word = value_of(SPAN(""));
		if (!alternate && engine->choice % 2 == 1)
			return true;
	}
	if (parameter->op == SHELL_OP_ASSIGN && is_name(parameter->name) &&
	    !shell_set(engine, shell, parameter->name, &word, false))
		return false;
	if (!quoted && is_half_quoted(parameter->word, &word))
		word = value_unknown(word.origins | ORIGIN_COMMAND);
	*out = (struct expansion){ 0 };
	return give(engine, out, word);
}

static bool length_of(struct engine *engine, const struct shell_parameter *parameter,
                      struct expansion *out)
{
	struct value value = value_unknown(ORIGIN_TEMP);
	bool one = !out->list && out->count == 1 && out->items[0].complete &&
	           !is_wide(out->items[0].head);

	(void)parameter;
	if ((out->list && !out->more &&
	     !value_number(engine->arena, (long long)out->count, &value)) ||
	    (one && !value_number(engine->arena, (long long)out->items[0].head.len, &value)))
		return engine_memory(engine);
	*out = (struct expansion){ 0 };
	return give(engine, out, value);
}

static bool names_of(struct engine *engine, struct shell *shell,
                     const struct shell_parameter *parameter, struct expansion *out)
{
	const struct variable *variable = shell_variable(shell, parameter->name);

	if (parameter->index && variable && variable->array)
		return give_elements(engine, variable, true, out);
	return give(engine, out, value_unknown(ORIGIN_TEMP));
}

static bool expand_each(struct engine *engine, struct shell *shell,
                        const struct shell_parameter *parameter, bool quoted, struct expansion *out)
{
	struct value word = { 0 }, second = { 0 };

	if (parameter->op == SHELL_OP_NAMES)
		return names_of(engine, shell, parameter, out);
	if (parameter->indirect) {
		if (!indirect(engine, shell, parameter, out))
			return false;
	} else if (!base_values(engine, shell, parameter, parameter->name, out)) {
		return false;
	}
	switch (parameter->op) {
	case SHELL_OP_NONE:
	case SHELL_OP_NAMES:
		return true;
	case SHELL_OP_LENGTH:
		return length_of(engine, parameter, out);
	case SHELL_OP_DEFAULT:
	case SHELL_OP_ASSIGN:
	case SHELL_OP_ERROR:
	case SHELL_OP_ALTERNATE:
		return choose(engine, shell, parameter, quoted, out);
	case SHELL_OP_SUBSTRING:
		return substring(engine, shell, parameter, out);
	case SHELL_OP_REMOVE_PREFIX:
	case SHELL_OP_REMOVE_SUFFIX:
	case SHELL_OP_REPLACE:
	case SHELL_OP_UPPER:
	case SHELL_OP_LOWER:
	case SHELL_OP_TOGGLE:
	case SHELL_OP_TRANSFORM:
		break;
	}
	if (!expand_pattern(engine, shell, parameter->word, &word) ||
	    !expand_value(engine, shell, parameter->second, &second))
		return false;
	for (size_t i = 0; i < out->count; i++)
		if (!operate(engine, shell, parameter, &word, &second, &out->items[i]))
			return false;
	return true;
}

/* "${a[*]}" is one word, joined by the first byte of IFS. */
static bool join_elements(struct engine *engine, const struct shell *shell, struct expansion *out)
{
	struct value_builder builder = { 0 };
	struct value unknown = value_unknown(ORIGIN_COMMAND);

	for (size_t i = 0; i < out->count; i++)
		if ((i > 0 && !builder_add_text(engine->arena, &builder, SPAN(" "))) ||
		    !builder_add(engine->arena, &builder, &out->items[i]))
			return engine_memory(engine);
	if (out->more && !builder_add(engine->arena, &builder, &unknown))
		return engine_memory(engine);
	if (out->count > 1 && shell_variable(shell, SPAN("IFS")))
		builder = (struct value_builder){ .open = true, .origins = ORIGIN_COMMAND };
	*out = (struct expansion){ 0 };
	return give(engine, out, builder_value(&builder));
}

bool expand_parameter(struct engine *engine, struct shell *shell,
                      const struct shell_parameter *parameter, bool quoted, struct expansion *out)
{
	const struct shell_part *index = parameter->index ? parameter->index->parts : NULL;

	if (!expand_each(engine, shell, parameter, quoted, out))
		return false;
	if (!quoted || !out->list || !index || !span_equal(index->text, SPAN("*")))
		return true;
	return join_elements(engine, shell, out);
}
