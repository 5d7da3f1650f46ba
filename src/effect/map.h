/*
 * A map that is never changed, only extended: the old one stays as it was, so that a subshell
 * or a branch starts from a copy of one pointer.  A binary trie over a hash of the name.
 */
#ifndef BAILIFF_EFFECT_MAP_H
#define BAILIFF_EFFECT_MAP_H

#include "base/arena.h"

struct map_node;

struct map {
	const struct map_node *root;
};

/* What is stored under `name`, or NULL. */
const void *map_get(struct map map, struct span name);
/* Stores `value` (NULL takes it away).  False: out of memory; nothing changed. */
bool map_put(struct arena *arena, struct map *map, struct span name, const void *value)
	__attribute__((warn_unused_result));

#endif
