/* The table: what the help, the completions and the test of the manual pages read. */
#include "cli/cli.h"

#define HELP_OPTION                                     \
	{                                               \
		"help", 'h', NULL, "say how it is used" \
	}
#define JSON_OPTION                             \
	{                                       \
		"json", 'j', NULL, "print JSON" \
	}

static const struct args_option only_help[] = { HELP_OPTION, { 0 } };

/* Read by the audit program itself; here for the help and the completions. */
static const struct args_option audit_options[] = {
	{ "limit", 'n', "N", "list, tail: the newest N (list 50, tail 20)" },
	{ "all", 300, NULL, "list: all of them" },
	{ "after", 301, "SEQ", "list: the first ones behind this one" },
	{ "event-type", 302, "TYPE", "list, tail: tool_execute, tool_blocked, session_start ..." },
	{ "session", 303, "ID", "list, tail: of this session" },
	{ "tool", 304, "NAME", "list, tail: of this tool" },
	{ "decision", 305, "DECISION", "list, tail: allow, ask or deny" },
	{ "since", 306, "TIME", "list, tail: 2026-11-21, 2026-11-21T09:00:00Z, 2h, 7d" },
	{ "until", 307, "TIME", "list, tail: the same" },
	{ "follow", 'f', NULL, "tail: go on with what is written" },
	{ "json", 308, NULL, "one JSON object a line" },
	{ "fields", 309, "NAME,...", "only these, as JSON" },
	{ "receipt", 310, "SIZE:HEAD", "verify: that the record still holds what it once held" },
	{ "quick", 311, NULL, "verify: without comparing indexes with tables" },
	{ "require-anchor", 312, NULL, "verify: status 3 where nothing outside vouches for it" },
	{ "state", 313, "DIRECTORY", "instead of ~/.bailiff" },
	{ "database", 314, "FILE", "a copy that lies elsewhere" },
	HELP_OPTION,
	{ 0 }
};

static const struct args_option check_options[] = {
	{ "json", 'j', NULL,
	  "read one action as JSON from standard input; print the verdict as JSON" },
	{ "ask", 'a', NULL,
	  "where the verdict is ask, ask on the terminal, and record the answer" },
	{ "batch", 'b', NULL, "read JSON Lines, print one verdict a line, in the same order" },
	{ "hypothetical", 300, NULL,
	  "ask nothing of the files of this machine: judge the text alone" },
	{ "cwd", 'C', "DIR", "judge as if started in DIR" },
	{ "session", 's', "ID", "count the grants of this session" },
	{ "mode", 'm', "MODE", "ask, plan, acceptEdits or permissive" },
	{ "safe", 301, NULL, "safe mode: everything is asked" },
	{ "quiet", 'q', NULL, "print nothing; the exit status says it" },
	HELP_OPTION,
	{ 0 }
};

static const struct args_option explain_options[] = {
	JSON_OPTION,
	{ "hypothetical", 300, NULL, "ask nothing of the files of this machine" },
	{ "cwd", 'C', "DIR", "explain as if started in DIR" },
	HELP_OPTION,
	{ 0 }
};

static const struct args_option hook_options[] = {
	{ "deadline", 'd', "MS", "refuse when no verdict is there after MS milliseconds (2000)" },
	HELP_OPTION,
	{ 0 }
};

static const struct args_option install_options[] = {
	{ "user", 'u', NULL, "in the settings of this user (the default)" },
	{ "project", 'p', NULL, "in the settings of this project" },
	{ "managed", 'm', NULL, "in the settings that users cannot switch off; needs root" },
	JSON_OPTION,
	HELP_OPTION,
	{ 0 }
};

static const struct args_option doctor_options[] = { JSON_OPTION, HELP_OPTION, { 0 } };

/* Numbers as in cli/run.c. */
static const struct args_option run_options[] = {
	{ "agent", 'a', "NAME",
	  "use the profile of this agent (by default: by the program's name)" },
	{ "workspace", 'w', "DIR", "what may be written (by default: the project's folder)" },
	{ "read", 300, "PATH", "show PATH, read-only" },
	{ "write", 301, "PATH", "show PATH, writable" },
	{ "env", 302, "NAME[=VALUE]", "let a variable through, or set it" },
	{ "allow-host", 303, "HOST[:PORT]", "let the broker connect to HOST" },
	{ "network", 304, "MODE", "off, proxy or host" },
	{ "timeout", 305, "TIME", "end it after TIME: 90s, 15m, 2h" },
	{ "level", 306, "N", "3: namespaces; 2: Landlock and seccomp alone" },
	{ "with-env", 307, NULL, "do not hide the .env files of the workspace" },
	{ "allow-unconfined", 308, NULL, "run it even where nothing can confine it" },
	{ "safe", 309, NULL, "safe mode: everything inside is asked" },
	{ "dry-run", 310, NULL, "print the plan, and run nothing" },
	{ "verbose", 'v', NULL,
	  "say on standard error what holds, also where that is no terminal" },
	JSON_OPTION,
	HELP_OPTION,
	{ 0 }
};

static const struct args_option version_options[] = { JSON_OPTION, HELP_OPTION, { 0 } };

static const char *const shells[] = { "bash", "zsh", "fish", NULL };
static const char *const hosts[] = { "claude-code", "codex", NULL };
static const struct args_option policy_options[] = {
	JSON_OPTION,
	{ "key", 'k', "KEY", "show: one key, with everything that was said about it" },
	{ "layer", 'l', "LAYER", "check: as a file of this layer (system)" },
	HELP_OPTION,
	{ 0 }
};

static const struct args_option permissions_options[] = {
	JSON_OPTION,
	{ "session", 's', "ID", "of this session; without it what is granted is saved for good" },
	{ "expires", 'e', "TIME", "grant: for 30m, 8h, 7d ..." },
	{ "everywhere", 302, NULL, "grant: in every project, not only in this one" },
	{ "all", 'a', NULL, "reset: sessions too" },
	HELP_OPTION,
	{ 0 }
};

static const struct args_option config_options[] = {
	JSON_OPTION,
	{ "global", 'g', NULL, "the user's settings" },
	{ "project", 'p', NULL, "the project's settings (what set and remove do by themselves)" },
	HELP_OPTION,
	{ 0 }
};

static const char *const policy_words[] = { "show", "check", "test", "schema", NULL };
static const char *const permissions_words[] = { "list", "grant", "revoke", "reset", NULL };
static const char *const config_words[] = { "get", "set", "remove", NULL };
static const char *const audit_words[] = { "list", "show", "tail", "verify", NULL };

/* clang-format off */
const struct cli_command cli_commands[] = {
	{ "audit", "list|show|tail|verify [OPTION...]", "read and verify the record", audit_options, audit_words, NULL },
	{ "check", "[OPTION...] TOOL INPUT", "judge an action without doing it", check_options, NULL, cli_check },
	{ "completion", "bash|zsh|fish", "print completions for a shell", only_help, shells, cli_completion },
	{ "config", "get|set|remove [-g|--project] KEY [VALUE]", "read and change settings", config_options, config_words, cli_config },
	{ "doctor", "[--json]", "say what can protect here, what cannot, and how to mend it", doctor_options, NULL, cli_doctor },
	{ "explain", "[OPTION...] COMMAND", "show what a command line would do, and why it is judged so", explain_options, NULL, cli_explain },
	{ "help", "[COMMAND]", "say how a command is used", only_help, NULL, cli_help },
	{ "hook", "[OPTION...] HOST", "answer the hook of an agent on standard input", hook_options, hosts, cli_hook },
	{ "install", "[OPTION...] AGENT", "put hooks into the settings of an agent", install_options, hosts, cli_install },
	{ "permissions", "list|grant|revoke|reset [OPTION...] [RULE|ID]", "list, give and take back grants", permissions_options, permissions_words, cli_permissions },
	{ "policy", "show|check|test|schema [OPTION...] [FILE]", "show the policy in force, check a file, test cases, print the schema", policy_options, policy_words, cli_policy },
	{ "run", "[OPTION...] [--] COMMAND [ARGUMENT...]", "run a command or an agent in a sandbox", run_options, NULL, cli_run },
	{ "uninstall", "[OPTION...] AGENT", "take the hooks out again", install_options, hosts, cli_uninstall },
	{ "version", "", "print the version", version_options, NULL, cli_version },
};
/* clang-format on */
const size_t cli_command_count = sizeof cli_commands / sizeof cli_commands[0];
