/* The hosts, as rows, and their messages. */
#include "hook/hook.h"

static const struct hook_event_name claude_events[] = {
	{ "PreToolUse", HOOK_PRE_TOOL },
	{ "PermissionRequest", HOOK_PERMISSION_REQUEST },
	{ "PostToolUse", HOOK_POST_TOOL },
	{ "PostToolUseFailure", HOOK_POST_TOOL_FAILURE },
	{ "SessionStart", HOOK_SESSION_START },
	{ "SessionEnd", HOOK_SESSION_END },
	{ "Stop", HOOK_STOP },
	{ NULL, HOOK_OTHER },
};

/* Codex uses Claude Code's names and has no PostToolUseFailure. */
static const struct hook_event_name codex_events[] = {
	{ "PreToolUse", HOOK_PRE_TOOL },
	{ "PermissionRequest", HOOK_PERMISSION_REQUEST },
	{ "PostToolUse", HOOK_POST_TOOL },
	{ "SessionStart", HOOK_SESSION_START },
	{ "SessionEnd", HOOK_SESSION_END },
	{ "Stop", HOOK_STOP },
	{ NULL, HOOK_OTHER },
};

const struct hook_host hook_hosts[] = {
	{ "claude-code", "Claude Code", claude_events, true, true },
	{ "codex", "Codex", codex_events, false, true },
};
const size_t hook_host_count = sizeof hook_hosts / sizeof hook_hosts[0];

const struct hook_host *hook_host_find(struct span name)
{
	for (size_t i = 0; i < hook_host_count; i++) {
		if (span_equal(span_of(hook_hosts[i].name), name))
			return &hook_hosts[i];
	}
	return NULL;
}

static enum hook_event_kind kind_of(const struct hook_host *host, struct span name)
{
	for (const struct hook_event_name *row = host->events; row->name; row++) {
		if (span_equal(span_of(row->name), name))
			return row->kind;
	}
	return HOOK_OTHER;
}

static bool needs_tool(enum hook_event_kind kind)
{
	return kind == HOOK_PRE_TOOL || kind == HOOK_PERMISSION_REQUEST || kind == HOOK_POST_TOOL ||
	       kind == HOOK_POST_TOOL_FAILURE;
}

bool hook_read(const struct hook_host *host, struct span message, struct arena *arena,
               struct hook_event *event, struct problem *problem)
{
	struct hook_event read = { 0 };
	struct json_value *object;

	if (!json_parse(message, NULL, arena, &object, problem))
		return false;
	if (object->kind != JSON_OBJECT)
		return problem_set(problem, PROBLEM_SYNTAX, object->start,
		                   "the message is no JSON object");
	if (!json_string(json_get(object, SPAN("hook_event_name")), &read.name))
		return problem_set(problem, PROBLEM_SYNTAX, object->start,
		                   "the message has no hook_event_name");
	read.kind = kind_of(host, read.name);
	/* Members that a host may leave out stay empty; one of a wrong type is as good as absent. */
	json_string(json_get(object, SPAN("session_id")), &read.session);
	json_string(json_get(object, SPAN("cwd")), &read.cwd);
	json_string(json_get(object, SPAN("tool_name")), &read.tool);
	json_string(json_get(object, SPAN("tool_use_id")), &read.tool_use_id);
	json_string(json_get(object, SPAN("model")), &read.model);
	json_string(json_get(object, SPAN("agent_id")), &read.agent_id);
	json_string(json_get(object, SPAN("permission_mode")), &read.permission_mode);
	json_string(json_get(object, SPAN("error")), &read.error);
	if (!json_string(json_get(object, SPAN("reason")), &read.reason))
		json_string(json_get(object, SPAN("source")), &read.reason);
	read.has_duration = json_int(json_get(object, SPAN("duration_ms")), &read.duration_ms) &&
	                    read.duration_ms >= 0;
	read.input = json_get(object, SPAN("tool_input"));
	read.response = json_get(object, SPAN("tool_response"));
	if (needs_tool(read.kind)) {
		if (read.tool.len == 0)
			return problem_set(problem, PROBLEM_SYNTAX, object->start,
			                   "the message names no tool");
		if (!read.input || read.input->kind != JSON_OBJECT)
			return problem_set(problem, PROBLEM_SYNTAX, object->start,
			                   "the message has no tool_input object");
		if (read.cwd.len == 0 || read.cwd.ptr[0] != '/')
			return problem_set(problem, PROBLEM_SYNTAX, object->start,
			                   "the message has no absolute cwd");
	}
	*event = read;
	return true;
}
