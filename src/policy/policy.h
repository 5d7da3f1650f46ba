/*
 * The policy in force: every layer read, checked and merged by the strictest.
 *
 * Layers, highest first: the system's policy.json, its packs policy.d/NAME.json, the
 * user's managed-settings.json, the project's .bailiff/settings.json (which can
 * only tighten), the user's settings.json, the environment, the command line.
 * Deny and ask rules add up, allow-lists intersect, numbers take the lower,
 * booleans the restrictive value; exact locks that differ refuse to load.  Among
 * the user's own layers the command line stands in for the environment, and that
 * for settings.json; none of them loosens what a managed layer or the project set.
 *
 * Two steps: policy_read() does the I/O and the checks of trust, policy_merge() is
 * pure.  Anything wrong is a refusal with a place: the doors exit 77.
 */
#ifndef BAILIFF_POLICY_POLICY_H
#define BAILIFF_POLICY_POLICY_H

#include <sys/types.h>

#include "base/json.h"
#include "policy/rule.h"

enum policy_layer {
	POLICY_BUILT_IN = 0,
	POLICY_SYSTEM,       /* /etc/bailiff/policy.json */
	POLICY_PACK,         /* /etc/bailiff/policy.d/NAME.json */
	POLICY_USER_MANAGED, /* ~/.bailiff/managed-settings.json */
	POLICY_PROJECT,      /* PROJECT/.bailiff/settings.json */
	POLICY_USER,         /* STATE/settings.json */
	POLICY_ENVIRONMENT,
	POLICY_COMMAND_LINE,  /* flags, and `permissions` that come with an action */
	POLICY_SAVED_GRANT,   /* STATE/grants.json */
	POLICY_SESSION_GRANT, /* STATE/sessions/ID.json */
	POLICY_LAYERS
};
/* "built-in", "system", "pack", "user-managed", "project", "user", "environment", "command-line" ... */
struct span policy_layer_name(enum policy_layer layer);
/* System, packs, user-managed. */
bool policy_layer_managed(enum policy_layer layer);

struct policy_source {
	enum policy_layer layer;
	struct span file; /* its path; "--mode", "BAILIFF_MODEL", "built-in" for what is no file */
	size_t line, column; /* from 1; 0 for what is no file */
};
/* "FILE:LINE:COLUMN", or the name alone. */
bool policy_source_text(const struct policy_source *source, struct arena *arena, struct span *text)
	__attribute__((warn_unused_result));

/* Strictest first.  "safe" is no mode of its own but policy.safe: it goes with each. */
enum policy_mode {
	POLICY_MODE_PLAN = 0,     /* reads only; whatever changes something is denied */
	POLICY_MODE_ASK,          /* the default */
	POLICY_MODE_ACCEPT_EDITS, /* edits inside the workspace pass */
	POLICY_MODE_PERMISSIVE
};
/* "plan", "ask", "acceptEdits", "permissive". */
struct span policy_mode_name(enum policy_mode mode);

/* The keys that a policy file may hold; names, types and merge rules are in keys.c. */
enum policy_key {
	POLICY_MODEL = 0,       /* model, locked.model */
	POLICY_PERMISSION_MODE, /* permissionMode, locked.permissionMode, security.mode */
	POLICY_API_BASE,        /* apiBase, locked.apiBase */
	POLICY_API_KEY, /* apiKey, locked.apiKey: a reference ("env:NAME", "keyring:NAME"), never a key */
	POLICY_MAX_BUDGET_USD, /* maxBudgetUsd, locked.maxBudgetUsd: the lower one (reading 1) */
	POLICY_ALLOWED_MODELS,
	POLICY_BLOCKED_MODELS,
	POLICY_ALLOWED_TOOLS,      /* an allow-list where not empty (reading 2) */
	POLICY_DISALLOWED_TOOLS,   /* disallowedTools, security.deniedTools: also deny rules */
	POLICY_AUTO_APPROVE_TOOLS, /* also allow rules */
	POLICY_DISABLE_WEB_ACCESS,
	POLICY_AUDIT_LOG,        /* auditLog, security.auditLogging */
	POLICY_AUDIT_ON_FAILURE, /* audit.onFailure: "deny" (default) or "allow" */
	POLICY_ORG_ID,
	POLICY_RESTRICTED_PATHS, /* also rules: writing is denied, reading asked (reading 43) */
	POLICY_ALLOWED_PATHS, /* an allow-list of places: writing elsewhere is denied, reading asked */
	POLICY_ALLOWED_COMMANDS, /* also allow rules */
	POLICY_REQUIRE_APPROVAL, /* file_read, file_write, file_delete, command, network, or a tool: asked each time */
	POLICY_MAX_FILE_SIZE,      /* bytes */
	POLICY_MAX_EXECUTION_TIME, /* milliseconds */
	POLICY_SANDBOX_ENABLED,
	POLICY_SANDBOX_REQUIRE, /* protections that must be there: "landlock", "seccomp", "userns" ... */
	POLICY_SANDBOX_NETWORK,  /* none, proxy, host: strictest first */
	POLICY_SANDBOX_WRITABLE, /* paths besides the workspace that a guarded run may write */
	POLICY_NETWORK_ALLOW,    /* hosts the egress proxy lets through: an allow-list */
	POLICY_NETWORK_DENY,
	POLICY_MANAGED_RULES_ONLY, /* allowManagedPermissionRulesOnly: allow rules and grants of users do not count */
	POLICY_KEYS
};
/* The name it is shown under: "maxBudgetUsd", "security.restrictedPaths". */
struct span policy_key_name(enum policy_key key);

struct policy_item {
	struct span text;
	struct policy_source source;
	double number; /* of numbers */
	bool locked;
	unsigned
		group; /* of allow-lists: the file it is from; what is allowed is in a list of every group */
};

/* One key's effective value, with everything that was said about it. */
struct policy_value {
	bool set;    /* some layer says something; else the built-in value stands below */
	bool locked; /* lower layers cannot change it */
	struct policy_source source; /* what bound */
	bool truth;                  /* of booleans */
	double number;               /* of numbers; HUGE_VAL where there is no bound */
	struct span text;            /* of texts; empty where not set */
	struct policy_item *
		items; /* lists: the elements; else: every statement, the one that bound among them */
	size_t count;
};

struct policy_rule {
	struct rule rule;
	struct policy_source source;
	struct span id;      /* of grants: their UUID; else empty */
	struct span session; /* of session grants */
	uint64_t expires_ns; /* of grants: wall clock; 0: does not expire */
	bool grant;
};

/* Something that did not stop the policy from loading, and that a person should know. */
struct policy_note {
	enum policy_note_kind {
		POLICY_WARNING = 0, /* an unknown key in a user file, a rule that matches nothing */
		POLICY_VIOLATION /* a lower layer tried to loosen: without effect, and an audit event */
	} kind;
	struct policy_source source;
	struct policy_source
		against; /* of violations: what it tried to change; layer BUILT_IN where there is no place */
	struct span key;  /* "permissionMode" */
	const char *what; /* static text: a sentence */
	struct policy_note *next;
};

struct policy_server { /* mcpServers.NAME */
	struct span name;
	struct policy_item
		*allowed; /* globs over the server's tools; an allow-list where not empty */
	size_t allowed_count;
	struct policy_server *next;
};

struct policy {
	enum policy_mode mode;
	bool safe; /* everything is asked, nothing is remembered */
	struct policy_value values[POLICY_KEYS];
	struct policy_rule
		*rules; /* of all layers and actions, grants among them, in order of reading */
	size_t rule_count;
	struct policy_server *servers;
	struct policy_note *notes;
	bool managed; /* a managed layer exists */
	/* SHA-256 over the bytes of every layer in order: two policies with one digest judge alike. */
	unsigned char digest[32];
};

/* Where the files are looked for.  Spans are absolute directories; empty: that layer is not read. */
struct policy_places {
	struct span system;       /* "/etc/bailiff" */
	struct span user_managed; /* HOME/.bailiff, HOME from the passwd entry */
	struct span user_state;   /* BAILIFF_HOME or HOME/.bailiff */
	struct span project;      /* its root; the file is .bailiff/settings.json below it */
	struct span home;         /* the passwd entry's; empty: none.  Nothing is read by it */
	uid_t system_owner;       /* who must own what is below `system`: 0 */
	uid_t user_owner;         /* who must own the user's files (root may, too) */
	/* The folders are read-only mounts that Bailiff made: owners, modes and parents were checked before. */
	bool vouched;
};

/* What went wrong with a policy, and where. */
struct policy_fault {
	struct problem problem;
	struct policy_source at;    /* file may be empty where memory ran out */
	struct policy_source other; /* the second place of a conflict; else file empty */
	struct span detail;         /* the key or text it is about; may be empty */
};
/* "FILE:LINE:COLUMN: what: detail (see FILE:LINE:COLUMN)", without the program's name or a line end. */
bool policy_fault_text(const struct policy_fault *fault, struct arena *arena, struct span *text)
	__attribute__((warn_unused_result));

/* One layer's bytes, as read. */
struct policy_file {
	enum policy_layer layer;
	struct span path;
	struct span bytes;
	struct policy_file *next;
};

/*
 * Fills *places for the user `uid` from the passwd entry and `state` (the value
 * of BAILIFF_HOME; empty: HOME/.bailiff).
 */
bool policy_places_of(uid_t uid, struct span state, struct span project, struct arena *arena,
                      struct policy_places *places, struct problem *problem)
	__attribute__((warn_unused_result));

/*
 * Opens and reads every file that is there, and refuses those that cannot be
 * trusted: links, wrong owner, writable for others (the file or a parent), larger
 * than 1 MiB, no regular file.  A file that is missing is no layer.
 */
bool policy_read(const struct policy_places *places, struct arena *arena,
                 struct policy_file **files, struct policy_fault *fault)
	__attribute__((warn_unused_result));

/* One file with the same checks; *file is NULL where there is none. */
struct policy_wanted {
	enum policy_layer layer;
	struct span folder; /* absolute */
	const char *name;
};
bool policy_read_one(const struct policy_places *places, const struct policy_wanted *wanted,
                     struct arena *arena, struct policy_file **file, struct policy_fault *fault)
	__attribute__((warn_unused_result));

/* A value that is given for this process alone: a flag or an environment variable. */
struct policy_override {
	enum policy_layer layer; /* ENVIRONMENT or COMMAND_LINE */
	struct span key;   /* "permissionMode", "model", "maxBudgetUsd", "apiBase", "apiKey" */
	struct span value; /* as typed */
	struct span from;  /* "--mode", "BAILIFF_MODEL" */
	struct policy_override *next;
};

/*
 * Merges.  `files` in any order, `overrides` may be NULL; `permissions` (may be
 * NULL) is an object {allow,ask,deny} of rule texts that counts as the command
 * line's, and is named `permissions_from` in sources.
 * Pure.  Everything in *policy lives in the arena or in the files' bytes.
 */
struct policy_input {
	const struct policy_file *files;
	const struct policy_override *overrides;
	const struct json_value *permissions;
	struct span permissions_from;
};
bool policy_merge(const struct policy_input *input, struct arena *arena, struct policy *policy,
                  struct policy_fault *fault) __attribute__((warn_unused_result));

/* The default posture: mode ask, audit on, sandbox on, no rule. */
void policy_default(struct policy *policy);

/* Adds one rule (a grant, say) behind the others.  False: out of memory. */
bool policy_add_rule(struct policy *policy, const struct policy_rule *rule, struct arena *arena)
	__attribute__((warn_unused_result));

/*
 * Questions.  Each gives true where the policy has nothing against it; else *item
 * (which may be NULL) is what stands against it: the blocking entry, or the first
 * of the allow-list that has no match.
 */
/* Readings 2 and 6: allowedTools, disallowedTools, mcpServers.  Any case. */
bool policy_allows_tool(const struct policy *policy, struct span tool,
                        const struct policy_item **item);
/* Reading 6: blocked wins over allowed.  Ask for the primary, the fallback and the tertiary model. */
bool policy_allows_model(const struct policy *policy, struct span model,
                         const struct policy_item **item);
/* network.deny wins; without network.allow every host passes here.  "*.x" is any depth below x. */
bool policy_allows_host(const struct policy *policy, struct span host,
                        const struct policy_item **item);

#endif
