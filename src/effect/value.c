/* Values: joining what is known with what is not. */
#include "effect/value.h"

#include <string.h>

struct value value_of(struct span text)
{
	return (struct value){ .head = text, .complete = true };
}

struct value value_unknown(unsigned origins)
{
	return (struct value){ .origins = origins };
}

bool value_equal(const struct value *a, const struct value *b)
{
	return a->complete == b->complete && a->origins == b->origins &&
	       span_equal(a->head, b->head) && span_equal(a->tail, b->tail);
}

bool text_add(struct arena *arena, struct text *text, struct span bytes)
{
	size_t need, cap;
	char *bigger;

	if (bytes.len == 0)
		return true;
	if (__builtin_add_overflow(text->len, bytes.len, &need))
		return false;
	if (!text->ptr || need > text->cap) {
		cap = text->cap < 32 ? 32 : text->cap * 2;
		if (cap < need)
			cap = need;
		bigger = arena_alloc(arena, 1, cap);
		if (!bigger)
			return false;
		if (text->ptr)
			memcpy(bigger, text->ptr, text->len);
		text->ptr = bigger;
		text->cap = cap;
	}
	memcpy(text->ptr + text->len, bytes.ptr, bytes.len);
	text->len = need;
	return true;
}

struct span text_span(const struct text *text)
{
	return (struct span){ text->ptr, text->len };
}

bool builder_add_text(struct arena *arena, struct value_builder *builder, struct span text)
{
	return text_add(arena, builder->open ? &builder->tail : &builder->head, text);
}

bool builder_add(struct arena *arena, struct value_builder *builder, const struct value *value)
{
	builder->origins |= value->origins;
	if (value->source.len > 0)
		builder->source = value->source;
	if (!builder_add_text(arena, builder, value->head))
		return false;
	if (value->complete)
		return true;
	builder->open = true;
	builder->tail = (struct text){ 0 };
	return text_add(arena, &builder->tail, value->tail);
}

struct value builder_value(const struct value_builder *builder)
{
	return (struct value){ .head = text_span(&builder->head),
		               .tail = text_span(&builder->tail),
		               .complete = !builder->open,
		               .origins = builder->origins,
		               .source = builder->source };
}

bool value_number(struct arena *arena, long long number, struct value *value)
{
	char digits[24], *end = digits + sizeof digits, *at = end;
	unsigned long long rest = number < 0 ? 0ULL - (unsigned long long)number
	                                     : (unsigned long long)number;
	struct span text;

	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		*--at = '-';
	if (!arena_copy(arena, (struct span){ at, (size_t)(end - at) }, &text))
		return false;
	*value = value_of(text);
	return true;
}
