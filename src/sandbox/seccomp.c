/* The system call filter; made by tools/seccomp-export.c, loaded here. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "sandbox/private.h"
#include "sandbox/sys.h"

#include "sandbox/filters.inc"

bool seccomp_apply(enum sandbox_level level)
{
	bool full = level == SANDBOX_FULL;
	/* the kernel only reads it, but takes no const */
	struct sock_fprog program = {
		.len = (unsigned short)(full ? sizeof filter_full / sizeof filter_full[0]
		                             : sizeof filter_shared / sizeof filter_shared[0]),
		.filter = (struct sock_filter *)(uintptr_t)(full ? filter_full : filter_shared),
	};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
