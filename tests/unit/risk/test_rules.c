/*
 * The table of findings itself: every row reachable, every row complete, and the
 * kinds without a row of their own fall to one that asks.  KM-43; risk KM-53 KM-54 KM-55 KM-56,
 * approval KM-57 KM-58 KM-59 KM-60.
 */
#include <string.h>

#include "risk/risk.h"
#include "tap.h"

/* An effect that this row, and no row before it, fits; false where an earlier row hides it. */
static bool reachable(size_t index)
{
	const struct risk_rule *row = &risk_rules[index];

	for (unsigned place = 0; place <= PLACE_ROOT; place++) {
		struct effect effect = { .kind = row->kind,
			                 .flags = row->all,
			                 .facts = { .place = place } };

		if (risk_of(&effect) == row)
			return true;
	}
	return false;
}

static bool complete(const struct risk_rule *row)
{
	bool said = row->id && strchr(row->id, '.') && row->sentence && *row->sentence &&
	            row->remedy && row->source;
	/* What is asked says what would make it pass; what is dangerous says where that is known from. */
	bool remedy = row->approval == APPROVAL_NONE || row->approval == APPROVAL_BLOCKED ||
	              *row->remedy || strcmp(row->id, "effect.unruled") == 0;

	return said && remedy && row->level >= RISK_LOW && row->level <= RISK_CRITICAL;
}

/* Reading 25: low means standard, critical means destructive or blocked; blocked is never low. */
static bool mapped(const struct risk_rule *row)
{
	switch (row->level) {
	case RISK_LOW:
		return row->approval >= APPROVAL_STANDARD;
	case RISK_MEDIUM:
		return row->approval >= APPROVAL_ELEVATED;
	case RISK_HIGH:
		return row->approval != APPROVAL_NONE;
	case RISK_CRITICAL:
		return row->approval <= APPROVAL_DESTRUCTIVE;
	}
	return false;
}

static void test_every_effect_is_ruled(void)
{
	unsigned unruled = 0;

	for (unsigned kind = 0; kind < EFFECT_KINDS; kind++) {
		for (unsigned place = 0; place <= PLACE_ROOT; place++) {
			for (unsigned bit = 0; bit < 16; bit++) {
				struct effect effect = { .kind = kind,
					                 .flags = 1U << bit,
					                 .facts = { .place = place } };

				unruled += strcmp(risk_of(&effect)->id, "effect.unruled") == 0;
			}
		}
	}
	OK(unruled == 0, "every kind of effect in every place has a row of its own (%u have none)",
	   unruled);
	OK(strcmp(risk_rules[risk_rule_count - 1].id, "effect.unruled") == 0 &&
	           risk_rules[risk_rule_count - 1].approval == APPROVAL_STANDARD,
	   "what no row fits is asked");
}

int main(void)
{
	for (size_t i = 0; i + 1 < risk_rule_count; i++) {
		const struct risk_rule *row = &risk_rules[i];

		OK(complete(row), "%s: sentence, remedy and source", row->id);
		OK(mapped(row), "%s: risk and approval fit (KM-53 to KM-60)", row->id);
		OK(reachable(i), "%s: no earlier row hides it", row->id);
	}
	test_every_effect_is_ruled();
	return tap_done();
}
