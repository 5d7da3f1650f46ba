/* A minimal TAP 13 producer: one `ok`/`not ok` line per check. */
#ifndef BAILIFF_TESTS_TAP_H
#define BAILIFF_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_checks, tap_failures;

__attribute__((format(printf, 4, 5))) static inline bool tap_check(bool passed, const char *file,
                                                                   int line, const char *name, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++tap_checks);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	if (!passed) {
		tap_failures++;
		printf("# at %s:%d\n", file, line);
	}
	return passed;
}

#define OK(condition, ...) tap_check((condition), __FILE__, __LINE__, __VA_ARGS__)

static inline int tap_done(void)
{
	printf("1..%d\n", tap_checks);
	return tap_failures == 0 ? 0 : 1;
}

#endif
