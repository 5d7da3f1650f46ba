/*
 * Variables that make programs run or load something.  Sources: ld.so(8), bash(1), git(1), the
 * manuals of the interpreters, ATT&CK T1574.006 and T1574.007.
 */
#include "effect/engine.h"

struct row {
	struct span name;
	const char *why;
	bool command; /* its value is a command line */
};

#define ROW(name, why)                      \
	{                                   \
		SPAN_INIT(name), why, false \
	}
#define COMMAND(name, why)                 \
	{                                  \
		SPAN_INIT(name), why, true \
	}

/* clang-format off */
static const struct row rows[] = { /* sorted by byte order */
	ROW("ANSIBLE_CONFIG", "names Ansible's settings"),
	ROW("AWS_CONFIG_FILE", "names settings that can run programs"),
	ROW("BASHOPTS", "sets the shell's options"),
	ROW("BASH_ENV", "runs when a shell starts"),
	ROW("BASH_LOADABLES_PATH", "where the shell loads code from"),
	COMMAND("BROWSER", "is run as a browser"),
	ROW("BUNDLE_GEMFILE", "names what Ruby loads"),
	ROW("BUN_INSTALL", "where programs are run from"),
	ROW("CARGO_BUILD_RUSTC", "is run as the compiler"),
	ROW("CARGO_BUILD_RUSTC_WRAPPER", "is run as the compiler"),
	ROW("CARGO_HOME", "where programs and settings come from"),
	COMMAND("CC", "is run as the compiler"),
	ROW("CDPATH", "changes what cd means"),
	ROW("CLASSPATH", "what Java loads"),
	COMMAND("CRASHPAGER", "is run as the pager"),
	COMMAND("CXX", "is run as the compiler"),
	ROW("DOCKER_HOST", "which engine runs containers"),
	ROW("DYLD_INSERT_LIBRARIES", "is loaded into every program"),
	ROW("DYLD_LIBRARY_PATH", "where libraries are loaded from"),
	COMMAND("EDITOR", "is run as the editor"),
	ROW("ENV", "runs when a shell starts"),
	COMMAND("FCEDIT", "is run as the editor"),
	ROW("FPATH", "where functions are loaded from"),
	ROW("GCC_EXEC_PREFIX", "where the compiler's parts are run from"),
	ROW("GCONV_PATH", "where libraries are loaded from"),
	ROW("GEM_HOME", "what Ruby loads"),
	ROW("GEM_PATH", "what Ruby loads"),
	ROW("GH_HOST", "which host gets the credentials"),
	COMMAND("GIT_ASKPASS", "is run by git"),
	ROW("GIT_CONFIG", "names git's settings"),
	ROW("GIT_CONFIG_COUNT", "sets git's settings"),
	ROW("GIT_CONFIG_GLOBAL", "names git's settings"),
	ROW("GIT_CONFIG_PARAMETERS", "sets git's settings"),
	ROW("GIT_CONFIG_SYSTEM", "names git's settings"),
	ROW("GIT_DIR", "which repository's settings and hooks count"),
	COMMAND("GIT_EDITOR", "is run by git"),
	ROW("GIT_EXEC_PATH", "where git runs its parts from"),
	COMMAND("GIT_EXTERNAL_DIFF", "is run by git"),
	COMMAND("GIT_PAGER", "is run by git"),
	COMMAND("GIT_PROXY_COMMAND", "is run by git"),
	COMMAND("GIT_SEQUENCE_EDITOR", "is run by git"),
	COMMAND("GIT_SSH", "is run by git"),
	COMMAND("GIT_SSH_COMMAND", "is run by git"),
	ROW("GIT_TEMPLATE_DIR", "where hooks are copied from"),
	ROW("GIT_WORK_TREE", "which folder git changes"),
	ROW("GLOBIGNORE", "changes what patterns match"),
	ROW("GNUPGHOME", "which keys are used"),
	ROW("GOFLAGS", "options of every go command"),
	ROW("GOPROXY", "where code is downloaded from"),
	ROW("GRADLE_OPTS", "options of every build"),
	ROW("HISTFILE", "where the shell writes what was typed"),
	ROW("HOME", "whose settings and credentials are used"),
	ROW("HTTPS_PROXY", "who sees the traffic"),
	ROW("HTTP_PROXY", "who sees the traffic"),
	ROW("IFS", NULL),
	ROW("INPUTRC", "binds keys of every shell"),
	ROW("JAVA_TOOL_OPTIONS", "what Java loads"),
	ROW("JDK_JAVA_OPTIONS", "what Java loads"),
	ROW("KUBECONFIG", "which cluster and credentials are used"),
	ROW("KUBE_EDITOR", "is run as the editor"),
	ROW("LD_AUDIT", "is loaded into every program"),
	ROW("LD_LIBRARY_PATH", "where libraries are loaded from"),
	ROW("LD_PRELOAD", "is loaded into every program"),
	COMMAND("LESSCLOSE", "is run by less"),
	COMMAND("LESSEDIT", "is run by less"),
	COMMAND("LESSOPEN", "is run by less"),
	ROW("LOCPATH", "where locales are loaded from"),
	ROW("LUA_CPATH", "what Lua loads"),
	ROW("LUA_INIT", "runs when Lua starts"),
	ROW("LUA_PATH", "what Lua loads"),
	COMMAND("MAIL", NULL),
	COMMAND("MAKE", NULL),
	ROW("MAKEFILES", "read by every make"),
	ROW("MAKEFLAGS", "options of every make"),
	COMMAND("MANOPT", "options of man"),
	COMMAND("MANPAGER", "is run by man"),
	COMMAND("MANROFFOPT", "options of man"),
	ROW("MAVEN_OPTS", "options of every build"),
	ROW("MYSQL_HOME", "names settings that can run programs"),
	ROW("NODE_EXTRA_CA_CERTS", "whom to trust"),
	ROW("NODE_OPTIONS", "what node loads"),
	ROW("NODE_PATH", "what node loads"),
	ROW("NODE_TLS_REJECT_UNAUTHORIZED", "switches off the check of identity"),
	ROW("NPM_CONFIG_REGISTRY", "where packages come from"),
	ROW("NPM_CONFIG_SCRIPT_SHELL", "is run as the shell"),
	ROW("OPENSSL_CONF", "what OpenSSL loads"),
	ROW("OPENSSL_MODULES", "what OpenSSL loads"),
	COMMAND("PAGER", "is run as the pager"),
	ROW("PATH", "where programs are found"),
	ROW("PERL5DB", "runs when Perl starts"),
	ROW("PERL5LIB", "what Perl loads"),
	ROW("PERL5OPT", "what Perl loads"),
	ROW("PERLLIB", "what Perl loads"),
	ROW("PHPRC", "PHP's settings"),
	ROW("PHP_INI_SCAN_DIR", "PHP's settings"),
	ROW("PIP_EXTRA_INDEX_URL", "where packages come from"),
	ROW("PIP_INDEX_URL", "where packages come from"),
	COMMAND("PROMPT_COMMAND", "runs at every prompt"),
	ROW("PS0", "is expanded at every command"),
	ROW("PS1", "is expanded at every prompt"),
	ROW("PS4", "is expanded at every traced command"),
	ROW("PYTHONBREAKPOINT", "is run at a breakpoint"),
	ROW("PYTHONHOME", "what Python loads"),
	ROW("PYTHONINSPECT", NULL),
	ROW("PYTHONPATH", "what Python loads"),
	ROW("PYTHONSTARTUP", "runs when Python starts"),
	ROW("PYTHONUSERBASE", "what Python loads"),
	ROW("PYTHONWARNINGS", "what Python loads"),
	ROW("REQUESTS_CA_BUNDLE", "whom to trust"),
	ROW("RSYNC_CONNECT_PROG", "is run by rsync"),
	COMMAND("RSYNC_RSH", "is run by rsync"),
	ROW("RUBYLIB", "what Ruby loads"),
	ROW("RUBYOPT", "what Ruby loads"),
	ROW("RUSTC", "is run as the compiler"),
	ROW("RUSTC_WRAPPER", "is run as the compiler"),
	ROW("RUSTFLAGS", "options of the compiler"),
	ROW("R_PROFILE", "runs when R starts"),
	COMMAND("SELECTED_EDITOR", "is run as the editor"),
	COMMAND("SHELL", "is run as the shell"),
	ROW("SHELLOPTS", "sets the shell's options"),
	ROW("SSH_ASKPASS", "is run by ssh"),
	ROW("SSH_AUTH_SOCK", "whose keys are used"),
	ROW("SSLKEYLOGFILE", "writes the keys of the traffic"),
	ROW("SSL_CERT_DIR", "whom to trust"),
	ROW("SSL_CERT_FILE", "whom to trust"),
	COMMAND("SUDO_ASKPASS", "is run by sudo"),
	COMMAND("SUDO_EDITOR", "is run by sudo"),
	ROW("SYSTEMD_EDITOR", "is run as the editor"),
	COMMAND("SYSTEMD_PAGER", "is run as the pager"),
	COMMAND("TAR_OPTIONS", "options of every tar"),
	ROW("TERMINFO", "what the terminal library loads"),
	ROW("TF_CLI_CONFIG_FILE", "where providers come from"),
	COMMAND("VISUAL", "is run as the editor"),
	ROW("WGETRC", "options of every wget"),
	ROW("XDG_CONFIG_HOME", "whose settings are used"),
	ROW("ZDOTDIR", "what runs when zsh starts"),
	ROW("_JAVA_OPTIONS", "what Java loads"),
	ROW("all_proxy", "who sees the traffic"),
	ROW("http_proxy", "who sees the traffic"),
	ROW("https_proxy", "who sees the traffic"),
	ROW("npm_config_registry", "where packages come from"),
	ROW("npm_config_script_shell", "is run as the shell"),
};
/* clang-format on */

static const struct row *row_of(struct span name)
{
	size_t low = 0, high = sizeof rows / sizeof rows[0];

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(rows[middle].name, name);

		if (order == 0)
			return rows[middle].why ? &rows[middle] : NULL;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Families: every GIT_CONFIG_KEY_n, every exported function of bash. */
static const char *family(struct span name)
{
	if (span_starts(name, SPAN("GIT_CONFIG_")) || span_starts(name, SPAN("GIT_TRACE")))
		return "sets git's settings";
	if (span_starts(name, SPAN("BASH_FUNC_")))
		return "defines a function in every shell";
	if (span_starts(name, SPAN("LD_")) || span_starts(name, SPAN("DYLD_")))
		return "how programs are loaded";
	if (span_starts(name, SPAN("npm_config_")) || span_starts(name, SPAN("NPM_CONFIG_")))
		return "sets npm's settings";
	return NULL;
}

const char *environment_danger(struct span name)
{
	const struct row *row = row_of(name);

	return row ? row->why : family(name);
}

/* cat, less, true, vim: what pagers and editors are set to every day. */
static bool is_usual(struct span text)
{
	static const struct span names[] = {
		SPAN_INIT(""),      SPAN_INIT("cat"), SPAN_INIT("less"),      SPAN_INIT("more"),
		SPAN_INIT("true"),  SPAN_INIT(":"),   SPAN_INIT("vim"),       SPAN_INIT("vi"),
		SPAN_INIT("nano"),  SPAN_INIT("gcc"), SPAN_INIT("clang"),     SPAN_INIT("g++"),
		SPAN_INIT("cc"),    SPAN_INIT("c++"), SPAN_INIT("clang++"),   SPAN_INIT("less -R"),
		SPAN_INIT("emacs"), SPAN_INIT("ed"),  SPAN_INIT("/bin/bash"), SPAN_INIT("/bin/sh"),
		SPAN_INIT("head"),
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_equal(text, names[i]))
			return true;
	return false;
}

/* The value of a variable that is a command is one that will run. */
static bool run_value(struct engine *engine, struct shell *shell, const struct value *value,
                      const struct site *site)
{
	struct span text = value->head;
	unsigned flags = engine->flags;
	bool good;

	if (text.len > 0 && text.ptr[0] == '|') /* LESSOPEN */
		text = span_from(text, 1);
	engine->flags |= EFFECT_LATER;
	good = run_text_apart(engine, shell, text, site);
	engine->flags = flags;
	return good;
}

bool environment_set(struct engine *engine, struct shell *shell, struct span name,
                     const struct value *value, const struct site *site)
{
	const char *why = environment_danger(name);
	const struct row *row = row_of(name);
	struct text text = { 0 };
	struct effect *effect;

	if (!why || (row && row->command && value->complete && is_usual(value->head)))
		return true;
	if (!text_add(engine->arena, &text, name) || !text_add(engine->arena, &text, SPAN("=")) ||
	    !text_add(engine->arena, &text, value->head))
		return engine_memory(engine);
	effect = effect_add(engine, EFFECT_ENVIRONMENT, site);
	if (!effect)
		return engine_memory(engine);
	effect->target = text_span(&text);
	effect->what = why;
	if (!value->complete)
		effect->certainty = CERTAINTY_PARTLY;
	if (row && row->command && value->head.len > 0)
		return run_value(engine, shell, value, site);
	return true;
}
