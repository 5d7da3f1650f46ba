/*
 * The dialog (KO-099 to KO-114): what it shows, what it never sends to a terminal,
 * and which answers approve.  KM-15, KM-61: a word for what is elevated or destructive.
 */
#include "door/prompt.h"
#include "tap.h"

static struct effect effect = { .kind = EFFECT_DELETE,
	                        .certainty = CERTAINTY_KNOWN,
	                        .target = SPAN_INIT("/home/u/p/build\033[2J\xe2\x80\xae") };
static struct judge_reason reason = { .decision = DECISION_ASK,
	                              .rule = SPAN_INIT("fs.recursive-delete"),
	                              .risk = RISK_MEDIUM,
	                              .message = SPAN_INIT("deletes a whole tree"),
	                              .source = SPAN_INIT("built-in"),
	                              .effect = &effect };
static struct effects effects = { .text = SPAN_INIT("rm -rf build\033]0;x\007\r\x9b\xff"),
	                          .first = &effect };
static struct verdict verdict = { .decision = DECISION_ASK,
	                          .risk = RISK_MEDIUM,
	                          .reasons = &reason };
static struct action action = { .tool = SPAN_INIT("Bash"),
	                        .paths = { .cwd = SPAN_INIT("/home/u/p") } };

static struct prompt prompt_for(enum approval approval)
{
	verdict.approval = approval;
	return (struct prompt){ .action = &action,
		                .effects = &effects,
		                .verdict = &verdict,
		                .pattern = SPAN("Bash(rm -rf build)"),
		                .session = true,
		                .saved = true };
}

static bool shows(const struct outbuf *out, const char *part)
{
	return span_find(outbuf_span(out), span_of(part), NULL);
}

static void test_shown(void)
{
	struct prompt prompt = prompt_for(APPROVAL_STANDARD);
	struct outbuf out;
	bool clean = true;

	outbuf_init(&out, 64 * 1024);
	prompt_write(&prompt, &out);
	OK(shows(&out, "Permission needed"), "KO-100 KO-110 a title with its indicator");
	OK(shows(&out, "rm -rf build"), "KO-101 the description");
	OK(shows(&out, "! medium: deletes a whole tree"), "KO-102 KO-113 the risks");
	OK(shows(&out, "Bash") && shows(&out, "delete") && shows(&out, "/home/u/p/build"),
	   "KO-103 KO-104 KO-105 tool, action and target");
	OK(shows(&out, "approve") && shows(&out, "deny") && shows(&out, "saveForSession") &&
	           shows(&out, "alwaysAllow"),
	   "KO-106 KO-107 KO-108 KO-109 the four answers");
	for (size_t i = 0; i < out.len; i++) {
		unsigned char byte = (unsigned char)out.ptr[i];

		clean = clean && (byte == '\n' || (byte >= 0x20 && byte < 0x7f));
	}
	OK(clean, "no escape, control, bidirectional mark or broken byte reaches the terminal");
	prompt.safe = true;
	outbuf_reset(&out);
	prompt_write(&prompt, &out);
	OK(shows(&out, "[shield] safe mode") && !shows(&out, "saveForSession") &&
	           !shows(&out, "alwaysAllow"),
	   "KO-114 KO-023 safe mode shows itself and remembers nothing");
	outbuf_release(&out);
}

static void test_answers(void)
{
	static const struct {
		enum approval approval;
		const char *line;
		enum prompt_answer answer;
	} rows[] = {
		{ APPROVAL_STANDARD, "1", PROMPT_APPROVE },
		{ APPROVAL_STANDARD, " approve \r", PROMPT_APPROVE },
		{ APPROVAL_STANDARD, "yes", PROMPT_APPROVE },
		{ APPROVAL_STANDARD, "2", PROMPT_DENY },
		{ APPROVAL_STANDARD, "3", PROMPT_SESSION },
		{ APPROVAL_STANDARD, "saveforsession", PROMPT_SESSION },
		{ APPROVAL_STANDARD, "4", PROMPT_ALWAYS },
		{ APPROVAL_STANDARD, "alwaysAllow", PROMPT_ALWAYS },
		{ APPROVAL_STANDARD, "", PROMPT_DENY },
		{ APPROVAL_STANDARD, "11", PROMPT_DENY },
		{ APPROVAL_STANDARD, "no", PROMPT_DENY },
		{ APPROVAL_ELEVATED, "1", PROMPT_DENY },
		{ APPROVAL_ELEVATED, "yes", PROMPT_DENY },
		{ APPROVAL_ELEVATED, "approve", PROMPT_APPROVE },
		{ APPROVAL_ELEVATED, "Approve", PROMPT_DENY },
		{ APPROVAL_ELEVATED, "4", PROMPT_DENY },
		{ APPROVAL_DESTRUCTIVE, "approve", PROMPT_DENY },
		{ APPROVAL_DESTRUCTIVE, "destroy", PROMPT_APPROVE },
		{ APPROVAL_BLOCKED, "approve", PROMPT_DENY },
		{ APPROVAL_BLOCKED, "destroy", PROMPT_DENY },
		{ APPROVAL_BLOCKED, "1", PROMPT_DENY },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct prompt prompt = prompt_for(rows[i].approval);

		OK(prompt_read(&prompt, span_of(rows[i].line)) == rows[i].answer,
		   "%s: '%s' (KM-61)", approval_name(rows[i].approval).ptr,
		   rows[i].line[0] == ' ' ? "approve" : rows[i].line);
	}
}

static void test_nothing_to_save(void)
{
	struct prompt prompt = prompt_for(APPROVAL_STANDARD);

	prompt.session = false;
	OK(prompt_read(&prompt, SPAN("3")) == PROMPT_DENY, "no session, nothing to save for it");
	prompt.saved = false;
	OK(prompt_read(&prompt, SPAN("4")) == PROMPT_DENY, "what may not be saved is not offered");
	prompt.pattern = SPAN("");
	prompt.session = prompt.saved = true;
	OK(prompt_read(&prompt, SPAN("3")) == PROMPT_DENY &&
	           prompt_read(&prompt, SPAN("4")) == PROMPT_DENY,
	   "no narrow rule, nothing to save");
	prompt = prompt_for(APPROVAL_STANDARD);
	prompt.safe = true;
	OK(prompt_read(&prompt, SPAN("4")) == PROMPT_DENY, "safe mode saves nothing (KO-023)");
}

int main(void)
{
	test_shown();
	test_answers();
	test_nothing_to_save();
	return tap_done();
}
