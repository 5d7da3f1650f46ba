/*
 * Path and domain patterns.
 *
 * Git's habits: a name without a slash matches at any depth, a pattern that names a directory covers
 * what it holds.  A rule only reaches what lies below its anchor, so patterns are compared with the
 * path seen from there, component-wise, and never as text with the anchor in front.
 */
#include "base/glob.h"
#include "base/path.h"
#include "judge/rules_private.h"

/* Linux takes no longer path; what is longer cannot be opened, and must cost us nothing. */
enum { PATH_BYTES = 4096 };

static struct span settings_root(const struct rules_context *context,
                                 const struct policy_rule *rule)
{
	const struct paths_context *paths = &context->action->paths;

	if (policy_layer_managed(rule->source.layer))
		return SPAN("/");
	return paths->workspace_count > 0 ? paths->workspace[0] : paths->cwd;
}

/* The directory that a pattern starts from; leading "../" of the pattern are used up. */
static bool find_anchor(const struct rules_context *context, const struct policy_rule *rule,
                        struct span *base, struct span *pattern)
{
	*pattern = rule->rule.pattern;
	switch (rule->rule.anchor) {
	case RULE_ANCHOR_ROOT:
		*base = SPAN("/");
		break;
	case RULE_ANCHOR_HOME:
		*base = context->action->paths.home;
		break;
	case RULE_ANCHOR_SETTINGS:
		*base = settings_root(context, rule);
		break;
	case RULE_ANCHOR_CWD:
		*base = context->action->paths.cwd;
		break;
	}
	while (span_starts(*pattern, SPAN("../")) || span_starts(*pattern, SPAN("./"))) {
		if (pattern->ptr[1] == '.')
			*base = path_dirname(*base);
		*pattern = span_from(*pattern, pattern->ptr[1] == '.' ? 3 : 2);
	}
	while (span_ends(*pattern, SPAN("/")))
		*pattern = span_slice(*pattern, 0, pattern->len - 1);
	return base->len > 0 && base->ptr[0] == '/';
}

/* `path` seen from `base`; "" for base itself. */
static bool seen_from(struct span base, struct span path, struct span *rest)
{
	if (path.len == 0 || path.ptr[0] != '/' || path.len > PATH_BYTES ||
	    !path_within(path, base))
		return false;
	*rest = span_from(path, base.len == 1 ? 1 : base.len);
	if (rest->len > 0 && rest->ptr[0] == '/')
		*rest = span_from(*rest, 1);
	return true;
}

/* One component that matches `name`, with something below it unless the directory itself counts. */
static bool any_component(struct span name, struct span rest, bool below)
{
	struct span component;

	while (path_next(&rest, &component))
		if (glob_path(name, component) && (!below || rest.len > 0))
			return true;
	return false;
}

/* The path itself or a directory above it. */
static bool any_prefix(struct span pattern, struct span rest)
{
	for (size_t end = 1; end <= rest.len; end++)
		if ((end == rest.len || rest.ptr[end] == '/') &&
		    glob_path(pattern, span_slice(rest, 0, end)))
			return true;
	return false;
}

bool rules_path_matches(const struct rules_context *context, const struct policy_rule *rule,
                        struct span path, enum rules_reach reach)
{
	struct span base, pattern, rest;
	bool below;

	if (!find_anchor(context, rule, &base, &pattern) || !seen_from(base, path, &rest))
		return false;
	if (pattern.len == 0)
		return true;
	/* "x/ **" is what x holds; where an effect reaches down, x stands for that. */
	below = span_ends(pattern, SPAN("/**"));
	if (span_equal(pattern, SPAN("**")))
		return rest.len > 0 || reach == REACH_BELOW;
	if (rule->rule.deep)
		return any_component(below ? span_slice(pattern, 0, pattern.len - 3) : pattern,
		                     rest, below && reach == REACH_ITSELF);
	if (below && reach == REACH_BELOW &&
	    glob_path(span_slice(pattern, 0, pattern.len - 3), rest))
		return true;
	return any_prefix(pattern, rest);
}

static bool is_glob_byte(char byte)
{
	return byte == '*' || byte == '?' || byte == '[' || byte == '\\';
}

bool rules_path_inside(const struct rules_context *context, const struct policy_rule *rule,
                       struct span folder)
{
	struct span base, pattern, rest, component, after;

	if (rule->rule.deep || !find_anchor(context, rule, &base, &pattern))
		return false;
	if (path_within(base, folder))
		return true;
	if (!seen_from(base, folder, &rest))
		return false;
	/* The folder's components must be the pattern's first ones, and literal. */
	after = pattern;
	while (path_next(&rest, &component)) {
		struct span part;

		if (!path_next(&after, &part) || !span_equal(part, component))
			return false;
	}
	while (after.len > 0 && after.ptr[0] == '/')
		after = span_from(after, 1);
	return after.len > 0 && !is_glob_byte(after.ptr[0]);
}

/*
 * The pattern of the shell as typed, from the component that holds its first glob character on: what
 * stands before is the effect's target.
 */
static bool typed_glob(const struct rules_context *context, const struct effect *effect,
                       struct span *glob)
{
	struct span typed = span_slice(context->effects->text, effect->start, effect->end);
	size_t from = 0;

	for (size_t i = 0; i < typed.len; i++) {
		char byte = typed.ptr[i];

		if (byte == '\'' || byte == '"' || byte == '$' || byte == '`')
			return false;
		if (byte == '/' || byte == ' ' || byte == '\t' || byte == '<' || byte == '>')
			from = i + 1;
		if (is_glob_byte(byte)) {
			*glob = span_from(typed, from);
			return true;
		}
	}
	return false;
}

/* A star does not stand for a leading dot. */
static bool shell_matches(struct span glob, struct span name)
{
	struct span left = glob, right = name, a, b;

	while (path_next(&left, &a) && path_next(&right, &b))
		if (b.ptr[0] == '.' && a.ptr[0] != '.')
			return false;
	return glob_path(glob, name);
}

/* cat .en*: the shell's pattern could name exactly what a literal rule names. */
static bool glob_could_name(const struct rules_context *context, const struct policy_rule *rule,
                            const struct effect *effect)
{
	struct span base, pattern, glob, below;

	if (!(effect->flags & EFFECT_GLOB) || !typed_glob(context, effect, &glob) ||
	    !find_anchor(context, rule, &base, &pattern) || pattern.len == 0)
		return false;
	for (size_t i = 0; i < pattern.len; i++)
		if (is_glob_byte(pattern.ptr[i]))
			return false;
	if (!seen_from(base, effect->target, &below))
		return false;
	if (rule->rule.deep)
		return shell_matches(path_basename(glob), pattern);
	/* The folder must be one that the rule's path goes through. */
	if (below.len > 0) {
		if (!span_starts(pattern, below) || pattern.len <= below.len ||
		    pattern.ptr[below.len] != '/')
			return false;
		pattern = span_from(pattern, below.len + 1);
	}
	return shell_matches(glob, pattern);
}

static bool is_any_name(const struct rules_context *context, const struct effect *effect)
{
	struct span glob;

	return typed_glob(context, effect, &glob) && span_equal(glob, SPAN("*"));
}

static bool changes(enum effect_kind kind)
{
	return kind == EFFECT_WRITE || kind == EFFECT_DELETE || kind == EFFECT_MOVE ||
	       kind == EFFECT_MODE || kind == EFFECT_OWNER || kind == EFFECT_LINK ||
	       kind == EFFECT_DEVICE || kind == EFFECT_MOUNT;
}

static bool reads(enum effect_kind kind)
{
	return kind == EFFECT_READ || kind == EFFECT_LIST;
}

/* "!x" behind a rule, in the same list of the same file, takes x out of it. */
static bool carved_out(const struct rules_context *context, size_t index, struct span path)
{
	const struct policy_rule *rules = context->policy->rules, *rule = &rules[index];

	if (rule->rule.anchor != RULE_ANCHOR_CWD || span_ends(rule->rule.pattern, SPAN("/**")))
		return false;
	for (size_t i = index + 1; i < context->policy->rule_count; i++) {
		const struct policy_rule *other = &rules[i];

		if (other->rule.kind == RULE_PATH && other->rule.negated &&
		    other->rule.anchor == RULE_ANCHOR_CWD &&
		    other->rule.action == rule->rule.action &&
		    span_equal_nocase(other->rule.tool, rule->rule.tool) &&
		    other->source.layer == rule->source.layer &&
		    span_equal(other->source.file, rule->source.file) &&
		    rules_path_matches(context, other, path, REACH_ITSELF))
			return true;
	}
	return false;
}

static bool path_is_met(const struct rules_context *context, size_t index, struct span path,
                        enum rules_reach reach)
{
	return rules_path_matches(context, &context->policy->rules[index], path, reach) &&
	       !carved_out(context, index, path);
}

bool rules_path_meets(const struct rules_context *context, size_t index,
                      const struct effect *effect, const struct rules_path *target)
{
	const struct policy_rule *rule = &context->policy->rules[index];
	bool for_reading = span_equal_nocase(rule->rule.tool, SPAN("Read"));
	unsigned wide = EFFECT_RECURSIVE | EFFECT_GLOB | EFFECT_BENEATH;
	enum rules_reach reach = (effect->flags & wide) != 0 || effect->kind == EFFECT_MOVE ||
	                                         effect->kind == EFFECT_LIST
	                                 ? REACH_BELOW
	                                 : REACH_ITSELF;

	if (rule->rule.negated)
		return false;
	/* What is sent or run as code is read first, wherever that is written down. */
	if (for_reading && effect->source.len > 0 &&
	    path_is_met(context, index, effect->source, REACH_ITSELF))
		return true;
	if (!changes(effect->kind) && !(for_reading && reads(effect->kind)))
		return false;
	if (path_is_met(context, index, target->path, reach) ||
	    (target->real_known && !span_equal(target->real, target->path) &&
	     path_is_met(context, index, target->real, reach)) ||
	    glob_could_name(context, rule, effect))
		return true;
	/* Taking away a directory takes away what a rule names inside. */
	return changes(effect->kind) && reach == REACH_BELOW && effect->kind != EFFECT_WRITE &&
	       (!(effect->flags & EFFECT_GLOB) || is_any_name(context, effect)) &&
	       rules_path_inside(context, rule, target->path);
}

static bool covers_all_below(const struct rule *rule)
{
	return rule->pattern.len == 0 || span_equal(rule->pattern, SPAN("**")) ||
	       span_ends(rule->pattern, SPAN("/**"));
}

bool rules_path_covers(const struct rules_context *context, const struct policy_rule *rule,
                       const struct effect *effect, const struct rules_path *target)
{
	bool for_reading = span_equal_nocase(rule->rule.tool, SPAN("Read"));
	enum rules_reach reach = REACH_ITSELF;

	if (effect->certainty == CERTAINTY_UNKNOWN || !target->real_known ||
	    !(for_reading ? reads(effect->kind) : effect->kind == EFFECT_WRITE))
		return false;
	if (effect->certainty == CERTAINTY_PARTLY &&
	    (effect->flags & (EFFECT_GLOB | EFFECT_BENEATH)) == 0)
		return false;
	if (effect->flags & EFFECT_RECURSIVE)
		reach = REACH_BELOW;
	if (effect->flags & (EFFECT_GLOB | EFFECT_BENEATH)) {
		/* Only the folder is known: all that it holds must be covered, and nothing may lead out. */
		reach = REACH_BELOW;
		if (!covers_all_below(&rule->rule) ||
		    span_find(span_slice(context->effects->text, effect->start, effect->end),
		              SPAN(".."), NULL))
			return false;
	}
	return rules_path_matches(context, rule, target->path, reach) &&
	       rules_path_matches(context, rule, target->real, reach);
}

/* The host of a plain URL: scheme://host[:port][/...]; no user, nothing that readers disagree about. */
static bool host_of(struct span url, struct span *host)
{
	size_t at, end;

	if (!span_find(url, SPAN("://"), &at) || at == 0)
		return false;
	*host = span_from(url, at + 3);
	for (end = 0; end < host->len; end++) {
		char byte = host->ptr[end];

		if (byte == '/' || byte == '?' || byte == '#')
			break;
		if (byte == '@' || byte == '\\' || byte == '%' || (unsigned char)byte <= 0x20 ||
		    byte == 0x7f)
			return false;
	}
	*host = span_slice(*host, 0, end);
	if (span_starts(*host, SPAN("["))) {
		if (!span_find_byte(*host, ']', &at))
			return false;
		*host = span_slice(*host, 0, at + 1);
	} else if (span_find_byte(*host, ':', &at)) {
		*host = span_slice(*host, 0, at);
	}
	if (span_ends(*host, SPAN(".")))
		*host = span_slice(*host, 0, host->len - 1);
	return host->len > 0 && !span_starts(*host, SPAN(".")) && !span_ends(*host, SPAN(".")) &&
	       !span_find(*host, SPAN(".."), NULL);
}

bool rules_domain_matches(struct span pattern, struct span url)
{
	struct span host, label, part;

	if (!host_of(url, &host))
		return false;
	while (span_ends(pattern, SPAN(".")))
		pattern = span_slice(pattern, 0, pattern.len - 1);
	if (span_equal(pattern, SPAN("*")))
		return true;
	if (span_starts(pattern, SPAN("*."))) {
		/* Any depth below: cut the host's first labels until as many are left as the pattern has. */
		size_t wanted = 1, have = 1;

		pattern = span_from(pattern, 2);
		for (size_t i = 0; i < pattern.len; i++)
			wanted += pattern.ptr[i] == '.';
		for (size_t i = 0; i < host.len; i++)
			have += host.ptr[i] == '.';
		if (have <= wanted)
			return false;
		for (; have > wanted; have--)
			(void)span_split(&host, '.', &label);
	}
	while (span_split(&pattern, '.', &part))
		if (!span_split(&host, '.', &label) || !glob_text(part, label, GLOB_CASE_FOLD))
			return false;
	return host.len == 0;
}
