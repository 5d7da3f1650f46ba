/* From a verdict to what a host keeps. */
#include "hook/hook.h"

enum { MAX_ANSWER = 9000 /* Claude Code cuts at 10,000 characters */, MAX_REASONS = 6 };

void hook_reason(const struct effects *effects, const struct verdict *verdict, struct outbuf *out)
{
	unsigned shown = 0;

	outbuf_put(out, verdict->decision == DECISION_DENY
	                        ? SPAN("Bailiff refused this: ")
	                        : SPAN("Bailiff needs a person's approval: "));
	for (const struct judge_reason *r = verdict->reasons; r; r = r->next) {
		if (r->decision != verdict->decision)
			continue;
		if (shown == MAX_REASONS)
			break;
		if (shown++)
			outbuf_put(out, SPAN("; "));
		outbuf_put_visible(out, r->message, false);
		if (r->effect && r->effect->target.len) {
			outbuf_put(out, SPAN(" ("));
			outbuf_put_visible(out, span_slice(r->effect->target, 0, 300), false);
			outbuf_put(out, SPAN(")"));
		}
		outbuf_put(out, SPAN(" ["));
		outbuf_put_visible(out, r->rule, false);
		if (!span_equal(r->source, SPAN("built-in"))) {
			outbuf_put(out, SPAN(", "));
			outbuf_put_visible(out, r->source, false);
		}
		outbuf_put(out, SPAN("]"));
		if (r->remedy.len) {
			outbuf_put(out, SPAN(". Instead: "));
			outbuf_put_visible(out, r->remedy, false);
		}
	}
	if (effects->not_understood) {
		outbuf_put(out, SPAN(". It could not be analysed: "));
		outbuf_put(out, span_of(effects->not_understood));
	}
	outbuf_put(out, SPAN("."));
}

/* The one refusal that every host keeps. */
static void refuse(const struct effects *effects, const struct verdict *verdict, bool attended,
                   struct hook_answer *answer)
{
	answer->status = HOOK_EXIT_REFUSE;
	hook_reason(effects, verdict, &answer->error);
	if (verdict->decision == DECISION_ASK && !attended)
		outbuf_put(&answer->error,
		           SPAN(" Nobody can be asked here. A person can allow it beforehand: "
		                "bailiff permissions grant --help."));
	outbuf_put_byte(&answer->error, '\n');
}

/* {"hookSpecificOutput":{"hookEventName":NAME, ...: the members that both hosts know. */
static void open_output(const struct hook_event *event, struct outbuf *out)
{
	outbuf_put(out, SPAN("{\"hookSpecificOutput\":{\"hookEventName\":"));
	outbuf_put_json(out, event->name);
}

static void put_reason_member(struct span key, const struct effects *effects,
                              const struct verdict *verdict, struct outbuf *out)
{
	struct outbuf text;

	outbuf_init(&text, MAX_ANSWER);
	hook_reason(effects, verdict, &text);
	outbuf_put_byte(out, ',');
	outbuf_put_json(out, key);
	outbuf_put_byte(out, ':');
	outbuf_put_json(out, outbuf_ok(&text) ? outbuf_span(&text)
	                                      : SPAN("Bailiff: see bailiff audit tail"));
	outbuf_release(&text);
}

static void answer_permission(const struct hook_event *event, const struct effects *effects,
                              const struct verdict *verdict, struct outbuf *out)
{
	if (verdict->decision == DECISION_ASK)
		return; /* the host asks its person, as it was about to */
	open_output(event, out);
	if (verdict->decision == DECISION_ALLOW) {
		outbuf_put(out, SPAN(",\"decision\":{\"behavior\":\"allow\"}}}\n"));
		return;
	}
	outbuf_put(out, SPAN(",\"decision\":{\"behavior\":\"deny\""));
	put_reason_member(SPAN("message"), effects, verdict, out);
	outbuf_put(out, SPAN("}}}\n"));
}

void hook_answer(const struct hook_host *host, const struct hook_event *event,
                 const struct effects *effects, const struct verdict *verdict, bool attended,
                 struct hook_answer *answer)
{
	answer->status = HOOK_EXIT_ALLOW;
	outbuf_init(&answer->out, 64 * 1024);
	outbuf_init(&answer->error, MAX_ANSWER);
	if (event->kind == HOOK_PERMISSION_REQUEST && host->permission_answer) {
		answer_permission(event, effects, verdict, &answer->out);
		return;
	}
	if (verdict->decision == DECISION_ALLOW)
		return;
	if (verdict->decision == DECISION_ASK && attended && host->asks) {
		open_output(event, &answer->out);
		outbuf_put(&answer->out, SPAN(",\"permissionDecision\":\"ask\""));
		put_reason_member(SPAN("permissionDecisionReason"), effects, verdict, &answer->out);
		outbuf_put(&answer->out, SPAN("}}\n"));
		return;
	}
	refuse(effects, verdict, attended, answer);
}
