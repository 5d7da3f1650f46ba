/* Settings files edited in place: a cut, and what goes into it. */
#include "policy/edit.h"

#include "base/outbuf.h"

enum { EDIT_BYTES = 2 << 20 };

struct cut {
	size_t start, end; /* bytes of the source that are replaced */
};

/* What every step of one edit needs. */
struct job {
	struct span source;
	struct arena *arena;
	struct span *result;
	struct problem *problem;
};

static bool splice(const struct job *job, struct cut cut, struct span text)
{
	struct outbuf out;
	bool good;

	outbuf_init(&out, EDIT_BYTES);
	outbuf_put(&out, span_slice(job->source, 0, cut.start));
	outbuf_put(&out, text);
	outbuf_put(&out, span_from(job->source, cut.end));
	good = outbuf_ok(&out) && arena_copy(job->arena, outbuf_span(&out), job->result);
	outbuf_release(&out);
	return good || problem_set(job->problem, PROBLEM_MEMORY, 0, "out of memory");
}

/* Where the member goes, with the comma that belongs to it. */
static struct cut cut_of_member(const struct json_value *object, const struct json_value *member)
{
	const struct json_value *before = NULL;

	if (member->next)
		return (struct cut){ member->key_start, member->next->key_start };
	for (const struct json_value *at = object->first; at != member; at = at->next)
		before = at;
	return (struct cut){ before ? before->end : member->key_start, member->end };
}

static const struct json_value *last_member(const struct json_value *object)
{
	const struct json_value *last = object->first;

	while (last && last->next)
		last = last->next;
	return last;
}

/* The blanks that stand before the object's first member: a new one gets the same. */
static struct span lead_of(struct span source, const struct json_value *object)
{
	if (object->first)
		return span_slice(source, object->start + 1, object->first->key_start);
	return SPAN("");
}

/* `"name": value` behind the last member. */
static bool insert(const struct job *job, const struct json_value *object, struct span name,
                   struct span value)
{
	const struct json_value *last = last_member(object);
	size_t at = last ? last->end : object->start + 1;
	struct span lead = lead_of(job->source, object), text;
	struct outbuf out;
	bool good;

	outbuf_init(&out, EDIT_BYTES);
	if (last)
		outbuf_put_byte(&out, ',');
	if (last && !span_find_byte(lead, '\n', NULL))
		lead = SPAN(" ");
	outbuf_put(&out, lead);
	outbuf_put_json(&out, name);
	outbuf_put(&out, SPAN(": "));
	outbuf_put(&out, value);
	good = outbuf_ok(&out) && arena_copy(job->arena, outbuf_span(&out), &text);
	outbuf_release(&out);
	if (!good)
		return problem_set(job->problem, PROBLEM_MEMORY, 0, "out of memory");
	/* An empty object's blanks are its own. */
	return splice(job, (struct cut){ at, last ? at : object->end - 1 }, text);
}

static bool set_member(const struct job *job, const struct json_value *object, struct span name,
                       struct span value)
{
	const struct json_value *old = json_get(object, name);

	if (old)
		return splice(job, (struct cut){ old->start, old->end }, value);
	return insert(job, object, name, value);
}

static bool wrap(struct span name, struct span value, struct arena *arena, struct span *object)
{
	struct outbuf out;
	bool good;

	outbuf_init(&out, EDIT_BYTES);
	outbuf_put_byte(&out, '{');
	outbuf_put_json(&out, name);
	outbuf_put(&out, SPAN(": "));
	outbuf_put(&out, value);
	outbuf_put_byte(&out, '}');
	good = outbuf_ok(&out) && arena_copy(arena, outbuf_span(&out), object);
	outbuf_release(&out);
	return good;
}

bool policy_edit_apply(struct span source, const struct policy_edit *edit, struct arena *arena,
                       struct span *result, bool *changed, struct problem *problem)
{
	static const struct json_limits limits = { .source_bytes = 1 << 20, .depth = 16 };
	struct span section = edit->key, name = edit->key, value = edit->value;
	struct json_value *root;
	const struct json_value *object;
	size_t dot;
	struct job job = { .arena = arena, .result = result, .problem = problem };

	if (span_trim(source).len == 0)
		source = SPAN("{}\n");
	job.source = source;
	if (!json_parse(source, &limits, arena, &root, problem))
		return false;
	if (root->kind != JSON_OBJECT)
		return problem_set(problem, PROBLEM_SYNTAX, root->start,
		                   "settings are one JSON object");
	object = root;
	if (span_find_byte(edit->key, '.', &dot)) {
		section = span_slice(edit->key, 0, dot);
		name = span_from(edit->key, dot + 1);
		object = json_get(root, section);
	}
	if (object && object->kind != JSON_OBJECT)
		return problem_set(problem, PROBLEM_SYNTAX, object->start,
		                   "this section is no object");
	*changed = value.len > 0 || json_get(object, name);
	if (!*changed) {
		*result = source;
		return true;
	}
	if (value.len == 0)
		return splice(&job, cut_of_member(object, json_get(object, name)), SPAN(""));
	if (object)
		return set_member(&job, object, name, value);
	if (!wrap(name, value, arena, &value))
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	return insert(&job, root, section, value);
}
