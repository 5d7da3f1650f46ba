/*
 * The resolution order, as code.
 *
 * Every effect gets a decision of its own, by the first of these that speaks:
 * hard block, what the sandbox has not got, the policy's restrictions, what must
 * be asked each time, safe mode, what passes by itself, plan mode, a rule or
 * grant that covers it, the sandbox that holds it, ask.  Deny and ask rules and
 * the policy's tool lists speak for the action as a whole.  All of them are
 * reasons, and the verdict is the strictest.
 */
#include "judge/judge.h"

#include "judge/rules.h"
#include "net/net.h"

struct bench {
	const struct judge_context *context;
	const struct action *action;
	const struct effects *effects;
	struct rules_context rules;
	struct rules_matches matches;
	struct arena *arena;
	struct judge_reason *reasons[3]; /* by decision, newest first */
	bool failed;                     /* out of memory */
};

enum decision decision_stricter(enum decision a, enum decision b)
{
	return b < a ? b : a;
}

struct span decision_name(enum decision decision)
{
	switch (decision) {
	case DECISION_DENY:
		return SPAN("deny");
	case DECISION_ASK:
		return SPAN("ask");
	case DECISION_ALLOW:
		return SPAN("allow");
	}
	return SPAN("deny");
}

/* An allow is said once for each rule: twenty reads are one reason. */
static bool said(const struct bench *bench, const struct judge_reason *reason)
{
	if (reason->decision != DECISION_ALLOW)
		return false;
	for (const struct judge_reason *r = bench->reasons[DECISION_ALLOW]; r; r = r->next) {
		if (span_equal(r->rule, reason->rule) && span_equal(r->source, reason->source))
			return true;
	}
	return false;
}

static void say(struct bench *bench, struct judge_reason reason)
{
	struct judge_reason *kept;

	if (reason.source.len == 0)
		reason.source = SPAN("built-in");
	if (said(bench, &reason))
		return;
	kept = arena_new(bench->arena, struct judge_reason);
	if (!kept) {
		bench->failed = true;
		return;
	}
	reason.next = bench->reasons[reason.decision];
	*kept = reason;
	bench->reasons[reason.decision] = kept;
}

static struct span source_of(struct bench *bench, const struct policy_source *source)
{
	struct span text = SPAN("");

	if (!policy_source_text(source, bench->arena, &text))
		bench->failed = true;
	return text;
}

/* "Bash(rm *)" behind a sentence. */
static struct span sentence(struct bench *bench, struct span before, struct span detail)
{
	size_t size;
	char *text;

	if (__builtin_add_overflow(before.len, detail.len, &size)) {
		bench->failed = true;
		return before;
	}
	text = arena_array(bench->arena, char, size);
	if (!text) {
		bench->failed = true;
		return before;
	}
	for (size_t i = 0; i < size; i++)
		text[i] = i < before.len ? before.ptr[i] : detail.ptr[i - before.len];
	return (struct span){ text, size };
}

/* A reason that comes from an entry of the policy. */
static struct judge_reason by_item(struct bench *bench, enum decision decision, struct span rule,
                                   struct span message, const struct policy_item *item)
{
	return (struct judge_reason){
		.decision = decision,
		.rule = rule,
		.risk = RISK_HIGH,
		.approval = decision == DECISION_DENY ? APPROVAL_BLOCKED : APPROVAL_ELEVATED,
		.message = item ? sentence(bench, message, item->text) : message,
		.remedy = SPAN("ask whoever keeps the policy"),
		.source = item ? source_of(bench, &item->source) : SPAN(""),
	};
}

/* ---- the action as a whole ---- */

static void weigh_tool(struct bench *bench)
{
	const struct policy *policy = bench->context->policy;
	const struct policy_item *item = NULL;

	if (!policy_allows_tool(policy, bench->action->tool, &item))
		say(bench, by_item(bench, DECISION_DENY, SPAN("policy.tool"),
		                   SPAN("the policy does not allow this tool: "), item));
	item = rules_requires_approval(&bench->rules, NULL);
	if (item)
		say(bench, by_item(bench, DECISION_ASK, SPAN("policy.require-approval"),
		                   SPAN("the policy wants every use approved: "), item));
}

static void weigh_hits(struct bench *bench, const struct rules_hit *hits, enum decision decision)
{
	for (const struct rules_hit *hit = hits; hit; hit = hit->next) {
		say(bench,
		    (struct judge_reason){
			    .decision = decision,
			    .rule = SPAN("policy.rule"),
			    .risk = decision == DECISION_DENY ? RISK_HIGH : RISK_MEDIUM,
			    .approval = decision == DECISION_DENY ? APPROVAL_BLOCKED
		                                                  : APPROVAL_STANDARD,
			    .message = sentence(bench,
		                                decision == DECISION_DENY
		                                        ? SPAN("a rule denies it: ")
		                                        : SPAN("a rule has it asked each time: "),
		                                hit->rule->rule.text),
			    .remedy = SPAN("do it another way, or have the rule changed"),
			    .source = source_of(bench, &hit->rule->source),
			    .effect = hit->effect,
		    });
	}
}

static void weigh_understanding(struct bench *bench)
{
	if (!bench->effects->not_understood)
		return;
	say(bench, (struct judge_reason){
			   .decision = DECISION_ASK,
			   .rule = SPAN("analysis.not-understood"),
			   .risk = RISK_MEDIUM,
			   .approval = APPROVAL_STANDARD,
			   .message = sentence(bench, SPAN("it could not be analysed: "),
	                                       span_of(bench->effects->not_understood)),
			   .remedy = SPAN("write it in a simpler way"),
		   });
}

/* ---- one effect ---- */

static struct judge_reason by_row(const struct risk_rule *row, const struct effect *effect,
                                  enum decision decision)
{
	return (struct judge_reason){
		.decision = decision,
		.rule = span_of(row->id),
		.risk = row->level,
		.approval = decision == DECISION_DENY        ? APPROVAL_BLOCKED
		            : decision == DECISION_ALLOW     ? APPROVAL_NONE
		            : row->approval == APPROVAL_NONE ? APPROVAL_STANDARD
		                                             : row->approval,
		.message = span_of(row->sentence),
		.remedy = span_of(row->remedy),
		.effect = effect,
	};
}

static bool reaches_network(enum effect_kind kind)
{
	return kind == EFFECT_CONNECT || kind == EFFECT_UPLOAD;
}

/* What a policy says about one effect whatever allows it; true where it spoke. */
static bool weigh_restrictions(struct bench *bench, const struct effect *effect)
{
	const struct policy_value *web = &bench->context->policy->values[POLICY_DISABLE_WEB_ACCESS];
	const struct policy_item *item;
	bool changes = effect->kind != EFFECT_READ && effect->kind != EFFECT_LIST;

	if (reaches_network(effect->kind) && web->truth) {
		struct judge_reason reason = by_item(bench, DECISION_DENY,
		                                     SPAN("policy.no-web-access"),
		                                     SPAN("the policy disables web access"), NULL);

		reason.source = source_of(bench, &web->source);
		reason.effect = effect;
		say(bench, reason);
		return true;
	}
	item = rules_outside_allowed(&bench->rules, effect);
	if (item) {
		struct judge_reason reason = by_item(
			bench, changes ? DECISION_DENY : DECISION_ASK, SPAN("policy.allowed-paths"),
			SPAN("it lies outside the paths that the policy allows, such as "), item);

		reason.effect = effect;
		say(bench, reason);
		return true;
	}
	item = rules_requires_approval(&bench->rules, effect);
	if (item) {
		struct judge_reason reason = by_item(
			bench, DECISION_ASK, SPAN("policy.require-approval"),
			SPAN("the policy wants every use approved: "), item);

		reason.effect = effect;
		say(bench, reason);
		return true;
	}
	return false;
}

/* What the tool lists, the rules and the grants allow; a protected read only by its own path. */
static const struct policy_rule *covering(const struct bench *bench, const struct risk_rule *row,
                                          const struct effect *effect)
{
	if (!(row->traits & RISK_PROTECTED))
		return rules_covering(&bench->matches, effect);
	if (effect->kind != EFFECT_READ)
		return NULL;
	return rules_covering_itself(&bench->matches, effect);
}

static struct span cover_name(const struct policy_rule *rule)
{
	if (rule->source.layer == POLICY_SESSION_GRANT)
		return SPAN("grant.session");
	if (rule->source.layer == POLICY_SAVED_GRANT)
		return SPAN("grant.saved");
	return SPAN("policy.rule");
}

static bool weigh_cover(struct bench *bench, const struct risk_rule *row,
                        const struct effect *effect)
{
	const struct policy_rule *rule = covering(bench, row, effect);
	struct judge_reason reason;

	if (!rule)
		return false;
	reason = by_row(row, effect, DECISION_ALLOW);
	reason.rule = cover_name(rule);
	reason.message = sentence(bench, SPAN("it is allowed by "), rule->rule.text);
	reason.remedy = SPAN("");
	reason.source = source_of(bench, &rule->source);
	say(bench, reason);
	return true;
}

/* What a mode or the sandbox lets pass; true where one spoke. */
static bool weigh_posture(struct bench *bench, const struct risk_rule *row,
                          const struct effect *effect)
{
	struct judge_reason reason = by_row(row, effect, DECISION_ALLOW);

	reason.remedy = SPAN("");
	if (bench->context->policy->mode == POLICY_MODE_ACCEPT_EDITS && (row->traits & RISK_EDIT) &&
	    !effect->command) {
		reason.rule = SPAN("mode.accept-edits");
		reason.message = SPAN("edits of the workspace pass in this mode");
		say(bench, reason);
		return true;
	}
	if (bench->context->guarded && (row->traits & RISK_CONTAINED)) {
		reason.rule = SPAN("sandbox.contained");
		reason.message = SPAN("the sandbox holds what it does");
		say(bench, reason);
		return true;
	}
	return false;
}

static bool listed_host(const struct bench *bench, struct span host)
{
	const struct policy *policy = bench->context->policy;

	return policy->values[POLICY_NETWORK_ALLOW].count > 0 &&
	       policy_allows_host(policy, host, NULL);
}

static void say_network(struct bench *bench, const struct effect *effect, enum decision decision,
                        struct judge_reason reason)
{
	reason.decision = decision;
	reason.approval = decision == DECISION_DENY  ? APPROVAL_BLOCKED
	                  : decision == DECISION_ASK ? APPROVAL_ELEVATED
	                                             : APPROVAL_NONE;
	reason.effect = effect;
	say(bench, reason);
}

/* Where a connection leads; true where that settles it (KC-063 to KC-072). */
static bool weigh_network(struct bench *bench, const struct effect *effect)
{
	const struct policy_item *item = NULL;
	struct net_target target;
	bool url = span_find(effect->target, SPAN("://"), NULL), judged;

	/* A tool names URLs; a program may name hosts as well. */
	if (effect->kind != EFFECT_CONNECT || effect->certainty != CERTAINTY_KNOWN ||
	    (!url && !effect->command))
		return false;
	judged = url ? net_judge_url(effect->target, bench->arena, &target)
	             : net_judge_host(effect->target, 443, bench->arena, &target);
	if (!judged) {
		bench->failed = true;
		return true;
	}
	if (target.host.len && !policy_allows_host(bench->context->policy, target.host, &item)) {
		say_network(bench, effect, DECISION_DENY,
		            by_item(bench, DECISION_DENY, SPAN("policy.network"),
		                    SPAN("the policy does not allow this host: "), item));
		return true;
	}
	/* A fetching tool never leaves the public Internet; a program's own connection may be asked for. */
	if (target.reach == NET_METADATA ||
	    (!effect->command && target.reach != NET_PUBLIC && target.reach != NET_UNKNOWN)) {
		say_network(bench, effect, DECISION_DENY,
		            (struct judge_reason){ .rule = SPAN("net.internal"),
		                                   .risk = RISK_CRITICAL,
		                                   .message = sentence(bench, SPAN("it leads to "),
		                                                       span_of(target.why)),
		                                   .remedy = SPAN("fetch public addresses only") });
		return true;
	}
	if (!effect->command && target.reach == NET_UNKNOWN) {
		say_network(bench, effect, DECISION_ASK,
		            (struct judge_reason){
				    .rule = SPAN("net.unclear"),
				    .risk = RISK_HIGH,
				    .message = sentence(bench, SPAN("where it leads is unclear: "),
		                                        span_of(target.why)),
				    .remedy = SPAN("write a plain https URL") });
		return true;
	}
	if (bench->context->guarded && target.reach == NET_PUBLIC &&
	    listed_host(bench, target.host)) {
		say_network(bench, effect, DECISION_ALLOW,
		            (struct judge_reason){ .rule = SPAN("policy.network"),
		                                   .risk = RISK_LOW,
		                                   .message = SPAN("the policy lists this host") });
		return true;
	}
	return false;
}

static void weigh_effect(struct bench *bench, const struct effect *effect)
{
	const struct risk_rule *row = risk_of(effect);
	const struct policy *policy = bench->context->policy;
	struct judge_reason reason;

	if (row->approval == APPROVAL_BLOCKED) {
		say(bench, by_row(row, effect, DECISION_DENY));
		return;
	}
	if (bench->context->guarded && (row->traits & RISK_OUTSIDE)) {
		reason = by_row(row, effect, DECISION_DENY);
		reason.remedy = SPAN("this is not done inside a guarded run");
		say(bench, reason);
		return;
	}
	if (weigh_restrictions(bench, effect) || weigh_network(bench, effect))
		return;
	if (policy->safe) {
		reason = by_row(row, effect, DECISION_ASK);
		say(bench, reason);
		return;
	}
	if (row->approval == APPROVAL_NONE) {
		say(bench, by_row(row, effect, DECISION_ALLOW));
		return;
	}
	if (policy->mode == POLICY_MODE_PLAN) {
		reason = by_row(row, effect, DECISION_DENY);
		reason.rule = SPAN("mode.plan");
		reason.remedy = SPAN("leave plan mode: it only reads");
		say(bench, reason);
		return;
	}
	if (weigh_cover(bench, row, effect) || weigh_posture(bench, row, effect))
		return;
	say(bench, by_row(row, effect, DECISION_ASK));
}

/* ---- the verdict ---- */

/* Strictest first, each kind in the order in which it was said. */
static struct judge_reason *join(struct bench *bench)
{
	static const enum decision weakest_first[] = { DECISION_ALLOW, DECISION_ASK,
		                                       DECISION_DENY };
	struct judge_reason *all = NULL;

	for (size_t i = 0; i < sizeof weakest_first / sizeof weakest_first[0]; i++) {
		struct judge_reason *r = bench->reasons[weakest_first[i]];

		while (r) {
			struct judge_reason *next = r->next;

			r->next = all;
			all = r;
			r = next;
		}
	}
	return all;
}

static void decide(struct bench *bench, struct verdict *verdict)
{
	verdict->reasons = join(bench);
	verdict->decision = DECISION_ALLOW;
	verdict->risk = RISK_LOW;
	verdict->approval = APPROVAL_NONE;
	for (const struct judge_reason *r = verdict->reasons; r; r = r->next)
		verdict->decision = decision_stricter(verdict->decision, r->decision);
	for (const struct judge_reason *r = verdict->reasons; r; r = r->next) {
		if (r->decision != verdict->decision)
			continue;
		if (r->risk > verdict->risk)
			verdict->risk = r->risk;
		if (r->approval < verdict->approval)
			verdict->approval = r->approval;
	}
}

bool judge(const struct judge_context *context, const struct action *action,
           const struct effects *effects, struct arena *arena, struct verdict *verdict)
{
	struct bench bench = {
		.context = context, .action = action, .effects = effects, .arena = arena
	};

	bench.rules = (struct rules_context){ .policy = context->policy,
		                              .action = action,
		                              .effects = effects,
		                              .now_ns = context->now_ns,
		                              .no_grants = context->policy->safe };
	*verdict = (struct verdict){ .degraded = context->degraded,
		                     .degraded_count = context->degraded_count };
	if (!rules_match(&bench.rules, arena, &bench.matches))
		return false;
	weigh_tool(&bench);
	weigh_hits(&bench, bench.matches.deny, DECISION_DENY);
	weigh_hits(&bench, bench.matches.ask, DECISION_ASK);
	weigh_understanding(&bench);
	for (const struct effect *effect = effects->first; effect; effect = effect->next)
		weigh_effect(&bench, effect);
	if (!bench.reasons[DECISION_DENY] && !bench.reasons[DECISION_ASK] &&
	    !bench.reasons[DECISION_ALLOW])
		say(&bench, (struct judge_reason){ .decision = DECISION_ALLOW,
		                                   .rule = SPAN("effect.none"),
		                                   .risk = RISK_LOW,
		                                   .approval = APPROVAL_NONE,
		                                   .message = SPAN("it does nothing") });
	if (bench.failed)
		return false;
	decide(&bench, verdict);
	return true;
}
