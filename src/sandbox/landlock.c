/*
 * Landlock, the second wall: what the view makes writable may be written, the rest
 * read and executed; at level LANDLOCK only what is listed exists for open(2).
 *
 * The rules are the same at every ABI; what an older kernel does not know is cut off,
 * and its absence said.
 */
#include <fcntl.h>
#include <sys/prctl.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

enum {
	READ_FILES = LANDLOCK_EXECUTE | LANDLOCK_READ_FILE,
	READ = READ_FILES | LANDLOCK_READ_DIR,
	WRITE_FILES = READ_FILES | LANDLOCK_WRITE_FILE | LANDLOCK_TRUNCATE | LANDLOCK_IOCTL_DEV,
	WRITE = READ | WRITE_FILES | LANDLOCK_REMOVE_DIR | LANDLOCK_REMOVE_FILE |
	        LANDLOCK_MAKE_DIR | LANDLOCK_MAKE_REG | LANDLOCK_MAKE_SOCK | LANDLOCK_MAKE_FIFO |
	        LANDLOCK_MAKE_SYM | LANDLOCK_REFER,
	EVERYTHING = WRITE | LANDLOCK_MAKE_CHAR | LANDLOCK_MAKE_BLOCK
};

/* The kinds of access that ABI `abi` knows. */
static uint64_t known_access(int abi)
{
	uint64_t access = EVERYTHING;

	if (abi < 5)
		access &= ~(uint64_t)LANDLOCK_IOCTL_DEV;
	if (abi < 3)
		access &= ~(uint64_t)LANDLOCK_TRUNCATE;
	if (abi < 2)
		access &= ~(uint64_t)LANDLOCK_REFER;
	return access;
}

/* Rules for directories cannot be given for a file: try both. */
static bool allow(int ruleset, const char *path, uint64_t access)
{
	struct sys_landlock_path rule = { .allowed_access = access };
	bool added;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return false;
	added = syscall(SYS_LANDLOCK_ADD_RULE, ruleset, SYS_LANDLOCK_RULE_PATH_BENEATH, &rule, 0) ==
	        0;
	if (!added) {
		rule.allowed_access &= WRITE_FILES;
		added = syscall(SYS_LANDLOCK_ADD_RULE, ruleset, SYS_LANDLOCK_RULE_PATH_BENEATH,
		                &rule, 0) == 0;
	}
	close(rule.parent_fd);
	return added;
}

static bool allow_places(const struct sandbox_plan *plan, int ruleset, uint64_t known)
{
	for (size_t i = 0; i < plan->readable_count; i++) {
		if (!allow(ruleset, plan->readable[i], READ & known))
			return false;
	}
	for (size_t i = 0; i < plan->writable_count; i++) {
		if (!allow(ruleset, plan->writable[i], WRITE & known))
			return false;
	}
	return true;
}

bool landlock_apply(const struct sandbox_plan *plan, int *abi, unsigned *missing)
{
	int version = sys_landlock_abi();
	uint64_t known = known_access(version);
	struct sys_landlock_ruleset handled = { .handled_access_fs = known };
	int ruleset;
	bool done;

	*abi = version;
	if (version < 6)
		*missing |= SANDBOX_BIT(SANDBOX_PART_SCOPES);
	if (version == 0) {
		*missing |= SANDBOX_BIT(SANDBOX_PART_LANDLOCK);
		return true;
	}
	if (version >= 6)
		handled.scoped = LANDLOCK_SCOPE_ABSTRACT | LANDLOCK_SCOPE_SIGNAL;
	if (version >= 4 && plan->level == SANDBOX_LANDLOCK && plan->network == SANDBOX_NETWORK_OFF)
		handled.handled_access_net = LANDLOCK_BIND_TCP | LANDLOCK_CONNECT_TCP;
	ruleset = (int)syscall(SYS_LANDLOCK_CREATE_RULESET, &handled,
	                       version >= 6 ? sizeof handled
	                       : version >= 4
	                               ? offsetof(struct sys_landlock_ruleset, scoped)
	                               : offsetof(struct sys_landlock_ruleset, handled_access_net),
	                       0);
	if (ruleset < 0)
		return false;
	done = allow_places(plan, ruleset, known) &&
	       syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0;
	close(ruleset);
	return done;
}
