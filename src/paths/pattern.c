/* A glob as a target: whether it can reach what the tables name. */
#include <string.h>

#include "base/glob.h"
#include "base/path.h"
#include "paths/paths.h"
#include "paths/rules.h"

enum { LONGEST_ROW = 256 };

/* A name that a row's pattern matches: its stars stand for nothing, at the end of it at least. */
static bool example(struct span base, struct span pattern, char *bytes, struct span *path)
{
	size_t len = 0;

	if (base.len + pattern.len + 2 > LONGEST_ROW)
		return false;
	if (base.len > 0) {
		memcpy(bytes, base.ptr, base.len);
		len = base.len;
		bytes[len++] = '/';
	}
	for (size_t i = 0; i < pattern.len; i++)
		if (pattern.ptr[i] != '*')
			bytes[len++] = pattern.ptr[i];
	*path = (struct span){ bytes, len };
	return true;
}

static struct path_facts reach(const struct path_rules *rules, struct span base, struct span glob,
                               struct path_facts facts)
{
	char bytes[LONGEST_ROW];
	struct span path;

	for (size_t i = 0; i < rules->count; i++) {
		const struct path_rule *row = &rules->rows[i];
		struct path_facts found = { row->place, row->why };

		if (row->why == NULL || path_facts_stricter(facts, found).place == facts.place ||
		    !example(base, row->pattern, bytes, &path))
			continue;
		if (glob_path_may_match(glob, path) && glob_path(glob, path))
			facts = found;
	}
	return facts;
}

struct path_facts paths_classify_pattern(const struct paths_context *context, struct span glob)
{
	struct path_facts facts = paths_classify(context, glob);

	if (glob.len > 4 * LONGEST_ROW) /* no row is as deep */
		return facts;
	if (context->home.len > 1)
		facts = reach(&paths_home_rules, context->home, glob, facts);
	return reach(&paths_system_rules, SPAN(""), glob, facts);
}
