/* The narrowest rule for an action that was just approved. */
#include "door/ask.h"
#include "net/net.h"

/* Words that a rule would read otherwise than as themselves. */
static bool plain(struct span word)
{
	for (size_t i = 0; i < word.len; i++) {
		unsigned char byte = (unsigned char)word.ptr[i];

		if (byte <= 0x20 || byte >= 0x7f || byte == '*' || byte == '(' || byte == ')' ||
		    byte == '\\' || byte == '"' || byte == '\'' || byte == ':')
			return false;
	}
	return word.len > 0;
}

static bool finish(struct outbuf *out, struct arena *arena, struct span *rule)
{
	bool done = outbuf_ok(out) && arena_copy(arena, outbuf_span(out), rule);

	outbuf_release(out);
	return done;
}

/* Exactly one command, all of it known: that command line. */
static bool suggest_command(const struct effects *effects, struct arena *arena, struct span *rule)
{
	const struct effect_command *command = effects->commands;
	struct outbuf out;

	*rule = SPAN("");
	if (effects->not_understood || !command || command->next || command->open_ended ||
	    command->assignment_count || command->argc == 0)
		return true;
	for (size_t i = 0; i < command->argc; i++) {
		if (!command->argv[i].complete || !plain(command->argv[i].text))
			return true;
	}
	outbuf_init(&out, 4096);
	outbuf_put(&out, SPAN("Bash("));
	for (size_t i = 0; i < command->argc; i++) {
		if (i)
			outbuf_put_byte(&out, ' ');
		outbuf_put(&out, command->argv[i].text);
	}
	outbuf_put_byte(&out, ')');
	if (!outbuf_ok(&out)) { /* a line too long to be a rule */
		outbuf_release(&out);
		return true;
	}
	return finish(&out, arena, rule);
}

static bool suggest_effect(const struct effect *effect, struct arena *arena, struct span *rule)
{
	struct net_target target;
	struct outbuf out;

	*rule = SPAN("");
	if (!effect || effect->next || effect->certainty != CERTAINTY_KNOWN)
		return true;
	outbuf_init(&out, 8192);
	if (effect->kind == EFFECT_READ && plain(effect->target)) {
		outbuf_put(&out, SPAN("Read(/"));
		outbuf_put(&out, effect->target);
	} else if (effect->kind == EFFECT_WRITE && plain(effect->target)) {
		outbuf_put(&out, SPAN("Edit(/"));
		outbuf_put(&out, effect->target);
	} else if (effect->kind == EFFECT_CONNECT &&
	           net_judge_url(effect->target, arena, &target) && target.reach == NET_PUBLIC) {
		outbuf_put(&out, SPAN("WebFetch(domain:"));
		outbuf_put(&out, target.host);
	} else {
		outbuf_release(&out);
		return true;
	}
	outbuf_put_byte(&out, ')');
	return finish(&out, arena, rule);
}

bool door_suggest(const struct action *action, const struct effects *effects, struct arena *arena,
                  struct span *rule)
{
	if (span_starts(action->tool, SPAN("mcp__"))) {
		*rule = plain(action->tool) ? action->tool : SPAN("");
		return true;
	}
	if (effects->commands)
		return suggest_command(effects, arena, rule);
	return suggest_effect(effects->first, arena, rule);
}
