/* How agents wrap a command for a shell: what is taken for it, and what is not. */
#include <stdlib.h>
#include <string.h>

#include "run/wrapping.h"
#include "tap.h"

#define CLAUDE "shopt -u extglob 2>/dev/null || true && eval {word} < /dev/null && pwd -P >| *"

/* `command` NULL: none is found in `text`, which has the shape where `own`. */
static const struct {
	const char *name, *shape, *text, *command;
	bool own;
} cases[] = {
	{ "Claude Code's", CLAUDE,
	  "shopt -u extglob 2>/dev/null || true && eval 'ls -l | cat' < /dev/null && pwd -P >| "
	  "/tmp/claude-1-cwd",
	  "ls -l | cat", false },
	{ "a plain word", CLAUDE,
	  "shopt -u extglob 2>/dev/null || true && eval ls < /dev/null && pwd -P >| /tmp/c", "ls",
	  false },
	{ "what comes behind it", CLAUDE,
	  "shopt -u extglob 2>/dev/null || true && eval ls < /dev/null && pwd -P >| /tmp/c; rm x",
	  NULL, false },
	{ "what comes between", CLAUDE,
	  "shopt -u extglob 2>/dev/null || true && eval 'ls'; rm x < /dev/null && pwd -P >| /tmp/c",
	  NULL, false },
	{ "what comes before it", CLAUDE,
	  "rm x; shopt -u extglob 2>/dev/null || true && eval ls < /dev/null && pwd -P >| /tmp/c",
	  NULL, false },
	{ "a path with a command in it", CLAUDE,
	  "shopt -u extglob 2>/dev/null || true && eval ls < /dev/null && pwd -P >| /tmp/$(rm x)",
	  NULL, false },
	{ "an ' in double quotes", "eval {word}", "eval 'echo '\"'\"'a b'\"'\"''", "echo 'a b'",
	  false },
	{ "an ' behind a backslash", "eval {word}", "eval 'it'\\''s'", "it's", false },
	{ "parts side by side", "eval {word}", "eval a'b c'd", "ab cd", false },
	{ "nothing", "eval {word}", "eval ''", "", false },
	{ "no word", "eval {word}", "eval ", NULL, false },
	{ "an open quote", "eval {word}", "eval 'ls", NULL, false },
	{ "other double quotes", "eval {word}", "eval \"ls\"", NULL, false },
	{ "a substitution", "eval {word}", "eval `ls`", NULL, false },
	{ "lines", "eval {word}", "eval 'cat <<E\nx\nE'", "cat <<E\nx\nE", false },
	{ "Codex's", "{text}", "echo 'a' | cat", "echo 'a' | cat", false },
	{ "of its own", "env", "env", NULL, true },
	{ "of its own, and more", "env", "env; rm x", NULL, false },
	{ "of its own, and less", "environment", "env", NULL, false },
	{ "any word", "source * && x", "source '/a b/c.sh' && x", NULL, true },
	{ "two words for one", "source * && x", "source /a /b && x", NULL, false },
	{ "anything", "A=*\n**\nend", "A=/x\nwhat ever\nend", NULL, true },
	{ "anything, another end", "A=*\n**\nend", "A=/x\nwhat ever\nend; rm x", NULL, false },
	{ "something behind the text", "{text}x", "lsx", NULL, false },
};

static bool finds(struct span shape, struct span text, struct span command)
{
	unsigned char found[SHA256_BYTES], wanted[SHA256_BYTES];

	sha256_of(command, wanted);
	return wrapping_match(shape, text, found) == WRAPPING_COMMAND &&
	       memcmp(found, wanted, sizeof wanted) == 0;
}

static void test_bytes(void)
{
	enum { LONG = 128 * 1024 };
	static const char odd[] = "eval 'a\0\xff\xfe\n'";
	char *text = malloc(LONG);
	unsigned char ignored[SHA256_BYTES];

	OK(finds(SPAN("eval {word}"), (struct span){ odd, sizeof odd - 1 }, SPAN("a\0\xff\xfe\n")),
	   "NUL and 0xFF are bytes of the command");
	OK(finds(SPAN("{text}"), (struct span){ odd, sizeof odd - 1 },
	         (struct span){ odd, sizeof odd - 1 }),
	   "... also where it is not wrapped");
	OK(!finds(SPAN("{text}"), SPAN("ls "), SPAN("ls")), "a blank more is another command");
	if (text == NULL)
		return;
	memset(text, 'x', LONG);
	OK(finds(SPAN("{word}"), (struct span){ text, LONG }, (struct span){ text, LONG }),
	   "128 KiB of one word");
	memset(text, '\'', LONG);
	OK(finds(SPAN("{word}"), (struct span){ text, LONG }, SPAN("")), "128 KiB of quotes");
	OK(wrapping_match(SPAN("{word}"), (struct span){ text, LONG - 1 }, ignored) ==
	           WRAPPING_NONE,
	   "one quote less, and it is open");
	for (size_t i = 0; i < LONG; i++)
		text[i] = "'\"'\""[i % 4];
	OK(wrapping_match(SPAN("** end"), (struct span){ text, LONG }, ignored) == WRAPPING_NONE,
	   "128 KiB of anything");
	free(text);
}

int main(void)
{
	unsigned char ignored[SHA256_BYTES];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct span shape = span_of(cases[i].shape), text = span_of(cases[i].text);

		if (cases[i].command)
			OK(finds(shape, text, span_of(cases[i].command)), "found: %s",
			   cases[i].name);
		else
			OK(wrapping_match(shape, text, ignored) ==
			           (cases[i].own ? WRAPPING_OWN : WRAPPING_NONE),
			   "%s: %s", cases[i].own ? "no command" : "not taken for it",
			   cases[i].name);
	}
	test_bytes();
	return tap_done();
}
