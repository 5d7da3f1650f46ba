/*
 * A path and everything below it: what is recursive reaches what the tables name deeper down,
 * whether or not it is there.
 */
#include "base/glob.h"
#include "base/path.h"
#include "paths/paths.h"
#include "paths/rules.h"

/* From what may be lost or seen without harm to what may not; see enum place. */
/* clang-format off */
static const unsigned char strictness[] = {
	[PLACE_SINK] = 0,
	[PLACE_BUILD_OUTPUT] = 1,
	[PLACE_WORKSPACE] = 2,
	[PLACE_TEMP] = 3,
	[PLACE_PROC] = 4,
	[PLACE_PROJECT_CODE] = 5,
	[PLACE_VCS] = 6,
	[PLACE_PROJECT_SECRET] = 7,
	[PLACE_HOME] = 8,
	[PLACE_TOOLCHAIN] = 9,
	[PLACE_SYSTEM_STATE] = 10,
	[PLACE_SYSTEM_CONFIG] = 11,
	[PLACE_WORKSPACE_ROOT] = 12,
	[PLACE_UNKNOWN] = 13,
	[PLACE_AGENT] = 14,
	[PLACE_OTHER_HOME] = 15,
	[PLACE_STARTUP] = 16,
	[PLACE_KERNEL] = 17,
	[PLACE_DEVICE] = 18,
	[PLACE_SOCKET] = 19,
	[PLACE_SYSTEM_SECRET] = 20,
	[PLACE_SECRET] = 21,
	[PLACE_BAILIFF] = 22,
	[PLACE_HOME_ROOT] = 23,
	[PLACE_ROOT] = 24,
};
/* clang-format on */

struct path_facts path_facts_stricter(struct path_facts a, struct path_facts b)
{
	return strictness[b.place] > strictness[a.place] ? b : a;
}

/* Whether something that `pattern` matches can lie below `path`. */
static bool pattern_reaches(struct span pattern, struct span path)
{
	struct span want, have;

	while (path_next(&path, &have)) {
		if (!path_next(&pattern, &want))
			return false;
		if (span_equal(want, SPAN("**")))
			return false; /* such a row names a file at any depth */
		if (!glob_path_may_match(want, have) || !glob_path(want, have))
			return false;
	}
	return path_next(&pattern, &want);
}

static struct path_facts strictest_below(const struct path_rules *rules, struct span path,
                                         struct path_facts facts)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct path_rule *rule = &rules->rows[i];
		struct path_facts row = { rule->place, rule->why };

		/* Rows without a reason say what a folder is, not what is special in it. */
		if (row.place != PLACE_KERNEL && strictness[row.place] > strictness[facts.place] &&
		    row.why != NULL && pattern_reaches(rule->pattern, path))
			facts = row;
	}
	return facts;
}

static bool is_above(struct span path, struct span other)
{
	return other.len > path.len && path_within(other, path);
}

/* The path relative to a home folder that it lies in. */
static bool in_a_home(const struct paths_context *context, struct span path, struct span *rest)
{
	if (context->home.len < 2 || !path_within(path, context->home) ||
	    path.len == context->home.len)
		return false;
	*rest = span_from(path, context->home.len + 1);
	return true;
}

struct path_facts paths_classify_tree(const struct paths_context *context, struct span path)
{
	struct path_facts facts = paths_classify(context, path);
	struct span rest;

	if (facts.place == PLACE_ROOT || facts.place == PLACE_HOME_ROOT ||
	    facts.place == PLACE_UNKNOWN)
		return facts;
	if (context->home.len > 1 && is_above(path, context->home))
		return (struct path_facts){ PLACE_HOME_ROOT, "holds the home folder" };
	for (size_t i = 0; i < context->workspace_count; i++)
		if (is_above(path, context->workspace[i]))
			facts = path_facts_stricter(
				facts,
				(struct path_facts){ PLACE_WORKSPACE_ROOT, "holds the workspace" });
	if (context->state.len > 1 && is_above(path, context->state))
		return (struct path_facts){ PLACE_BAILIFF, "holds Bailiff's own files" };
	/* /tmp is everybody's: what else may lie in it is no reason to keep it. */
	if (facts.place == PLACE_TEMP || facts.place == PLACE_WORKSPACE_ROOT)
		return facts;
	if (in_a_home(context, path, &rest))
		return strictest_below(&paths_home_rules, rest, facts);
	return strictest_below(&paths_system_rules, path, facts);
}
