/* Questions to a merged policy, and what is said where one could not be had. */
#include "policy/policy.h"

#include <string.h>

#include "base/glob.h"
#include "base/outbuf.h"

enum { TEXT_BYTES = 1 << 16 };

static bool keep(struct outbuf *out, struct arena *arena, struct span *text)
{
	bool good = outbuf_ok(out) && arena_copy(arena, outbuf_span(out), text);

	outbuf_release(out);
	return good;
}

static void put_source(struct outbuf *out, const struct policy_source *source)
{
	outbuf_put_visible(
		out, source->file.len > 0 ? source->file : policy_layer_name(source->layer), false);
	if (source->line == 0)
		return;
	outbuf_put_byte(out, ':');
	outbuf_put_u64(out, source->line);
	outbuf_put_byte(out, ':');
	outbuf_put_u64(out, source->column);
}

bool policy_source_text(const struct policy_source *source, struct arena *arena, struct span *text)
{
	struct outbuf out;

	outbuf_init(&out, TEXT_BYTES);
	put_source(&out, source);
	return keep(&out, arena, text);
}

bool policy_fault_text(const struct policy_fault *fault, struct arena *arena, struct span *text)
{
	struct outbuf out;

	outbuf_init(&out, TEXT_BYTES);
	put_source(&out, &fault->at);
	outbuf_put(&out, SPAN(": "));
	outbuf_put(&out, span_of(fault->problem.what));
	if (fault->detail.len > 0) {
		outbuf_put(&out, SPAN(": "));
		outbuf_put_visible(&out, fault->detail, false);
	}
	if (fault->problem.kind == PROBLEM_SYSTEM) {
		outbuf_put(&out, SPAN(": "));
		outbuf_put(&out, span_of(strerror(fault->problem.sys_errno)));
	}
	if (fault->other.file.len > 0) {
		outbuf_put(&out, SPAN(" (see "));
		put_source(&out, &fault->other);
		outbuf_put_byte(&out, ')');
	}
	return keep(&out, arena, text);
}

typedef bool matcher(struct span pattern, struct span text);

static bool match_name(struct span pattern, struct span text)
{
	return glob_text(pattern, text, GLOB_CASE_FOLD);
}

/* Reading 6: hosts in any case, a last dot does not count, "*.x" is whatever lies below x. */
static bool match_host(struct span pattern, struct span host)
{
	while (host.len > 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	while (pattern.len > 0 && pattern.ptr[pattern.len - 1] == '.')
		pattern.len--;
	if (span_starts(pattern, SPAN("*.")) && !span_find_byte(span_from(pattern, 1), '*', NULL))
		return host.len > pattern.len - 1 &&
		       span_equal_nocase(span_from(host, host.len - (pattern.len - 1)),
		                         span_from(pattern, 1));
	return span_equal(pattern, SPAN("*")) || span_equal_nocase(pattern, host);
}

static bool in_none(const struct policy_item *items, size_t count, struct span text, matcher *match,
                    const struct policy_item **item)
{
	for (size_t i = 0; i < count; i++)
		if (match(items[i].text, text)) {
			if (item)
				*item = &items[i];
			return false;
		}
	return true;
}

/* Whether every group of an allow-list has a match; an empty list allows everything. */
static bool in_every_group(const struct policy_item *items, size_t count, struct span text,
                           matcher *match, const struct policy_item **item)
{
	for (size_t i = 0; i < count;) {
		size_t group = i;
		bool matched = false;

		for (; i < count && items[i].group == items[group].group; i++)
			matched = matched || match(items[i].text, text);
		if (!matched) {
			if (item)
				*item = &items[group];
			return false;
		}
	}
	return true;
}

/* mcp__SERVER__TOOL for one server; names are compared in any case. */
static bool server_allows(const struct policy_server *server, struct span tool,
                          const struct policy_item **item)
{
	struct span rest = span_from(tool, 5);

	if (tool.len < 5 || !span_equal_nocase(span_slice(tool, 0, 5), SPAN("mcp__")) ||
	    rest.len < server->name.len + 2 ||
	    !span_equal_nocase(span_slice(rest, 0, server->name.len), server->name) ||
	    !span_equal(span_slice(rest, server->name.len, server->name.len + 2), SPAN("__")))
		return true;
	return in_every_group(server->allowed, server->allowed_count,
	                      span_from(rest, server->name.len + 2), match_name, item);
}

bool policy_allows_tool(const struct policy *policy, struct span tool,
                        const struct policy_item **item)
{
	const struct policy_value *denied = &policy->values[POLICY_DISALLOWED_TOOLS];
	const struct policy_value *allowed = &policy->values[POLICY_ALLOWED_TOOLS];

	if (!in_none(denied->items, denied->count, tool, match_name, item) ||
	    !in_every_group(allowed->items, allowed->count, tool, match_name, item))
		return false;
	for (const struct policy_server *server = policy->servers; server; server = server->next)
		if (!server_allows(server, tool, item))
			return false;
	return true;
}

bool policy_allows_model(const struct policy *policy, struct span model,
                         const struct policy_item **item)
{
	const struct policy_value *blocked = &policy->values[POLICY_BLOCKED_MODELS];
	const struct policy_value *allowed = &policy->values[POLICY_ALLOWED_MODELS];

	return in_none(blocked->items, blocked->count, model, match_name, item) &&
	       in_every_group(allowed->items, allowed->count, model, match_name, item);
}

bool policy_allows_host(const struct policy *policy, struct span host,
                        const struct policy_item **item)
{
	const struct policy_value *denied = &policy->values[POLICY_NETWORK_DENY];
	const struct policy_value *allowed = &policy->values[POLICY_NETWORK_ALLOW];

	return in_none(denied->items, denied->count, host, match_host, item) &&
	       in_every_group(allowed->items, allowed->count, host, match_host, item);
}
