/* Names of effects, as JSON and rules spell them. */
#include "effect/effect.h"

const struct effect_limits effect_default_limits = { .depth = 24,
	                                             .effects = 20000,
	                                             .steps = 20000 };

/* clang-format off */
static const struct span names[EFFECT_KINDS] = {
	[EFFECT_UNKNOWN] = SPAN_INIT("unknown"),
	[EFFECT_OUTPUT] = SPAN_INIT("output"),
	[EFFECT_RUN] = SPAN_INIT("run"),
	[EFFECT_LIST] = SPAN_INIT("list"),
	[EFFECT_READ] = SPAN_INIT("read"),
	[EFFECT_WRITE] = SPAN_INIT("write"),
	[EFFECT_DELETE] = SPAN_INIT("delete"),
	[EFFECT_MOVE] = SPAN_INIT("move"),
	[EFFECT_MODE] = SPAN_INIT("mode"),
	[EFFECT_OWNER] = SPAN_INIT("owner"),
	[EFFECT_LINK] = SPAN_INIT("link"),
	[EFFECT_DEVICE] = SPAN_INIT("device"),
	[EFFECT_MOUNT] = SPAN_INIT("mount"),
	[EFFECT_CONNECT] = SPAN_INIT("connect"),
	[EFFECT_LISTEN] = SPAN_INIT("listen"),
	[EFFECT_UPLOAD] = SPAN_INIT("upload"),
	[EFFECT_CODE] = SPAN_INIT("code"),
	[EFFECT_REMOTE] = SPAN_INIT("remote"),
	[EFFECT_PROJECT] = SPAN_INIT("project"),
	[EFFECT_ENVIRONMENT] = SPAN_INIT("environment"),
	[EFFECT_SETTING] = SPAN_INIT("setting"),
	[EFFECT_PRIVILEGE] = SPAN_INIT("privilege"),
	[EFFECT_PACKAGE_ADD] = SPAN_INIT("package-add"),
	[EFFECT_PACKAGE_REMOVE] = SPAN_INIT("package-remove"),
	[EFFECT_SERVICE] = SPAN_INIT("service"),
	[EFFECT_FIREWALL] = SPAN_INIT("firewall"),
	[EFFECT_CONFIGURE] = SPAN_INIT("configure"),
	[EFFECT_POWER] = SPAN_INIT("power"),
	[EFFECT_KERNEL] = SPAN_INIT("kernel"),
	[EFFECT_ACCOUNT] = SPAN_INIT("account"),
	[EFFECT_SIGNAL] = SPAN_INIT("signal"),
	[EFFECT_CONTAINER] = SPAN_INIT("container"),
	[EFFECT_CLOUD] = SPAN_INIT("cloud"),
	[EFFECT_DATABASE] = SPAN_INIT("database"),
	[EFFECT_HISTORY] = SPAN_INIT("history"),
	[EFFECT_PUBLISH] = SPAN_INIT("publish"),
	[EFFECT_SCHEDULE] = SPAN_INIT("schedule"),
	[EFFECT_SECRET] = SPAN_INIT("secret"),
	[EFFECT_REDEFINE] = SPAN_INIT("redefine"),
	[EFFECT_BOMB] = SPAN_INIT("bomb"),
	[EFFECT_AGENT] = SPAN_INIT("agent"),
};
/* clang-format on */

struct span effect_kind_name(enum effect_kind kind)
{
	size_t i = (size_t)kind;

	return i < EFFECT_KINDS ? names[i] : names[EFFECT_UNKNOWN];
}
