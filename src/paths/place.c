/* Names of places. */
#include "paths/paths.h"

/* clang-format off */
static const struct span names[] = {
	[PLACE_UNKNOWN]        = SPAN_INIT("unknown"),
	[PLACE_SINK]           = SPAN_INIT("sink"),
	[PLACE_WORKSPACE]      = SPAN_INIT("workspace"),
	[PLACE_WORKSPACE_ROOT] = SPAN_INIT("workspace-root"),
	[PLACE_BUILD_OUTPUT]   = SPAN_INIT("build-output"),
	[PLACE_PROJECT_SECRET] = SPAN_INIT("project-secret"),
	[PLACE_PROJECT_CODE]   = SPAN_INIT("project-code"),
	[PLACE_VCS]            = SPAN_INIT("vcs"),
	[PLACE_AGENT]          = SPAN_INIT("agent"),
	[PLACE_BAILIFF]        = SPAN_INIT("bailiff"),
	[PLACE_TEMP]           = SPAN_INIT("temp"),
	[PLACE_HOME]           = SPAN_INIT("home"),
	[PLACE_HOME_ROOT]      = SPAN_INIT("home-root"),
	[PLACE_STARTUP]        = SPAN_INIT("startup"),
	[PLACE_SECRET]         = SPAN_INIT("secret"),
	[PLACE_OTHER_HOME]     = SPAN_INIT("other-home"),
	[PLACE_TOOLCHAIN]      = SPAN_INIT("toolchain"),
	[PLACE_SYSTEM_CONFIG]  = SPAN_INIT("system-config"),
	[PLACE_SYSTEM_SECRET]  = SPAN_INIT("system-secret"),
	[PLACE_SYSTEM_STATE]   = SPAN_INIT("system-state"),
	[PLACE_PROC]           = SPAN_INIT("proc"),
	[PLACE_KERNEL]         = SPAN_INIT("kernel"),
	[PLACE_DEVICE]         = SPAN_INIT("device"),
	[PLACE_SOCKET]         = SPAN_INIT("socket"),
	[PLACE_ROOT]           = SPAN_INIT("root"),
};
/* clang-format on */

struct span place_name(enum place place)
{
	size_t i = (size_t)place;

	return i < sizeof names / sizeof names[0] ? names[i] : names[PLACE_UNKNOWN];
}
