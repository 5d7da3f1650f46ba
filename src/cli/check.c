/* bailiff check: a verdict, for people, scripts and machines. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/judging.h"
#include "door/ask.h"

enum {
	MAX_INPUT = 8 * 1024 * 1024,
	MAX_OUTPUT = 32 * 1024 * 1024,
	ARENA_LIMIT = 256 * 1024 * 1024
};

struct check {
	struct judging_request request;
	struct judging judging;
	bool json, batch, quiet, ask;
	const char *tool, *word;
};

static bool emit(const struct outbuf *out)
{
	struct span text = outbuf_span(out);

	return outbuf_ok(out) && fwrite(text.ptr, 1, text.len, stdout) == text.len;
}

/* A line for a person: the verdict and every reason that decided. */
static void put_plain(const struct verdict *verdict, bool colour, struct outbuf *out)
{
	static const enum terminal_style styles[] = { STYLE_RED, STYLE_YELLOW, STYLE_GREEN };

	outbuf_put(out, span_of(terminal_style(styles[verdict->decision], colour)));
	outbuf_put(out, decision_name(verdict->decision));
	outbuf_put(out, span_of(terminal_style(STYLE_PLAIN, colour)));
	outbuf_put(out, SPAN(" (risk "));
	outbuf_put(out, risk_level_name(verdict->risk));
	outbuf_put(out, SPAN(")\n"));
	for (const struct judge_reason *r = verdict->reasons; r; r = r->next) {
		if (r->decision != verdict->decision)
			continue;
		outbuf_put(out, SPAN("  "));
		outbuf_put_visible(out, r->message, false);
		if (r->effect && r->effect->target.len) {
			outbuf_put(out, SPAN(": "));
			outbuf_put_visible(out, span_slice(r->effect->target, 0, 500), false);
		}
		outbuf_put(out, SPAN(" ["));
		outbuf_put_visible(out, r->rule, false);
		outbuf_put(out, SPAN(", "));
		outbuf_put_visible(out, r->source, false);
		outbuf_put(out, SPAN("]\n"));
		if (r->remedy.len && r->decision != DECISION_ALLOW) {
			outbuf_put(out, SPAN("    instead: "));
			outbuf_put_visible(out, r->remedy, false);
			outbuf_put_byte(out, '\n');
		}
	}
}

/* ---- one action ---- */

/* Puts the question to the person at the terminal; approved is allowed. */
static int ask(struct check *check, const struct judgement *judged, struct arena *arena)
{
	struct asking asking = { .door = &check->judging.door,
		                 .action = &judged->action,
		                 .effects = &judged->effects,
		                 .verdict = &judged->verdict,
		                 .name = SPAN("check"),
		                 .colour = terminal_colour(2, getenv("NO_COLOR"), getenv("TERM")) };
	bool unattended;

	if (door_ask(&asking, arena, &unattended))
		return EXIT_STATUS_ALLOW;
	if (unattended)
		return cli_fail("check", EXIT_STATUS_DENY,
		                "there is no terminal to ask on; allow it beforehand: bailiff "
		                "permissions grant");
	return EXIT_STATUS_DENY;
}

static int judge_text(struct check *check, struct span text)
{
	struct problem problem = { 0 };
	struct json_value *object;
	struct judgement judged;
	const struct verdict *verdict = &judged.verdict;
	struct outbuf out;
	struct arena arena;
	int status = EXIT_STATUS_DATA;

	arena_init(&arena, ARENA_LIMIT);
	outbuf_init(&out, MAX_OUTPUT);
	if (!json_parse(text, NULL, &arena, &object, &problem) ||
	    !judging_one(&check->judging, object, &arena, &judged, &problem)) {
		struct problem_place place = problem_place(text, problem.offset);

		status = cli_fail("check", EXIT_STATUS_DATA, "the action, %zu:%zu: %s", place.line,
		                  place.column, problem.what);
		goto out;
	}
	if (check->json)
		verdict_write(verdict, &judged.effects, &out);
	else
		put_plain(verdict, terminal_colour(1, getenv("NO_COLOR"), getenv("TERM")), &out);
	if (check->json)
		outbuf_put_byte(&out, '\n');
	status = judging_status(verdict->decision);
	if (!check->quiet && !emit(&out))
		status = cli_fail("check", EXIT_STATUS_INTERNAL, "cannot write the verdict");
	else if (check->ask && verdict->decision == DECISION_ASK)
		status = ask(check, &judged, &arena);
out:
	outbuf_release(&out);
	arena_release(&arena);
	return status;
}

static int check_input(struct check *check)
{
	struct problem problem = { 0 };
	struct arena arena;
	struct span text;
	int status;

	arena_init(&arena, 4 * MAX_INPUT);
	if (file_read_fd(0, MAX_INPUT, &arena, &text, &problem))
		status = judge_text(check, text);
	else
		status = cli_fail("check", EXIT_STATUS_DATA, "standard input: %s", problem.what);
	arena_release(&arena);
	return status;
}

static int check_words(struct check *check)
{
	struct outbuf action;
	int status;

	outbuf_init(&action, 2 * MAX_INPUT);
	if (!judging_words(check->tool, check->word, &action))
		status = cli_fail(
			"check", EXIT_STATUS_USAGE,
			"'%s' is no tool that takes one word; give the action as JSON with --json",
			check->tool);
	else if (!outbuf_ok(&action))
		status = cli_fail("check", EXIT_STATUS_DATA, "the input is too long");
	else
		status = judge_text(check, outbuf_span(&action));
	outbuf_release(&action);
	return status;
}

/* ---- many ---- */

/* One line in, one line out, whatever the line holds. */
static bool judge_line(struct check *check, struct span line, struct arena *arena,
                       struct outbuf *out, enum decision *decision)
{
	struct problem problem = { 0 };
	struct json_value *object;
	struct judgement judged;
	enum decision mine = DECISION_DENY;

	outbuf_reset(out);
	if (json_parse(line, NULL, arena, &object, &problem) &&
	    judging_one(&check->judging, object, arena, &judged, &problem)) {
		verdict_write(&judged.verdict, &judged.effects, out);
		mine = judged.verdict.decision;
	} else {
		refusal_write(&problem, out);
	}
	if (!outbuf_ok(out)) {
		outbuf_reset(out);
		refusal_write(&(struct problem){ .what = "the verdict is too long" }, out);
		mine = DECISION_DENY;
	}
	outbuf_put_byte(out, '\n');
	*decision = decision_stricter(*decision, mine);
	return check->quiet || emit(out);
}

static int check_batch(struct check *check)
{
	enum decision decision = DECISION_ALLOW;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	struct outbuf out;
	int status = 0;

	outbuf_init(&out, MAX_OUTPUT);
	errno = 0;
	while (status == 0 && (len = getline(&line, &cap, stdin)) > 0) {
		struct span text = span_trim((struct span){ line, (size_t)len });
		struct arena arena;

		if (text.len == 0)
			continue;
		arena_init(&arena, ARENA_LIMIT);
		if (!judge_line(check, text, &arena, &out, &decision))
			status = EXIT_STATUS_INTERNAL;
		arena_release(&arena);
	}
	if (ferror(stdin))
		status = cli_fail("check", EXIT_STATUS_DATA, "standard input: %s", strerror(errno));
	if (fflush(stdout) != 0)
		status = cli_fail("check", EXIT_STATUS_INTERNAL, "cannot write: %s",
		                  strerror(errno));
	outbuf_release(&out);
	free(line);
	return status ? status : judging_status(decision);
}

/* ---- the command line ---- */

static void take_option(struct check *check, const struct args_option *option, char *value)
{
	switch (option->letter) {
	case 'j':
		check->json = true;
		break;
	case 'b':
		check->batch = true;
		break;
	case 'q':
		check->quiet = true;
		break;
	case 'C':
		check->request.cwd = value;
		break;
	case 's':
		check->request.session = value;
		break;
	case 'm':
		check->request.mode = value;
		break;
	case 'a':
		check->ask = true;
		break;
	case 300:
		check->request.hypothetical = true;
		break;
	case 301:
		check->request.safe = true;
		break;
	default:
		break;
	}
}

int cli_check(int argc, char **argv)
{
	struct check check = { .request = { .name = "check" } };
	const struct args_option *option;
	struct args args;
	int operands, status;

	args_init(&args, argc, argv, cli_options("check"));
	while (args_next(&args, &option)) {
		if (option->letter == 'h')
			return cli_help_for("check");
		take_option(&check, option, args.value);
	}
	operands = argc - args.at;
	if (args.problem || operands > 2 || operands == 1 ||
	    (operands == 0 && !check.json && !check.batch) || (operands && check.batch) ||
	    (check.ask && (check.batch || check.request.hypothetical))) {
		if (operands == 1)
			args.at = argc; /* the tool is expected; its input is missing */
		return cli_usage("check", &args);
	}
	if (!judging_open(&check.judging, &check.request, &status))
		return status;
	if (operands) {
		check.tool = argv[args.at];
		check.word = argv[args.at + 1];
		status = check_words(&check);
	} else {
		status = check.batch ? check_batch(&check) : check_input(&check);
	}
	judging_close(&check.judging);
	return status;
}
