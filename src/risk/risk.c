/* Finding the row: rows of one kind stand together, so the search is short. */
#include "risk/risk.h"

static bool fits(const struct risk_rule *rule, const struct effect *effect)
{
	if (rule->kind != effect->kind)
		return false;
	if (rule->places && !(rule->places & (UINT64_C(1) << effect->facts.place)))
		return false;
	if ((rule->traits & RISK_PLAIN) && effect->facts.why)
		return false;
	return (effect->flags & rule->all) == rule->all && !(effect->flags & rule->none);
}

const struct risk_rule *risk_of(const struct effect *effect)
{
	/* The last row is effect.unruled, which no search finds and every search ends with. */
	for (size_t i = 0; i + 1 < risk_rule_count; i++) {
		if (fits(&risk_rules[i], effect))
			return &risk_rules[i];
	}
	return &risk_rules[risk_rule_count - 1];
}

struct span risk_level_name(enum risk_level level)
{
	switch (level) {
	case RISK_LOW:
		return SPAN("low");
	case RISK_MEDIUM:
		return SPAN("medium");
	case RISK_HIGH:
		return SPAN("high");
	case RISK_CRITICAL:
		return SPAN("critical");
	}
	return SPAN("critical");
}

struct span approval_name(enum approval approval)
{
	switch (approval) {
	case APPROVAL_BLOCKED:
		return SPAN("blocked");
	case APPROVAL_DESTRUCTIVE:
		return SPAN("destructive");
	case APPROVAL_ELEVATED:
		return SPAN("elevated");
	case APPROVAL_STANDARD:
		return SPAN("standard");
	case APPROVAL_NONE:
		return SPAN("none");
	}
	return SPAN("blocked");
}
