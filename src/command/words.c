/* The vocabulary of bailiff-commands(5): verbs, flags, styles. */
#include "command/private.h"

/* clang-format off */
static const struct command_verb_word verb_words[] = {
	/*                           name              target         language changes */
	[COMMAND_UNKNOWN]        = { "unknown",        WANTS_MAYBE,   false, true },
	[COMMAND_LIST]           = { "list",           WANTS_TARGET,  false, false },
	[COMMAND_READ]           = { "read",           WANTS_TARGET,  false, false },
	[COMMAND_WRITE]          = { "write",          WANTS_TARGET,  false, true },
	[COMMAND_APPEND]         = { "append",         WANTS_TARGET,  false, true },
	[COMMAND_MODIFY]         = { "modify",         WANTS_TARGET,  false, true },
	[COMMAND_CREATE]         = { "create",         WANTS_TARGET,  false, true },
	[COMMAND_DELETE]         = { "delete",         WANTS_TARGET,  false, true },
	[COMMAND_MOVE]           = { "move",           WANTS_TARGET,  false, true },
	[COMMAND_MODE]           = { "mode",           WANTS_TARGET,  false, true },
	[COMMAND_OWNER]          = { "owner",          WANTS_TARGET,  false, true },
	[COMMAND_LINK]           = { "link",           WANTS_TARGET,  false, true },
	[COMMAND_DEVICE]         = { "device",         WANTS_MAYBE,   false, true },
	[COMMAND_MOUNT]          = { "mount",          WANTS_MAYBE,   false, true },
	[COMMAND_CONNECT]        = { "connect",        WANTS_MAYBE,   false, false },
	[COMMAND_LISTEN]         = { "listen",         WANTS_MAYBE,   false, false },
	[COMMAND_SEND]           = { "send",           WANTS_TARGET,  false, true },
	[COMMAND_UPLOAD]         = { "upload",         WANTS_TARGET,  false, true },
	[COMMAND_FETCH]          = { "fetch",          WANTS_NOTHING, false, false },
	[COMMAND_RUN]            = { "run",            WANTS_TARGET,  false, false },
	[COMMAND_SHELL]          = { "shell",          WANTS_TARGET,  false, false },
	[COMMAND_SCRIPT]         = { "script",         WANTS_TARGET,  true,  false },
	[COMMAND_CODE]           = { "code",           WANTS_TARGET,  true,  false },
	[COMMAND_REMOTE]         = { "remote",         WANTS_TARGET,  false, false },
	[COMMAND_STDIN_SHELL]    = { "stdin-shell",    WANTS_NOTHING, false, false },
	[COMMAND_STDIN_CODE]     = { "stdin-code",     WANTS_NOTHING, true,  false },
	[COMMAND_STDIN_READ]     = { "stdin",          WANTS_NOTHING, false, false },
	[COMMAND_PROJECT]        = { "project",        WANTS_MAYBE,   false, false },
	[COMMAND_CHDIR]          = { "chdir",          WANTS_TARGET,  false, false },
	[COMMAND_ENVIRONMENT]    = { "environment",    WANTS_TARGET,  false, false },
	[COMMAND_PRIVILEGE]      = { "privilege",      WANTS_MAYBE,   false, false },
	[COMMAND_PACKAGE_ADD]    = { "package-add",    WANTS_MAYBE,   false, true },
	[COMMAND_PACKAGE_REMOVE] = { "package-remove", WANTS_MAYBE,   false, true },
	[COMMAND_SERVICE]        = { "service",        WANTS_MAYBE,   false, true },
	[COMMAND_FIREWALL]       = { "firewall",       WANTS_MAYBE,   false, true },
	[COMMAND_CONFIGURE]      = { "configure",      WANTS_MAYBE,   false, true },
	[COMMAND_POWER]          = { "power",          WANTS_NOTHING, false, true },
	[COMMAND_KERNEL]         = { "kernel",         WANTS_MAYBE,   false, true },
	[COMMAND_ACCOUNT]        = { "account",        WANTS_MAYBE,   false, true },
	[COMMAND_SIGNAL]         = { "signal",         WANTS_MAYBE,   false, true },
	[COMMAND_CONTAINER]      = { "container",      WANTS_MAYBE,   false, true },
	[COMMAND_CLOUD]          = { "cloud",          WANTS_MAYBE,   false, true },
	[COMMAND_DATABASE]       = { "database",       WANTS_MAYBE,   false, true },
	[COMMAND_HISTORY]        = { "history",        WANTS_MAYBE,   false, true },
	[COMMAND_PUBLISH]        = { "publish",        WANTS_MAYBE,   false, true },
	[COMMAND_SCHEDULE]       = { "schedule",       WANTS_MAYBE,   false, true },
	[COMMAND_SECRET]         = { "secret",         WANTS_MAYBE,   false, false },
	[COMMAND_SETTING]        = { "setting",        WANTS_TARGET,  false, false },
	[COMMAND_EXIT]           = { "exit",           WANTS_NOTHING, false, false },
};

struct word {
	const char *name;
	unsigned value;
};

static const struct word flag_words[] = {
	{ "recursive", COMMAND_RECURSIVE }, { "force", COMMAND_FORCE }, { "preview", COMMAND_PREVIEW },
	{ "inform", COMMAND_INFORM }, { "system", COMMAND_SYSTEM }, { "all", COMMAND_ALL },
	{ "insecure", COMMAND_INSECURE }, { "more", COMMAND_MORE }, { NULL, 0 },
};
static const struct word reading_words[] = {
	{ "or-remote", READING_OR_REMOTE }, { "at-file", READING_AT_FILE },
	{ "form-file", READING_FORM_FILE },{ "with-slash", READING_SLASH }, { NULL, 0 },
};
static const struct word style_words[] = {
	{ "long-single-dash", STYLE_SINGLE_DASH }, { "bundle-first", STYLE_BUNDLE },
	{ "plain-dash", STYLE_PLAIN_DASH }, { "inherit", STYLE_INHERIT },
	{ "response", STYLE_RESPONSE }, { "no-help", STYLE_NO_HELP }, { "open", STYLE_OPEN },
	{ "wrapper", STYLE_WRAPPER }, { "builtin", STYLE_BUILTIN }, { NULL, 0 },
};
/* clang-format on */

static bool find_word(const struct word *words, struct span word, unsigned *value)
{
	for (; words->name != NULL; words++) {
		if (span_equal(span_of(words->name), word)) {
			*value = words->value;
			return true;
		}
	}
	return false;
}

const struct command_verb_word *command_verb_word(enum command_verb verb)
{
	if ((size_t)verb >= sizeof(verb_words) / sizeof(verb_words[0]))
		return NULL;
	return &verb_words[verb];
}

struct span command_verb_name(enum command_verb verb)
{
	const struct command_verb_word *word = command_verb_word(verb);

	return word == NULL ? SPAN("unknown") : span_of(word->name);
}

bool command_verb_find(struct span word, enum command_verb *verb)
{
	for (size_t i = 0; i < sizeof(verb_words) / sizeof(verb_words[0]); i++) {
		if (span_equal(span_of(verb_words[i].name), word)) {
			*verb = (enum command_verb)i;
			return true;
		}
	}
	return false;
}

bool command_flag_find(struct span word, uint16_t *flag)
{
	unsigned value;

	if (!find_word(flag_words, word, &value))
		return false;
	*flag = (uint16_t)value;
	return true;
}

bool command_reading_find(struct span word, uint8_t *reading)
{
	unsigned value;

	if (!find_word(reading_words, word, &value))
		return false;
	*reading = (uint8_t)value;
	return true;
}

bool command_style_find(struct span word, uint16_t *style)
{
	unsigned value;

	if (!find_word(style_words, word, &value))
		return false;
	*style = (uint16_t)value;
	return true;
}
