/*
 * What is started inside, seen from outside: for the record, never for a verdict.
 *
 * A second filter (seccomp_unotify(2)) has the kernel tell S of every execve and execveat
 * inside, and wait for S, which copies a bounded part of the arguments and lets the
 * call go on.  Another thread may change what the kernel reads after S has: what
 * S saw is a hint, no proof.  Once S is gone the calls fail with ENOSYS: closed.
 *
 * Trust: all that is read here was written by what runs inside.
 */
#ifndef BAILIFF_SANDBOX_OBSERVE_H
#define BAILIFF_SANDBOX_OBSERVE_H

#include "sandbox/sandbox.h"

/* Bytes of the text that are kept: the kernel's own limit for one argument (MAX_ARG_STRLEN). */
enum { SANDBOX_EXEC_TEXT = 128 * 1024 };

struct sandbox_exec {
	uint64_t id;       /* the kernel's */
	pid_t pid;         /* as seen here; it waits until sandbox_exec_go() */
	bool readable;     /* its arguments could be read; else the next two are not set */
	bool shell;        /* a shell is started with -c: then `text` is what it is to run */
	char program[256]; /* the start of the path that is executed */
	struct span text;  /* in the caller's buffer */
};

/*
 * Takes what the readable `watch` of a sandbox tells.  buffer: SANDBOX_EXEC_TEXT bytes.
 * False: nothing, after all (it was killed meanwhile).
 */
bool sandbox_exec_take(const struct sandbox *sandbox, char *buffer, struct sandbox_exec *exec)
	__attribute__((warn_unused_result));
/* Lets it go on. */
void sandbox_exec_go(const struct sandbox *sandbox, const struct sandbox_exec *exec);

/* Whether `name` (a path, or an argv[0]) is a shell's. */
bool sandbox_is_shell(const char *name);
/* Which of a shell's arguments is the text that -c makes it run; false: none is. */
bool sandbox_shell_text(const char *const *argv, size_t argc, size_t *index);

#endif
