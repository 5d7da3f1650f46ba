/*
 * Bailiff's entries in an agent's own settings: put in, taken out, and everything
 * else left as it was.  Text in, text out; no file is touched here.
 */
#ifndef BAILIFF_HOOK_INSTALL_H
#define BAILIFF_HOOK_INSTALL_H

#include "hook/hook.h"

/* What stands in the settings: every event of the host, and the command that answers it. */
struct hook_entries {
	const struct hook_host *host;
	struct span command; /* "/usr/bin/bailiff hook claude-code" */
};

/*
 * Settings that hold Bailiff's hooks for every event of the host, once each, and all
 * that `before` held.  before: a JSON object, or empty for a file that is not there.
 * *changed is false where everything was there already.
 */
bool hook_settings_add(const struct hook_entries *entries, struct span before, struct arena *arena,
                       struct outbuf *after, bool *changed, struct problem *problem)
	__attribute__((warn_unused_result));

/* The same without Bailiff's hooks; lists and objects that became empty by that are gone too. */
bool hook_settings_remove(const struct hook_host *host, struct span before, struct arena *arena,
                          struct outbuf *after, bool *changed, struct problem *problem)
	__attribute__((warn_unused_result));

/* Whether a handler's command is a Bailiff hook for this host, wherever the program lies. */
bool hook_command_ours(const struct hook_host *host, struct span command);

/* requirements.toml of Codex: hooks that its user cannot switch off. */
void hook_codex_requirements(const struct hook_host *host, struct span command, struct outbuf *out);

#endif
