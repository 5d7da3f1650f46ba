/*
 * The dialog.  Number keys and words both work; what is elevated or destructive
 * is approved only by typing a word that names the action, so that no reflex
 * approves it.
 */
#include <errno.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "door/prompt.h"

/* Bytes as shown, so that title and answers are on one screen of 80 by 24 with what lies between. */
enum { MAX_COMMAND = 400, MAX_NAME = 90, MAX_PATTERN = 150, MAX_SHOWN_RISKS = 4, MAX_LINE = 256 };

static const char reset[] = "\033[0m", bold[] = "\033[1m", red[] = "\033[1;31m",
		  yellow[] = "\033[33m", dim[] = "\033[2m";

static void style(const struct prompt *prompt, struct outbuf *out, const char *code)
{
	if (prompt->colour)
		outbuf_put(out, span_of(code));
}

static void label(const struct prompt *prompt, struct outbuf *out, const char *name)
{
	outbuf_put(out, SPAN("  "));
	style(prompt, out, dim);
	outbuf_put(out, span_of(name));
	style(prompt, out, reset);
	outbuf_put_byte(out, ' ');
}

/* The nearest start of a character at or before `at`. */
static size_t character_start(struct span text, size_t at)
{
	while (at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
		at--;
	return at;
}

/*
 * Text from the action: visible, and where it is long its beginning and its end, with a note of how
 * much lies between: what harms may stand at either.
 */
static void put_text(struct outbuf *out, struct span text, size_t max)
{
	struct outbuf visible;
	struct span shown;

	outbuf_init(&visible, 8 * text.len + 64);
	outbuf_put_visible(&visible, text, false);
	shown = outbuf_span(&visible);
	if (!outbuf_ok(&visible)) {
		outbuf_put(out, SPAN("(too long to be shown)"));
	} else if (shown.len <= max) {
		outbuf_put(out, shown);
	} else {
		size_t head = character_start(shown, max / 3 * 2);
		size_t tail = character_start(shown, shown.len - max / 3);

		outbuf_put(out, span_slice(shown, 0, head));
		outbuf_put(out, SPAN(" ... ("));
		outbuf_put_u64(out, tail - head);
		outbuf_put(out, SPAN(" characters left out) ... "));
		outbuf_put(out, span_from(shown, tail));
	}
	outbuf_release(&visible);
}

/* What is done, in one word: the kind of the effect that decided. */
static const struct effect *decisive(const struct prompt *prompt)
{
	for (const struct judge_reason *r = prompt->verdict->reasons; r; r = r->next) {
		if (r->effect && r->decision == prompt->verdict->decision)
			return r->effect;
	}
	return prompt->effects->first;
}

static void put_operation(const struct prompt *prompt, struct outbuf *out)
{
	const struct effect *effect = decisive(prompt);

	label(prompt, out, "tool   ");
	put_text(out, prompt->action->tool, MAX_NAME);
	outbuf_put_byte(out, '\n');
	label(prompt, out, "action ");
	outbuf_put(out, effect ? effect_kind_name(effect->kind) : SPAN("unknown"));
	outbuf_put_byte(out, '\n');
	label(prompt, out, "target ");
	if (effect && effect->target.len)
		put_text(out, effect->target, MAX_NAME);
	else
		outbuf_put(out, SPAN("not known beforehand"));
	outbuf_put_byte(out, '\n');
	label(prompt, out, "where  ");
	put_text(out, prompt->action->paths.cwd, MAX_NAME);
	outbuf_put_byte(out, '\n');
}

/* Whether a reason is told: what allowed is not, but in safe mode. */
static bool told(const struct prompt *prompt, const struct judge_reason *reason)
{
	return reason->decision != DECISION_ALLOW || prompt->safe;
}

/* Of the reasons from `from` to before `end`, those that are told and of this rule. */
static unsigned count_rule(const struct prompt *prompt, const struct judge_reason *from,
                           const struct judge_reason *end, struct span rule)
{
	unsigned count = 0;

	for (; from != end; from = from->next)
		count += told(prompt, from) && span_equal(from->rule, rule);
	return count;
}

static void put_risk(const struct prompt *prompt, const struct judge_reason *reason,
                     struct outbuf *out)
{
	unsigned more = count_rule(prompt, reason->next, NULL, reason->rule);

	outbuf_put(out, SPAN("  "));
	style(prompt, out, reason->risk >= RISK_HIGH ? red : yellow);
	outbuf_put(out, SPAN("! "));
	outbuf_put(out, risk_level_name(reason->risk));
	style(prompt, out, reset);
	outbuf_put(out, SPAN(": "));
	outbuf_put_visible(out, reason->message, false);
	if (reason->effect && reason->effect->target.len) {
		outbuf_put(out, SPAN(": "));
		put_text(out, reason->effect->target, MAX_NAME);
	}
	if (more) {
		outbuf_put(out, SPAN(" and "));
		outbuf_put_u64(out, more);
		outbuf_put(out, SPAN(" more"));
	}
	outbuf_put(out, SPAN(" ["));
	outbuf_put_visible(out, reason->rule, false);
	outbuf_put(out, SPAN("]\n"));
}

/* Each rule once, with the first thing that it is about. */
static void put_risks(const struct prompt *prompt, struct outbuf *out)
{
	unsigned shown = 0;

	for (const struct judge_reason *r = prompt->verdict->reasons; r; r = r->next) {
		if (!told(prompt, r) ||
		    count_rule(prompt, prompt->verdict->reasons, r, r->rule) > 0)
			continue;
		if (shown++ == MAX_SHOWN_RISKS) {
			outbuf_put(out, SPAN("  ! and more: bailiff explain shows all\n"));
			return;
		}
		put_risk(prompt, r, out);
	}
}

static bool can_remember(const struct prompt *prompt)
{
	/* what is saved must be seen, all of it */
	return prompt->pattern.len > 0 && prompt->pattern.len <= MAX_PATTERN && !prompt->safe &&
	       prompt->verdict->approval == APPROVAL_STANDARD;
}

struct span prompt_word(const struct prompt *prompt)
{
	switch (prompt->verdict->approval) {
	case APPROVAL_DESTRUCTIVE:
		return SPAN("destroy");
	case APPROVAL_ELEVATED:
		return SPAN("approve");
	case APPROVAL_BLOCKED:
	case APPROVAL_STANDARD:
	case APPROVAL_NONE:
		break;
	}
	return SPAN("");
}

static void put_answers(const struct prompt *prompt, struct outbuf *out)
{
	struct span word = prompt_word(prompt);

	if (word.len) {
		outbuf_put(out, SPAN("  Type \""));
		outbuf_put(out, word);
		outbuf_put(out, SPAN("\" to approve this once; anything else denies.\n> "));
		return;
	}
	outbuf_put(out, SPAN("  1 approve          this once\n  2 deny\n"));
	if (can_remember(prompt) && prompt->session) {
		outbuf_put(out, SPAN("  3 saveForSession   "));
		outbuf_put_visible(out, prompt->pattern, false);
		outbuf_put(out, SPAN(", until the session ends\n"));
	}
	if (can_remember(prompt) && prompt->saved) {
		outbuf_put(out, SPAN("  4 alwaysAllow      "));
		outbuf_put_visible(out, prompt->pattern, false);
		outbuf_put(out, SPAN(", from now on\n"));
	}
	outbuf_put(out, SPAN("> "));
}

void prompt_write(const struct prompt *prompt, struct outbuf *out)
{
	struct span shown = prompt->effects->text;

	style(prompt, out, bold);
	outbuf_put(out, SPAN("[locked] Permission needed"));
	style(prompt, out, reset);
	outbuf_put(out, SPAN(" ("));
	outbuf_put(out, approval_name(prompt->verdict->approval));
	outbuf_put(out, SPAN(", risk "));
	outbuf_put(out, risk_level_name(prompt->verdict->risk));
	outbuf_put(out, prompt->safe ? SPAN(", [shield] safe mode)\n") : SPAN(")\n"));
	outbuf_put(out, SPAN("  "));
	put_text(out, shown, MAX_COMMAND);
	outbuf_put_byte(out, '\n');
	put_operation(prompt, out);
	put_risks(prompt, out);
	put_answers(prompt, out);
}

enum prompt_answer prompt_read(const struct prompt *prompt, struct span line)
{
	struct span word = prompt_word(prompt);
	struct span answer = span_trim(line);

	if (prompt->verdict->approval == APPROVAL_BLOCKED)
		return PROMPT_DENY;
	if (word.len)
		return span_equal(answer, word) ? PROMPT_APPROVE : PROMPT_DENY;
	if (span_equal(answer, SPAN("1")) || span_equal_nocase(answer, SPAN("approve")) ||
	    span_equal_nocase(answer, SPAN("y")) || span_equal_nocase(answer, SPAN("yes")))
		return PROMPT_APPROVE;
	if (!can_remember(prompt))
		return PROMPT_DENY;
	if (prompt->session &&
	    (span_equal(answer, SPAN("3")) || span_equal_nocase(answer, SPAN("saveForSession"))))
		return PROMPT_SESSION;
	if (prompt->saved &&
	    (span_equal(answer, SPAN("4")) || span_equal_nocase(answer, SPAN("alwaysAllow"))))
		return PROMPT_ALWAYS;
	return PROMPT_DENY;
}

/* One line, byte by byte, so that nothing behind it is taken from whoever reads next. */
static size_t read_line(int fd, char *line, size_t cap)
{
	size_t len = 0;

	for (;;) {
		char byte;
		ssize_t got = read(fd, &byte, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return 0; /* no end of line: not an answer */
		if (byte == '\n')
			return len;
		if (len == cap)
			return 0;
		line[len++] = byte;
	}
}

enum prompt_answer prompt_ask(const struct prompt *prompt, struct problem *problem)
{
	enum prompt_answer answer = PROMPT_DENY;
	struct outbuf out;
	char line[MAX_LINE];
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		problem_system(problem, "no terminal to ask on");
		return PROMPT_DENY;
	}
	tcflush(fd, TCIFLUSH); /* what was typed before the question is no answer to it */
	outbuf_init(&out, 64 * 1024);
	prompt_write(prompt, &out);
	if (!outbuf_ok(&out))
		problem_set(problem, PROBLEM_LIMIT, 0, "the action is too large to show");
	else if (file_write_fd(fd, outbuf_span(&out), problem)) {
		size_t len = read_line(fd, line, sizeof line);

		answer = prompt_read(prompt, (struct span){ line, len });
		outbuf_reset(&out);
		outbuf_put(&out, answer == PROMPT_DENY ? SPAN("[denied]\n") : SPAN("[approved]\n"));
		if (!file_write_fd(fd, outbuf_span(&out), problem))
			answer = PROMPT_DENY;
	}
	outbuf_release(&out);
	close(fd);
	return answer;
}
