/* The command is an action as any other: it is judged before it is started. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "door/ask.h"
#include "run/private.h"

/* One word, quoted for a shell where that is needed. */
static void put_word(struct outbuf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-+=./:,@%";

	if (*word != '\0' && word[strspn(word, plain)] == '\0' && strchr(word, '=') == NULL) {
		outbuf_put(out, span_of(word));
		return;
	}
	outbuf_put_byte(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			outbuf_put(out, SPAN("'\\''"));
		else
			outbuf_put_byte(out, *word);
	}
	outbuf_put_byte(out, '\'');
}

/* {"command":"..."}: the words as a shell would be given them. */
static bool make_input(struct run *run, const struct json_value **input)
{
	struct problem problem = { 0 };
	struct json_value *object = NULL;
	struct outbuf command, json;
	struct span copy = { 0 };
	bool done;

	outbuf_init(&command, 1024 * 1024);
	outbuf_init(&json, 4 * 1024 * 1024);
	for (char *const *word = run->options->command; *word; word++) {
		if (word != run->options->command)
			outbuf_put_byte(&command, ' ');
		put_word(&command, *word);
	}
	outbuf_put(&json, SPAN("{\"command\":"));
	outbuf_put_json(&json, outbuf_span(&command));
	outbuf_put_byte(&json, '}');
	done = outbuf_ok(&command) && outbuf_ok(&json) &&
	       arena_copy(&run->arena, outbuf_span(&json), &copy) &&
	       json_parse(copy, NULL, &run->arena, &object, &problem);
	outbuf_release(&json);
	outbuf_release(&command);
	*input = object;
	return done;
}

/* Every reason that decided, with what it is about, and what would be accepted. */
static void explain(const struct verdict *verdict)
{
	for (const struct judge_reason *reason = verdict->reasons; reason; reason = reason->next) {
		struct outbuf line;

		if (reason->decision != verdict->decision)
			continue;
		outbuf_init(&line, 16 * 1024);
		outbuf_put(&line, SPAN("  "));
		outbuf_put_visible(&line, reason->message, false);
		if (reason->effect && reason->effect->target.len) {
			outbuf_put(&line, SPAN(": "));
			outbuf_put_visible(&line, span_slice(reason->effect->target, 0, 500),
			                   false);
		}
		outbuf_put(&line, SPAN(" ["));
		outbuf_put_visible(&line, reason->rule, false);
		outbuf_put(&line, SPAN(", "));
		outbuf_put_visible(&line, reason->source, false);
		outbuf_put(&line, SPAN("]\n"));
		if (reason->remedy.len) {
			outbuf_put(&line, SPAN("    instead: "));
			outbuf_put_visible(&line, reason->remedy, false);
			outbuf_put_byte(&line, '\n');
		}
		if (outbuf_ok(&line))
			fwrite(line.ptr, 1, line.len, stderr);
		outbuf_release(&line);
	}
}

static int confirm(struct run *run, const struct action *action, const struct effects *effects,
                   const struct verdict *verdict)
{
	struct asking asking = { .door = &run->door,
		                 .action = action,
		                 .effects = effects,
		                 .verdict = verdict,
		                 .name = SPAN("run") };
	bool unattended;

	if (door_ask(&asking, &run->arena, &unattended))
		return 0;
	if (!unattended)
		return run_say(RUN_DENIED, "not confirmed");
	run_say(0, "it needs a person's confirmation, and there is no terminal to ask on:");
	explain(verdict);
	return RUN_DENIED;
}

/*
 * Whoever types the command is the person who would be asked: typing it is the yes
 * that a standard question wants.  What is elevated or destructive is confirmed with a
 * word (KM-61), and refused where nobody can type it.  What an agent does inside is
 * judged call by call by its hooks.
 */
int command_judge(struct run *run)
{
	struct span roots[1] = { span_of(run->workspace) };
	struct action action = {
		.tool = SPAN("Bash"),
		.paths = { .cwd = span_of(run->cwd),
		           .home = span_of(run->home),
		           .workspace = roots,
		           .workspace_count = 1,
		           .state = span_of(run->state) },
		.view = &paths_machine,
		.session = span_of(run->id),
		.agent = run->agent ? run->profile.name : SPAN(""),
	};
	struct effects effects;
	struct verdict verdict;
	struct audit_entry entry;
	struct audit_receipt receipt;
	struct problem problem = { 0 };

	if (!make_input(run, &action.input))
		return run_say(RUN_DENIED, "the command is too long to be judged");
	run->door.context.guarded = true;
	door_judge(&run->door, &action, NULL, &run->arena, &effects, &verdict);
	if (verdict.decision == DECISION_ASK && verdict.approval < APPROVAL_STANDARD)
		return confirm(run, &action, &effects, &verdict);
	if (verdict.decision != DECISION_DENY)
		return 0;
	entry = door_entry(&run->door, &action, &effects, &verdict);
	entry.event = AUDIT_TOOL_BLOCKED;
	entry.outcome = AUDIT_BLOCKED;
	entry.run = span_of(run->id);
	entry.door = SPAN("run");
	if (!audit_record(&run->door.audit, &entry, &receipt, &problem))
		run_say(0, "this refusal could not be recorded: %s", problem.what);
	run_say(0, "refused:");
	explain(&verdict);
	return RUN_DENIED;
}
