/*
 * The locks, in the order in which each still can be closed: descriptors, limits,
 * capabilities, no_new_privs, Landlock, system calls.  None can be opened again.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

enum {
	SECURE = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
	         SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
	         SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED
};

/* A limit is never raised: the caller's own may be lower.  prlimit(2), for its fixed types. */
static bool limit(int resource, uint64_t value)
{
	struct {
		uint64_t soft, hard;
	} now, wanted = { value, value };

	if (syscall(SYS_prlimit64, 0, resource, NULL, &now) != 0)
		return false;
	if (wanted.hard > now.hard)
		wanted.soft = wanted.hard = now.hard;
	if (wanted.soft > now.soft)
		wanted.soft = now.soft;
	return syscall(SYS_prlimit64, 0, resource, &wanted, NULL) == 0;
}

static bool limits_apply(const struct sandbox_plan *plan)
{
	const struct sandbox_limits *wanted = &plan->limits;
	/* without a user namespace RLIMIT_NPROC counts all that the caller runs */
	bool count = wanted->processes > 0 && plan->level == SANDBOX_FULL;

	return limit(RLIMIT_CORE, 0) && (!count || limit(RLIMIT_NPROC, wanted->processes)) &&
	       (wanted->open_files == 0 || limit(RLIMIT_NOFILE, wanted->open_files)) &&
	       (wanted->file_bytes == 0 || limit(RLIMIT_FSIZE, wanted->file_bytes)) &&
	       (wanted->data_bytes == 0 || limit(RLIMIT_DATA, wanted->data_bytes)) &&
	       (wanted->cpu_seconds == 0 || limit(RLIMIT_CPU, wanted->cpu_seconds)) &&
	       limit(RLIMIT_RTPRIO, 0) && limit(RLIMIT_NICE, 0) &&
	       limit(RLIMIT_MEMLOCK, (uint64_t)8 << 20);
}

/*
 * Empty sets, an empty bounding set and locked securebits: no way back, not even by a
 * program that is set-user-id or has file capabilities.  Who has no CAP_SETPCAP to begin with
 * has nothing to give up; no_new_privs holds for both.
 */
static bool capabilities_drop(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	for (unsigned long capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0;)
		capability++;
	if (prctl(PR_SET_SECUREBITS, SECURE, 0, 0, 0) != 0 && errno != EPERM)
		return false;
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
	       syscall(SYS_capset, &header, none) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool lock_apply(struct sandbox_init *init)
{
	struct sandbox_report *report = &init->report;

	if (!limits_apply(init->plan))
		return init_failed(init, SANDBOX_STAGE_LOCK, "setrlimit");
	if (!capabilities_drop())
		return init_failed(init, SANDBOX_STAGE_LOCK, "dropping capabilities");
	if (!landlock_apply(init->plan, &report->landlock_abi, &report->missing))
		return init_failed(init, SANDBOX_STAGE_LOCK, "landlock");
	if (!seccomp_apply(init->plan->level)) {
		if (errno != ENOSYS && errno != EINVAL)
			return init_failed(init, SANDBOX_STAGE_LOCK, "seccomp");
		report->missing |= SANDBOX_BIT(SANDBOX_PART_SECCOMP);
	}
	return true;
}
