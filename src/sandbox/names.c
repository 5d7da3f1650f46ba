/* Names of levels, networks and parts, and the limits that hold where nobody says anything. */
#include "sandbox/sandbox.h"

/* clang-format off */
static const char *const part_names[SANDBOX_PARTS] = {
	[SANDBOX_PART_USERNS] = "userns",
	[SANDBOX_PART_LANDLOCK] = "landlock",
	[SANDBOX_PART_SCOPES] = "landlock-scopes",
	[SANDBOX_PART_SECCOMP] = "seccomp",
	[SANDBOX_PART_NETWORK] = "network",
	[SANDBOX_PART_PROCESSES] = "process-limit",
	[SANDBOX_PART_MEMORY] = "memory-limit",
	[SANDBOX_PART_SECRETS] = "project-secrets",
	[SANDBOX_PART_WATCH] = "exec-watch",
};

const struct sandbox_limits sandbox_default_limits = {
	.processes = 4096,
	.open_files = 65536,
	.file_bytes = (uint64_t)16 << 30,
	.temporary_bytes = (uint64_t)2 << 30,
};
/* clang-format on */

const char *sandbox_level_name(enum sandbox_level level)
{
	switch (level) {
	case SANDBOX_FULL:
		return "full";
	case SANDBOX_LANDLOCK:
		return "landlock";
	case SANDBOX_NONE:
		break;
	}
	return "none";
}

const char *sandbox_network_name(enum sandbox_network network)
{
	switch (network) {
	case SANDBOX_NETWORK_PROXY:
		return "proxy";
	case SANDBOX_NETWORK_HOST:
		return "host";
	case SANDBOX_NETWORK_OFF:
		break;
	}
	return "off";
}

const char *sandbox_part_name(enum sandbox_part part)
{
	return part < SANDBOX_PARTS ? part_names[part] : "unknown";
}

bool sandbox_part_parse(struct span name, enum sandbox_part *part)
{
	for (size_t i = 0; i < SANDBOX_PARTS; i++) {
		if (span_equal(name, span_of(part_names[i]))) {
			*part = (enum sandbox_part)i;
			return true;
		}
	}
	return false;
}
