/* Path copying: an insertion makes the nodes from the root down anew, at most 64 and then a chain. */
#include "effect/map.h"

#include <stdint.h>

struct map_node {
	struct span name;
	uint64_t hash;
	const void *value;
	const struct map_node *child[2];
};

/* FNV-1a with a final mix, so that the lowest bits differ early. */
static uint64_t hash_of(struct span name)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.ptr[i]) * 0x100000001b3u;
	hash ^= hash >> 32;
	return hash * 0x9e3779b97f4a7c15u;
}

static unsigned turn(uint64_t hash, unsigned level)
{
	return (unsigned)(hash >> (63 - (level & 63))) & 1;
}

const void *map_get(struct map map, struct span name)
{
	uint64_t hash = hash_of(name);
	unsigned level = 0;

	for (const struct map_node *node = map.root; node; node = node->child[turn(hash, level++)])
		if (node->hash == hash && span_equal(node->name, name))
			return node->value;
	return NULL;
}

bool map_put(struct arena *arena, struct map *map, struct span name, const void *value)
{
	uint64_t hash = hash_of(name);
	const struct map_node *node = map->root, *root = NULL, **slot = &root;

	for (unsigned level = 0;; level++) {
		struct map_node *copy = arena_new(arena, struct map_node);

		if (!copy)
			return false;
		*slot = copy;
		if (!node || (node->hash == hash && span_equal(node->name, name))) {
			if (node)
				*copy = *node;
			copy->name = name;
			copy->hash = hash;
			copy->value = value;
			break;
		}
		*copy = *node;
		slot = &copy->child[turn(hash, level)];
		node = *slot;
	}
	map->root = root;
	return true;
}
