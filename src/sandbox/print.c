/* A plan for people and for machines. */
#include "sandbox/sandbox.h"

/* clang-format off */
static const char *const verbs[] = {
	[SANDBOX_DIRECTORY] = "directory", [SANDBOX_FILE] = "file", [SANDBOX_LINK] = "link",
	[SANDBOX_COPY] = "copy", [SANDBOX_READ] = "read", [SANDBOX_WRITE] = "write",
	[SANDBOX_PROTECT] = "protect", [SANDBOX_PIN] = "pin", [SANDBOX_HIDE] = "hide",
	[SANDBOX_DEVICES] = "devices", [SANDBOX_PROC] = "proc", [SANDBOX_TEMPORARY] = "temporary",
	[SANDBOX_SOCKET] = "socket",
};
/* clang-format on */

static const struct {
	const char *name;
	size_t at;
} limits[] = {
	{ "processes", offsetof(struct sandbox_limits, processes) },
	{ "openFiles", offsetof(struct sandbox_limits, open_files) },
	{ "fileBytes", offsetof(struct sandbox_limits, file_bytes) },
	{ "dataBytes", offsetof(struct sandbox_limits, data_bytes) },
	{ "cpuSeconds", offsetof(struct sandbox_limits, cpu_seconds) },
	{ "temporaryBytes", offsetof(struct sandbox_limits, temporary_bytes) },
	{ "timeoutMs", offsetof(struct sandbox_limits, timeout_ms) },
};

static uint64_t limit_of(const struct sandbox_plan *plan, size_t i)
{
	const void *at = (const char *)&plan->limits + limits[i].at;

	return *(const uint64_t *)at;
}

/* ---- text ---- */

static void put_line(struct outbuf *out, const char *head, const char *text)
{
	outbuf_put(out, span_of(head));
	for (size_t len = span_of(head).len; len < 10; len++)
		outbuf_put_byte(out, ' ');
	outbuf_put_visible(out, span_of(text), false);
}

static void put_step(struct outbuf *out, const struct sandbox_step *step)
{
	put_line(out, verbs[step->verb], step->target);
	if (step->source && step->source != step->target &&
	    !span_equal(span_of(step->source), span_of(step->target))) {
		outbuf_put(out, step->verb == SANDBOX_LINK ? SPAN(" -> ") : SPAN(" from "));
		outbuf_put_visible(out, span_of(step->source), false);
	}
	outbuf_put(out, SPAN("  ("));
	outbuf_put(out, span_of(step->why));
	outbuf_put(out, SPAN(")\n"));
}

void sandbox_plan_text(const struct sandbox_plan *plan, struct outbuf *out)
{
	put_line(out, "level", sandbox_level_name(plan->level));
	outbuf_put_byte(out, '\n');
	put_line(out, "network", sandbox_network_name(plan->network));
	outbuf_put_byte(out, '\n');
	for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
		if (plan->missing & SANDBOX_BIT(part)) {
			put_line(out, "without", sandbox_part_name((enum sandbox_part)part));
			outbuf_put_byte(out, '\n');
		}
	}
	for (size_t i = 0; i < plan->step_count; i++)
		put_step(out, &plan->steps[i]);
	for (size_t i = 0; i < plan->writable_count; i++) {
		put_line(out, "writable", plan->writable[i]);
		outbuf_put_byte(out, '\n');
	}
	for (size_t i = 0; i < plan->readable_count; i++) {
		put_line(out, "readable", plan->readable[i]);
		outbuf_put_byte(out, '\n');
	}
	for (size_t i = 0; i < plan->absent_count; i++) {
		put_line(out, i == 0 ? "watch" : "", plan->absent[i]);
		outbuf_put_byte(out, '\n');
	}
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		if (limit_of(plan, i) == 0)
			continue;
		put_line(out, "limit", limits[i].name);
		outbuf_put_byte(out, ' ');
		outbuf_put_u64(out, limit_of(plan, i));
		outbuf_put_byte(out, '\n');
	}
	/* names only: values may be secrets that the caller chose to pass */
	for (char *const *variable = plan->environ; variable && *variable; variable++) {
		struct span text = span_of(*variable);
		size_t equals;

		outbuf_put(out, SPAN("variable  "));
		outbuf_put_visible(out,
		                   span_find_byte(text, '=', &equals) ? span_slice(text, 0, equals)
		                                                      : text,
		                   false);
		outbuf_put_byte(out, '\n');
	}
	if (plan->program) {
		put_line(out, "program", plan->program);
		outbuf_put_byte(out, '\n');
	}
}

/* ---- JSON ---- */

static void put_member(struct outbuf *out, const char *name, const char *text)
{
	outbuf_put_json(out, span_of(name));
	outbuf_put_byte(out, ':');
	outbuf_put_json(out, span_of(text));
}

static void put_names(struct outbuf *out, const char *name, const char *const *names, size_t count)
{
	outbuf_put_byte(out, ',');
	outbuf_put_json(out, span_of(name));
	outbuf_put(out, SPAN(":["));
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, span_of(names[i]));
	}
	outbuf_put_byte(out, ']');
}

static void put_missing(struct outbuf *out, unsigned missing)
{
	bool first = true;

	outbuf_put(out, SPAN(",\"degraded\":["));
	for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
		if (!(missing & SANDBOX_BIT(part)))
			continue;
		if (!first)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, span_of(sandbox_part_name((enum sandbox_part)part)));
		first = false;
	}
	outbuf_put_byte(out, ']');
}

static void put_steps(struct outbuf *out, const struct sandbox_plan *plan)
{
	outbuf_put(out, SPAN(",\"steps\":["));
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct sandbox_step *step = &plan->steps[i];

		outbuf_put(out, i > 0 ? SPAN(",{") : SPAN("{"));
		put_member(out, "do", verbs[step->verb]);
		outbuf_put_byte(out, ',');
		put_member(out, "target", step->target);
		if (step->source) {
			outbuf_put_byte(out, ',');
			put_member(out, "source", step->source);
		}
		outbuf_put_byte(out, ',');
		put_member(out, "why", step->why);
		outbuf_put_byte(out, '}');
	}
	outbuf_put_byte(out, ']');
}

static void put_limits(struct outbuf *out, const struct sandbox_plan *plan)
{
	outbuf_put(out, SPAN(",\"limits\":{"));
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		if (i > 0)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, span_of(limits[i].name));
		outbuf_put_byte(out, ':');
		outbuf_put_u64(out, limit_of(plan, i));
	}
	outbuf_put_byte(out, '}');
}

static void put_variables(struct outbuf *out, const struct sandbox_plan *plan)
{
	outbuf_put(out, SPAN(",\"variables\":["));
	for (char *const *variable = plan->environ; variable && *variable; variable++) {
		struct span text = span_of(*variable);
		size_t equals;

		if (variable != plan->environ)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, span_find_byte(text, '=', &equals)
		                             ? span_slice(text, 0, equals)
		                             : text);
	}
	outbuf_put_byte(out, ']');
}

void sandbox_plan_json(const struct sandbox_plan *plan, struct outbuf *out)
{
	outbuf_put_byte(out, '{');
	put_member(out, "level", sandbox_level_name(plan->level));
	outbuf_put_byte(out, ',');
	put_member(out, "network", sandbox_network_name(plan->network));
	if (plan->program) {
		outbuf_put_byte(out, ',');
		put_member(out, "program", plan->program);
	}
	if (plan->cwd) {
		outbuf_put_byte(out, ',');
		put_member(out, "cwd", plan->cwd);
	}
	put_missing(out, plan->missing);
	put_steps(out, plan);
	put_names(out, "writable", plan->writable, plan->writable_count);
	put_names(out, "readable", plan->readable, plan->readable_count);
	put_names(out, "absent", plan->absent, plan->absent_count);
	put_limits(out, plan);
	put_variables(out, plan);
	outbuf_put(out, SPAN("}\n"));
}
