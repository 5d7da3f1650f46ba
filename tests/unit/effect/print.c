/* Effects as lines. */
#include "print.h"

static const struct {
	unsigned flag;
	const char *name;
} flags[] = {
	{ EFFECT_RECURSIVE, "recursive" },
	{ EFFECT_FORCE, "force" },
	{ EFFECT_SYSTEM, "system" },
	{ EFFECT_ALL, "all" },
	{ EFFECT_INSECURE, "insecure" },
	{ EFFECT_APPEND, "append" },
	{ EFFECT_CREATE, "create" },
	{ EFFECT_REDIRECT, "redirect" },
	{ EFFECT_GLOB, "glob" },
	{ EFFECT_FROM_NET, "from-net" },
	{ EFFECT_FROM_SECRET, "from-secret" },
	{ EFFECT_FROM_UNKNOWN, "from-unknown" },
	{ EFFECT_DEAD, "dead" },
	{ EFFECT_TO_SOCKET, "to-socket" },
	{ EFFECT_LATER, "later" },
	{ EFFECT_BENEATH, "beneath" },
};

/* Control bytes as \xNN, so that a case stays readable. */
static void put(FILE *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if (byte == '\n')
			fputs("\\n", out);
		else if (byte < 0x20 || byte == 0x7f)
			fprintf(out, "\\x%02x", byte);
		else
			fputc(byte, out);
	}
}

static void print_effect(const struct effect *effect, FILE *out)
{
	struct span kind = effect_kind_name(effect->kind), place = place_name(effect->facts.place);
	static const char *const certainties[] = { "?", "~", "" };

	fprintf(out, "%.*s%s", (int)kind.len, kind.ptr, certainties[effect->certainty]);
	if (effect->target.len > 0) {
		fputc(' ', out);
		put(out, effect->target);
	}
	if (effect->facts.place != PLACE_UNKNOWN)
		fprintf(out, " (%.*s)", (int)place.len, place.ptr);
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (effect->flags & flags[i].flag)
			fprintf(out, " %s", flags[i].name);
	if (effect->source.len > 0) {
		fputs(" < ", out);
		put(out, effect->source);
	}
	if (effect->kind == EFFECT_UNKNOWN && effect->what)
		fprintf(out, ": %s", effect->what);
	fputc('\n', out);
}

void print_effects(const struct effects *effects, FILE *out)
{
	for (const struct effect *effect = effects->first; effect; effect = effect->next)
		print_effect(effect, out);
}
