/* Reading an action, writing a verdict. */
#include "judge/action.h"
#include "base/path.h"

enum { MAX_ROOTS = 64, MAX_REASONS = 64, MAX_EFFECTS = 256 };

/* Stores an optional string member; SYNTAX where it is there and no string. */
static bool take(const struct json_value *object, struct span key, struct span *text,
                 struct problem *problem)
{
	const struct json_value *value = json_get(object, key);

	if (!value || value->kind == JSON_NULL)
		return true;
	if (json_string(value, text))
		return true;
	return problem_set(problem, PROBLEM_SYNTAX, value->start, "this member must be a string");
}

/* A directory member as a normal absolute path. */
static bool take_directory(const struct json_value *object, struct span key, struct span fallback,
                           struct arena *arena, struct span *path, struct problem *problem)
{
	struct span text = fallback;
	const struct json_value *value = json_get(object, key);

	if (!take(object, key, &text, problem))
		return false;
	if (text.len == 0) {
		*path = text;
		return true;
	}
	if (text.ptr[0] != '/')
		return problem_set(problem, PROBLEM_SYNTAX, value ? value->start : 0,
		                   "this directory must be an absolute path");
	if (span_find_byte(text, '\0', NULL))
		return problem_set(problem, PROBLEM_SYNTAX, value ? value->start : 0,
		                   "this directory holds a NUL byte");
	if (!path_normalise(SPAN("/"), text, arena, path))
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	return true;
}

static bool take_workspace(const struct json_value *object, struct arena *arena,
                           struct paths_context *paths, struct problem *problem)
{
	const struct json_value *list = json_get(object, SPAN("workspace"));
	struct span *roots;
	size_t count = 0;

	if (!list || list->kind == JSON_NULL) {
		paths->workspace = &paths->cwd;
		paths->workspace_count = paths->cwd.len ? 1 : 0;
		return true;
	}
	if (list->kind != JSON_ARRAY)
		return problem_set(problem, PROBLEM_SYNTAX, list->start,
		                   "workspace must be a list of paths");
	if (list->count > MAX_ROOTS)
		return problem_set(problem, PROBLEM_LIMIT, list->start,
		                   "more than 64 workspace roots");
	roots = arena_array(arena, struct span, list->count);
	if (!roots)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	for (const struct json_value *item = list->first; item; item = item->next) {
		struct span text;

		if (!json_string(item, &text) || text.len == 0 || text.ptr[0] != '/')
			return problem_set(problem, PROBLEM_SYNTAX, item->start,
			                   "a workspace root must be an absolute path");
		if (!path_normalise(SPAN("/"), text, arena, &roots[count++]))
			return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	}
	paths->workspace = roots;
	paths->workspace_count = count;
	return true;
}

bool action_read(const struct json_value *object, const struct action_defaults *defaults,
                 struct arena *arena, struct action *action, const struct json_value **permissions,
                 struct problem *problem)
{
	struct action made = { 0 };

	if (!object || object->kind != JSON_OBJECT)
		return problem_set(problem, PROBLEM_SYNTAX, object ? object->start : 0,
		                   "an action must be a JSON object");
	if (!take(object, SPAN("tool"), &made.tool, problem))
		return false;
	if (made.tool.len == 0)
		return problem_set(problem, PROBLEM_SYNTAX, object->start,
		                   "the action names no tool");
	made.input = json_get(object, SPAN("input"));
	if (made.input && made.input->kind != JSON_OBJECT)
		return problem_set(problem, PROBLEM_SYNTAX, made.input->start,
		                   "input must be an object");
	if (!take_directory(object, SPAN("cwd"), defaults->cwd, arena, &made.paths.cwd, problem) ||
	    !take_directory(object, SPAN("home"), defaults->home, arena, &made.paths.home,
	                    problem) ||
	    !take(object, SPAN("session"), &made.session, problem) ||
	    !take(object, SPAN("user"), &made.user, problem) ||
	    !take(object, SPAN("agent"), &made.agent, problem) ||
	    !take(object, SPAN("org"), &made.org, problem) ||
	    !take(object, SPAN("model"), &made.model, problem) ||
	    !take(object, SPAN("toolUseId"), &made.tool_use_id, problem))
		return false;
	made.paths.state = defaults->state;
	*action = made;
	if (!take_workspace(object, arena, &action->paths, problem))
		return false;
	*permissions = json_get(object, SPAN("permissions"));
	return true;
}

static void put_member(struct outbuf *out, struct span name, struct span text)
{
	outbuf_put_byte(out, ',');
	outbuf_put_json(out, name);
	outbuf_put_byte(out, ':');
	outbuf_put_json(out, text);
}

static void put_range(struct outbuf *out, size_t start, size_t end)
{
	outbuf_put(out, SPAN(",\"span\":["));
	outbuf_put_u64(out, start);
	outbuf_put_byte(out, ',');
	outbuf_put_u64(out, end);
	outbuf_put_byte(out, ']');
}

/* The chain of programs that led to an effect, the outermost first. */
static void put_via(struct outbuf *out, const struct effect_command *command, unsigned depth)
{
	if (!command || depth > 32)
		return;
	if (command->parent) {
		put_via(out, command->parent, depth + 1);
		if (command->parent->parent)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, command->parent->name);
	}
}

static void put_effect(struct outbuf *out, const struct effect *effect)
{
	static const struct span certainty[] = { SPAN_INIT("unknown"), SPAN_INIT("partly"),
		                                 SPAN_INIT("known") };

	outbuf_put(out, SPAN("{\"kind\":"));
	outbuf_put_json(out, effect_kind_name(effect->kind));
	put_member(out, SPAN("target"), effect->target);
	put_member(out, SPAN("certainty"), certainty[effect->certainty]);
	if (effect->facts.place != PLACE_UNKNOWN)
		put_member(out, SPAN("place"), place_name(effect->facts.place));
	if (effect->flags & EFFECT_RECURSIVE)
		outbuf_put(out, SPAN(",\"recursive\":true"));
	if (effect->flags & EFFECT_FORCE)
		outbuf_put(out, SPAN(",\"force\":true"));
	if (effect->what)
		put_member(out, SPAN("what"), span_of(effect->what));
	put_range(out, effect->start, effect->end);
	outbuf_put(out, SPAN(",\"via\":["));
	put_via(out, effect->command, 0);
	outbuf_put(out, SPAN("]}"));
}

static void put_reason(struct outbuf *out, const struct judge_reason *reason)
{
	outbuf_put(out, SPAN("{\"decision\":"));
	outbuf_put_json(out, decision_name(reason->decision));
	put_member(out, SPAN("rule"), reason->rule);
	put_member(out, SPAN("risk"), risk_level_name(reason->risk));
	put_member(out, SPAN("message"), reason->message);
	if (reason->remedy.len)
		put_member(out, SPAN("remedy"), reason->remedy);
	if (reason->effect)
		put_range(out, reason->effect->start, reason->effect->end);
	put_member(out, SPAN("source"), reason->source);
	outbuf_put_byte(out, '}');
}

void verdict_write(const struct verdict *verdict, const struct effects *effects, struct outbuf *out)
{
	size_t written = 0;

	outbuf_put(out, SPAN("{\"decision\":"));
	outbuf_put_json(out, decision_name(verdict->decision));
	put_member(out, SPAN("risk"), risk_level_name(verdict->risk));
	put_member(out, SPAN("approval"), approval_name(verdict->approval));
	outbuf_put(out, SPAN(",\"effects\":["));
	for (const struct effect *e = effects->first; e && written < MAX_EFFECTS; e = e->next) {
		if (written++)
			outbuf_put_byte(out, ',');
		put_effect(out, e);
	}
	outbuf_put(out, SPAN("],\"reasons\":["));
	written = 0;
	for (const struct judge_reason *r = verdict->reasons; r && written < MAX_REASONS;
	     r = r->next) {
		if (written++)
			outbuf_put_byte(out, ',');
		put_reason(out, r);
	}
	outbuf_put(out, SPAN("],\"degraded\":["));
	for (size_t i = 0; i < verdict->degraded_count; i++) {
		if (i)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, verdict->degraded[i]);
	}
	outbuf_put(out, SPAN("]}"));
}

void refusal_write(const struct problem *problem, struct outbuf *out)
{
	outbuf_put(out, SPAN("{\"decision\":\"deny\",\"risk\":\"high\",\"approval\":\"blocked\","
	                     "\"effects\":[],\"reasons\":[{\"decision\":\"deny\",\"rule\":"
	                     "\"action.unreadable\",\"risk\":\"high\",\"message\":"));
	outbuf_put_json(out, span_of(problem->what));
	put_range(out, problem->offset, problem->offset);
	outbuf_put(out, SPAN(",\"source\":\"built-in\"}],\"degraded\":[]}"));
}
