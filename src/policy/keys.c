/* The one table of keys: what a policy file may hold, who may set it, and how layers combine. */
#include "policy/private.h"

static const char *const network_words[] = { "none", "proxy", "host", NULL };
static const char *const failure_words[] = { "deny", "allow", NULL };

/* clang-format off */
const struct policy_row policy_rows[] = {
	{ SPAN_INIT("$schema"), POLICY_KEYS, KIND_IGNORED, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("locked.model"), POLICY_MODEL, KIND_TEXT, FROM_MANAGED, true, false, NULL },
	{ SPAN_INIT("locked.permissionMode"), POLICY_PERMISSION_MODE, KIND_MODE, FROM_MANAGED, true, false, NULL },
	{ SPAN_INIT("locked.apiBase"), POLICY_API_BASE, KIND_TEXT, FROM_MANAGED, true, false, NULL },
	{ SPAN_INIT("locked.apiKey"), POLICY_API_KEY, KIND_TEXT, FROM_MANAGED, true, false, NULL },
	{ SPAN_INIT("locked.maxBudgetUsd"), POLICY_MAX_BUDGET_USD, KIND_NUMBER, FROM_MANAGED, true, false, NULL },
	{ SPAN_INIT("model"), POLICY_MODEL, KIND_TEXT, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("permissionMode"), POLICY_PERMISSION_MODE, KIND_MODE, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("apiBase"), POLICY_API_BASE, KIND_TEXT, FROM_MANAGED | FROM_USER, false, false, NULL },
	{ SPAN_INIT("apiKey"), POLICY_API_KEY, KIND_TEXT, FROM_MANAGED | FROM_USER, false, false, NULL },
	{ SPAN_INIT("maxBudgetUsd"), POLICY_MAX_BUDGET_USD, KIND_NUMBER, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("allowedModels"), POLICY_ALLOWED_MODELS, KIND_ALLOW_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("blockedModels"), POLICY_BLOCKED_MODELS, KIND_DENY_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("allowedTools"), POLICY_ALLOWED_TOOLS, KIND_ALLOW_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("disallowedTools"), POLICY_DISALLOWED_TOOLS, KIND_DENY_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("autoApproveTools"), POLICY_AUTO_APPROVE_TOOLS, KIND_DENY_LIST, FROM_MANAGED | FROM_USER, false, false, NULL },
	{ SPAN_INIT("disableWebAccess"), POLICY_DISABLE_WEB_ACCESS, KIND_BOOL, FROM_ALL, false, true, NULL },
	{ SPAN_INIT("auditLog"), POLICY_AUDIT_LOG, KIND_BOOL, FROM_ALL, false, true, NULL },
	{ SPAN_INIT("audit.onFailure"), POLICY_AUDIT_ON_FAILURE, KIND_ENUM, FROM_ALL, false, false, failure_words },
	{ SPAN_INIT("orgId"), POLICY_ORG_ID, KIND_TEXT, FROM_MANAGED, true, false, NULL },
	{ SPAN_INIT("permissionRules"), POLICY_KEYS, KIND_RULES, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("permissions.allow"), POLICY_KEYS, KIND_RULE_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("permissions.ask"), POLICY_KEYS, KIND_RULE_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("permissions.deny"), POLICY_KEYS, KIND_RULE_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("allowManagedPermissionRulesOnly"), POLICY_MANAGED_RULES_ONLY, KIND_BOOL, FROM_MANAGED, false, true, NULL },
	{ SPAN_INIT("mcpServers"), POLICY_KEYS, KIND_SERVERS, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.mode"), POLICY_PERMISSION_MODE, KIND_MODE, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.restrictedPaths"), POLICY_RESTRICTED_PATHS, KIND_DENY_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.allowedPaths"), POLICY_ALLOWED_PATHS, KIND_ALLOW_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.allowedCommands"), POLICY_ALLOWED_COMMANDS, KIND_DENY_LIST, FROM_MANAGED | FROM_USER, false, false, NULL },
	{ SPAN_INIT("security.deniedTools"), POLICY_DISALLOWED_TOOLS, KIND_DENY_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.requireApproval"), POLICY_REQUIRE_APPROVAL, KIND_DENY_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.maxFileSize"), POLICY_MAX_FILE_SIZE, KIND_NUMBER, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.maxExecutionTime"), POLICY_MAX_EXECUTION_TIME, KIND_NUMBER, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("security.auditLogging"), POLICY_AUDIT_LOG, KIND_BOOL, FROM_ALL, false, true, NULL },
	{ SPAN_INIT("sandbox.enabled"), POLICY_SANDBOX_ENABLED, KIND_BOOL, FROM_ALL, false, true, NULL },
	{ SPAN_INIT("sandbox.require"), POLICY_SANDBOX_REQUIRE, KIND_DENY_LIST, FROM_ALL, false, false, NULL },
	{ SPAN_INIT("sandbox.network"), POLICY_SANDBOX_NETWORK, KIND_ENUM, FROM_ALL, false, false, network_words },
	{ SPAN_INIT("sandbox.writable"), POLICY_SANDBOX_WRITABLE, KIND_ALLOW_LIST, FROM_MANAGED | FROM_USER, false, false, NULL },
	{ SPAN_INIT("network.allow"), POLICY_NETWORK_ALLOW, KIND_ALLOW_LIST, FROM_MANAGED | FROM_USER, false, false, NULL },
	{ SPAN_INIT("network.deny"), POLICY_NETWORK_DENY, KIND_DENY_LIST, FROM_ALL, false, false, NULL },
};
/* clang-format on */
const size_t policy_row_count = sizeof(policy_rows) / sizeof(policy_rows[0]);

const struct policy_row *policy_row_find(struct span name)
{
	for (size_t i = 0; i < policy_row_count; i++)
		if (span_equal(policy_rows[i].name, name))
			return &policy_rows[i];
	return NULL;
}

bool policy_row_section(struct span name)
{
	for (size_t i = 0; i < policy_row_count; i++) {
		struct span row = policy_rows[i].name;

		if (row.len > name.len && row.ptr[name.len] == '.' && span_starts(row, name))
			return true;
	}
	return false;
}

struct span policy_key_name(enum policy_key key)
{
	struct span name = SPAN("");

	/* The last row of a key that is no lock has its plain name; security.* stand in for older ones. */
	for (size_t i = 0; i < policy_row_count; i++)
		if (policy_rows[i].key == key &&
		    (name.len == 0 || span_starts(name, SPAN("locked."))))
			name = policy_rows[i].name;
	return name;
}

struct span policy_layer_name(enum policy_layer layer)
{
	switch (layer) {
	case POLICY_BUILT_IN:
		return SPAN("built-in");
	case POLICY_SYSTEM:
		return SPAN("system");
	case POLICY_PACK:
		return SPAN("pack");
	case POLICY_USER_MANAGED:
		return SPAN("user-managed");
	case POLICY_PROJECT:
		return SPAN("project");
	case POLICY_USER:
		return SPAN("user");
	case POLICY_ENVIRONMENT:
		return SPAN("environment");
	case POLICY_COMMAND_LINE:
		return SPAN("command-line");
	case POLICY_SAVED_GRANT:
		return SPAN("saved-grant");
	case POLICY_SESSION_GRANT:
		return SPAN("session-grant");
	case POLICY_LAYERS:
		break;
	}
	return SPAN("");
}

bool policy_layer_managed(enum policy_layer layer)
{
	return layer == POLICY_SYSTEM || layer == POLICY_PACK || layer == POLICY_USER_MANAGED;
}

unsigned policy_layer_from(enum policy_layer layer)
{
	if (policy_layer_managed(layer))
		return FROM_MANAGED;
	return layer == POLICY_PROJECT ? FROM_PROJECT : FROM_USER;
}

struct span policy_mode_name(enum policy_mode mode)
{
	switch (mode) {
	case POLICY_MODE_PLAN:
		return SPAN("plan");
	case POLICY_MODE_ASK:
		return SPAN("ask");
	case POLICY_MODE_ACCEPT_EDITS:
		return SPAN("acceptEdits");
	case POLICY_MODE_PERMISSIVE:
		break;
	}
	return SPAN("permissive");
}
