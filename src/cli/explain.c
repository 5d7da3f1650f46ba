/*
 * bailiff explain: the commands a line would run, as a tree, with the effects of
 * each, what the rules say of them, and the verdict.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/judging.h"

enum {
	MAX_OUTPUT = 32 * 1024 * 1024,
	MAX_INPUT = 2 * 1024 * 1024,
	MAX_SHOWN = 400,
	MAX_DEPTH = 24
};

struct page {
	struct outbuf out;
	bool colour;
	const struct effects *effects;
	const struct verdict *verdict;
};

static void style(struct page *page, enum terminal_style which)
{
	outbuf_put(&page->out, span_of(terminal_style(which, page->colour)));
}

static void indent(struct page *page, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		outbuf_put(&page->out, SPAN("  "));
}

static void put_text(struct page *page, struct span text)
{
	outbuf_put_visible(&page->out, span_slice(text, 0, MAX_SHOWN), false);
	if (text.len > MAX_SHOWN)
		outbuf_put(&page->out, SPAN("..."));
}

/* The words as they will reach the program; what is unknown is shown as <?>. */
static void put_command(struct page *page, const struct effect_command *command, unsigned depth)
{
	indent(page, depth);
	style(page, STYLE_BOLD);
	for (size_t i = 0; i < command->argc; i++) {
		const struct effect_word *word = &command->argv[i];

		if (i)
			outbuf_put_byte(&page->out, ' ');
		if (word->text.len == 0 && word->complete)
			outbuf_put(&page->out, SPAN("''"));
		put_text(page, word->text);
		if (!word->complete)
			outbuf_put(&page->out, SPAN("<?>"));
	}
	if (command->open_ended)
		outbuf_put(&page->out, SPAN(" <...>"));
	style(page, STYLE_PLAIN);
	if (!command->known)
		outbuf_put(&page->out, SPAN("  (not known)"));
	outbuf_put_byte(&page->out, '\n');
}

/* What the verdict says about one effect: the strictest of its reasons. */
static const struct judge_reason *reason_for(const struct page *page, const struct effect *effect)
{
	for (const struct judge_reason *r = page->verdict->reasons; r; r = r->next) {
		if (r->effect == effect)
			return r;
	}
	return NULL;
}

static void put_effect(struct page *page, const struct effect *effect, unsigned depth)
{
	static const enum terminal_style styles[] = { STYLE_RED, STYLE_YELLOW, STYLE_GREEN };
	const struct judge_reason *reason = reason_for(page, effect);
	enum decision decision = reason ? reason->decision : DECISION_ALLOW;
	const struct risk_rule *row = risk_of(effect);

	indent(page, depth);
	style(page, styles[decision]);
	outbuf_put(&page->out, decision_name(decision));
	style(page, STYLE_PLAIN);
	outbuf_put_byte(&page->out, ' ');
	outbuf_put(&page->out, effect_kind_name(effect->kind));
	if (effect->target.len) {
		outbuf_put_byte(&page->out, ' ');
		put_text(page, effect->target);
	}
	if (effect->certainty != CERTAINTY_KNOWN)
		outbuf_put(&page->out,
		           effect->certainty == CERTAINTY_PARTLY ? SPAN("<?>") : SPAN(" <?>"));
	style(page, STYLE_DIM);
	if (effect->flags & EFFECT_RECURSIVE)
		outbuf_put(&page->out, SPAN(" recursive"));
	if (effect->flags & EFFECT_FROM_NET)
		outbuf_put(&page->out, SPAN(" from-the-network"));
	if (effect->facts.place != PLACE_UNKNOWN) {
		outbuf_put(&page->out, SPAN(" in "));
		outbuf_put(&page->out, place_name(effect->facts.place));
	}
	if (effect->what) {
		outbuf_put(&page->out, SPAN(" - "));
		outbuf_put(&page->out, span_of(effect->what));
	}
	outbuf_put(&page->out, SPAN(" ["));
	outbuf_put(&page->out, reason ? reason->rule : span_of(row->id));
	outbuf_put(&page->out, SPAN("]"));
	style(page, STYLE_PLAIN);
	outbuf_put_byte(&page->out, '\n');
}

/* Starting a known program and printing say nothing that its line does not. */
static bool worth_a_line(const struct effect *effect)
{
	return !(effect->kind == EFFECT_RUN && effect->certainty == CERTAINTY_KNOWN &&
	         !effect->flags);
}

static void put_tree(struct page *page, const struct effect_command *parent, unsigned depth)
{
	if (depth > MAX_DEPTH)
		return;
	for (const struct effect_command *c = page->effects->commands; c; c = c->next) {
		if (c->parent != parent)
			continue;
		put_command(page, c, depth);
		for (const struct effect *e = page->effects->first; e; e = e->next) {
			if (e->command == c && worth_a_line(e))
				put_effect(page, e, depth + 1);
		}
		put_tree(page, c, depth + 1);
	}
}

static void put_reasons(struct page *page)
{
	for (const struct judge_reason *r = page->verdict->reasons; r; r = r->next) {
		if (r->decision != page->verdict->decision)
			continue;
		outbuf_put(&page->out, SPAN("  "));
		outbuf_put_visible(&page->out, r->message, false);
		outbuf_put(&page->out, SPAN(" ["));
		outbuf_put_visible(&page->out, r->rule, false);
		outbuf_put(&page->out, SPAN(", "));
		outbuf_put_visible(&page->out, r->source, false);
		outbuf_put(&page->out, SPAN("]\n"));
	}
}

static void put_page(struct page *page)
{
	put_tree(page, NULL, 0);
	for (const struct effect *e = page->effects->first; e; e = e->next) {
		if (!e->command)
			put_effect(page, e, 0);
	}
	style(page, STYLE_BOLD);
	outbuf_put(&page->out, SPAN("verdict: "));
	outbuf_put(&page->out, decision_name(page->verdict->decision));
	style(page, STYLE_PLAIN);
	outbuf_put(&page->out, SPAN(", risk "));
	outbuf_put(&page->out, risk_level_name(page->verdict->risk));
	outbuf_put_byte(&page->out, '\n');
	put_reasons(page);
}

static int explain(const struct judging *judging, const char *command, bool json)
{
	struct problem problem = { 0 };
	struct json_value *object;
	struct judgement judged;
	struct arena arena;
	struct outbuf text;
	struct page page = { .effects = &judged.effects, .verdict = &judged.verdict };
	int status;

	arena_init(&arena, (size_t)256 * 1024 * 1024);
	outbuf_init(&text, MAX_INPUT);
	outbuf_init(&page.out, MAX_OUTPUT);
	page.colour = terminal_colour(1, getenv("NO_COLOR"), getenv("TERM"));
	judging_words("Bash", command, &text);
	if (!outbuf_ok(&text) || !json_parse(outbuf_span(&text), NULL, &arena, &object, &problem) ||
	    !judging_one(judging, object, &arena, &judged, &problem)) {
		status = cli_fail("explain", EXIT_STATUS_DATA, "the command cannot be read: %s",
		                  problem.what ? problem.what : "too long");
		goto out;
	}
	status = judging_status(judged.verdict.decision);
	if (json)
		verdict_write(&judged.verdict, &judged.effects, &page.out);
	else
		put_page(&page);
	if (json)
		outbuf_put_byte(&page.out, '\n');
	if (!outbuf_ok(&page.out) ||
	    fwrite(page.out.ptr, 1, page.out.len, stdout) != page.out.len || fflush(stdout) != 0)
		status = cli_fail("explain", EXIT_STATUS_INTERNAL, "cannot write");
out:
	outbuf_release(&page.out);
	outbuf_release(&text);
	arena_release(&arena);
	return status;
}

int cli_explain(int argc, char **argv)
{
	struct judging_request request = { .name = "explain" };
	const struct args_option *option;
	struct judging judging;
	struct args args;
	bool json = false;
	int status;

	args_init(&args, argc, argv, cli_options("explain"));
	while (args_next(&args, &option)) {
		if (option->letter == 'h')
			return cli_help_for("explain");
		if (option->letter == 'j')
			json = true;
		else if (option->letter == 'C')
			request.cwd = args.value;
		else
			request.hypothetical = true;
	}
	if (args.problem || args.at + 1 != argc)
		return cli_usage("explain", &args);
	if (!judging_open(&judging, &request, &status))
		return status;
	status = explain(&judging, argv[args.at], json);
	judging_close(&judging);
	return status;
}
