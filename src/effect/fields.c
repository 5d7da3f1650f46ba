/* Lists of words. */
#include "effect/engine.h"

bool fields_add(struct engine *engine, struct fields *fields, const struct field *field)
{
	void *items = fields->items;

	if (fields->count >= MAX_FIELDS) {
		fields->open_ended = true;
		engine_stop(engine, "more words than can be followed");
		return true;
	}
	if (!arena_grow(engine->arena, &items, &fields->cap, fields->count, sizeof *fields->items))
		return engine_memory(engine);
	fields->items = items;
	fields->items[fields->count++] = *field;
	return true;
}

struct field field_of(struct value value, size_t start, size_t end)
{
	return (struct field){ .value = value, .quoted = true, .start = start, .end = end };
}
