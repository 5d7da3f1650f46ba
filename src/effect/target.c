/*
 * From a value to a place: what is wholly known is normalised and, where the machine may be
 * asked, seen through its links; a pattern counts as the folder that it lists; a known beginning
 * counts as that folder where nothing in the rest can lead out of it.
 */
#include "base/path.h"
#include "effect/engine.h"

bool is_secret(enum place place)
{
	return place == PLACE_SECRET || place == PLACE_SYSTEM_SECRET ||
	       place == PLACE_PROJECT_SECRET;
}

static const struct paths_context *context_of(const struct engine *engine)
{
	return &engine->action->paths;
}

static bool is_absolute(struct span text)
{
	return text.len > 0 && text.ptr[0] == '/';
}

/* A path inside a container as one of ours: -v /:/host.  *ours false where it is the container's. */
static bool map_mount(struct engine *engine, struct span *path, bool *ours)
{
	*ours = !engine->contained;
	for (const struct mount *m = engine->mounts; engine->contained && m; m = m->next) {
		struct text text = { 0 };

		if (!path_within(*path, m->inside))
			continue;
		*ours = true;
		if (!text_add(engine->arena, &text, m->outside) ||
		    !text_add(engine->arena, &text, SPAN("/")) ||
		    !text_add(engine->arena, &text, span_from(*path, m->inside.len)) ||
		    !path_normalise(SPAN("/"), text_span(&text), engine->arena, path))
			return engine_memory(engine);
		return true;
	}
	return true;
}

/* A path's place, seen through links where the machine may be asked. */
static bool facts_of(struct engine *engine, struct span path, bool deep, struct path_facts *facts)
{
	const struct paths_view *view = engine->action->view;
	struct span real;
	bool ours;

	if (!map_mount(engine, &path, &ours))
		return false;
	if (!ours) {
		*facts = (struct path_facts){ PLACE_TEMP, "inside the container" };
		return true;
	}
	*facts = deep ? paths_classify_tree(context_of(engine), path)
	              : paths_classify(context_of(engine), path);
	if (view && view->resolve(view->context, path, engine->arena, &real) &&
	    !span_equal(real, path))
		*facts = path_facts_stricter(*facts,
		                             deep ? paths_classify_tree(context_of(engine), real)
		                                  : paths_classify(context_of(engine), real));
	return true;
}

/* Through a symbolic link that this action has made, at the path or above it. */
static bool follow_link(struct engine *engine, struct span *path)
{
	struct span part = *path;

	if (!engine->links.root || path->len > MAX_PATH)
		return true;
	for (; part.len > 1; part = path_dirname(part)) {
		const struct span *to = map_get(engine->links, part);
		struct text text = { 0 };

		if (!to)
			continue;
		if (!text_add(engine->arena, &text, *to) ||
		    !text_add(engine->arena, &text, span_from(*path, part.len)) ||
		    !path_normalise(SPAN("/"), text_span(&text), engine->arena, path))
			return engine_memory(engine);
		return true;
	}
	return true;
}

bool link_store(struct engine *engine, const struct shell *shell, const struct value *link,
                const struct value *to)
{
	struct span *copy = arena_new(engine->arena, struct span), from;

	if (!copy)
		return engine_memory(engine);
	if (!path_of(engine, shell, link, &from) || !path_of(engine, shell, to, copy))
		return false;
	if (from.len == 0 || copy->len == 0)
		return true;
	return map_put(engine->arena, &engine->links, from, copy) || engine_memory(engine);
}

/* Sees `text` from the shell's folder; *known false where that is not known. */
static bool place_text(struct engine *engine, const struct shell *shell, struct span text,
                       struct span *path, bool *known)
{
	*known = is_absolute(text) || shell->cwd.complete;
	if (!*known) {
		*path = SPAN("");
		return true;
	}
	if (!paths_normalise(shell->cwd.complete ? shell->cwd.head : SPAN("/"), text, engine->arena,
	                     path))
		return engine_memory(engine);
	return follow_link(engine, path);
}

bool path_of(struct engine *engine, const struct shell *shell, const struct value *value,
             struct span *path)
{
	bool known;

	*path = SPAN("");
	if (!value->complete)
		return true;
	return place_text(engine, shell, value->head, path, &known);
}

/* Below the unknown folder that the shell is in. */
static void below_cwd(const struct shell *shell, struct target *target)
{
	target->path = shell->cwd.head;
	target->certainty = target->path.len > 0 ? CERTAINTY_PARTLY : CERTAINTY_UNKNOWN;
	target->flags |= EFFECT_BENEATH;
}

static struct span folder_part(struct span text)
{
	size_t end = text.len;

	while (end > 0 && text.ptr[end - 1] != '/')
		end--;
	return span_slice(text, 0, end);
}

/* Whether nothing in an unknown rest can lead out of the folder before it. */
static bool stays_below(unsigned origins)
{
	return origins != 0 && (origins & ~(unsigned)(ORIGIN_GLOB | ORIGIN_TEMP)) == 0;
}

/* A variable and a slash, or a slash and a star: with the variable empty that is the root. */
static bool maybe_root(struct engine *engine, const struct value *value, bool removes,
                       struct target *target)
{
	struct span tail = value->tail, path;
	struct path_facts facts;

	if (!removes || !is_absolute(tail) || stays_below(value->origins))
		return true;
	while (tail.len > 1 && (tail.ptr[tail.len - 1] == '*' || tail.ptr[tail.len - 1] == '.'))
		tail.len--;
	if (!paths_normalise(SPAN("/"), tail, engine->arena, &path))
		return engine_memory(engine);
	facts = paths_classify_tree(context_of(engine), path);
	if (facts.place == PLACE_SYSTEM_STATE || facts.place == PLACE_WORKSPACE ||
	    facts.place == PLACE_TEMP || facts.place == PLACE_SINK)
		return true;
	target->path = path;
	target->facts = facts;
	target->facts.why = "what is before the slash may be empty";
	target->certainty = CERTAINTY_PARTLY;
	return true;
}

static bool target_partly(struct engine *engine, const struct shell *shell,
                          const struct value *value, bool deep, bool removes, struct target *target)
{
	struct span folder = folder_part(value->head);
	bool sound = stays_below(value->origins), known;

	target->certainty = CERTAINTY_UNKNOWN;
	if (folder.len == 0 && !(sound && shell->cwd.complete))
		return maybe_root(engine, value, removes, target);
	if (!place_text(engine, shell, folder, &target->path, &known))
		return false;
	if (!known) {
		below_cwd(shell, target);
		return true;
	}
	target->certainty = CERTAINTY_PARTLY;
	target->flags |= EFFECT_BENEATH;
	if (!deep || sound) {
		struct span example;

		if (!paths_normalise(target->path, SPAN("*"), engine->arena, &example))
			return engine_memory(engine);
		if (!facts_of(engine, example, false, &target->facts))
			return false;
		if (sound)
			return true;
	} else if (!facts_of(engine, target->path, true, &target->facts)) {
		return false;
	}
	target->facts = path_facts_stricter(target->facts,
	                                    (struct path_facts){ PLACE_UNKNOWN, NULL });
	return true;
}

static bool only_stars(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '*' && text.ptr[i] != '?' && text.ptr[i] != '.')
			return false;
	return true;
}

static bool target_glob(struct engine *engine, const struct shell *shell, const struct field *field,
                        bool deep, bool reads, struct target *target)
{
	struct span text = field->value.head, folder, last, whole;
	struct path_facts possible;
	bool known;

	while (text.len > 1 && text.ptr[text.len - 1] == '/')
		text.len--;
	folder = folder_part(span_slice(text, 0, field->glob_at));
	last = span_from(text, folder.len);
	target->flags |= EFFECT_GLOB;
	if (!place_text(engine, shell, folder, &target->path, &known))
		return false;
	if (!known) {
		below_cwd(shell, target);
		return true;
	}
	target->certainty = CERTAINTY_KNOWN;
	if (!place_text(engine, shell, text, &whole, &known))
		return false;
	if (only_stars(last))
		return facts_of(engine, target->path, deep, &target->facts);
	if (!facts_of(engine, whole, deep, &target->facts))
		return false;
	possible = paths_classify_pattern(context_of(engine), whole);
	if (reads || is_secret(possible.place))
		target->facts = path_facts_stricter(target->facts, possible);
	return true;
}

bool target_of(struct engine *engine, const struct shell *shell, const struct field *field,
               bool deep, bool removes, struct target *target)
{
	bool known;

	*target = (struct target){ .path = SPAN("") };
	if (!field->value.complete)
		return target_partly(engine, shell, &field->value, deep, removes, target);
	if (field->glob)
		return target_glob(engine, shell, field, deep, !removes, target);
	if (!place_text(engine, shell, field->value.head, &target->path, &known))
		return false;
	if (!known) {
		below_cwd(shell, target);
		return true;
	}
	target->certainty = CERTAINTY_KNOWN;
	return facts_of(engine, target->path, deep, &target->facts);
}
