#!/bin/sh
# Layers 0 to 3 keep no writable data, and the check notices where one does.  usage: globals.sh ROOT ARCHIVE
source=$1
. "$(dirname "$0")/../tap.sh"

found=$("$source/tools/check-globals" "$2")
is "$found" "" "no writable data in base to judge"

globals_pass() { # globals_pass OBJECT C-SOURCE
	rm -f "$work"/*.o "$work/a.a"
	printf '%s\n' "$2" | cc -fPIC -x c -c -o "$work/$1.c.o" - && ar rc "$work/a.a" "$work/$1.c.o" &&
		"$source/tools/check-globals" "$work/a.a" >/dev/null
}

globals_pass base_a 'static const char *const names[] = { "a" }; const char *const *f(void) { return names; }'
ok $? "a table of constants passes"
! globals_pass base_a 'int counter = 1;'
ok $? "a variable fails"
! globals_pass judge_b 'int f(void) { static int calls; return ++calls; }'
ok $? "a static cache fails"
! globals_pass shell_c 'static const char *names[] = { "a" }; const char **f(void) { return names; }'
ok $? "a table that is not constant fails"
! globals_pass risk_d '_Thread_local int depth;'
ok $? "a variable for each thread fails"
globals_pass cli_e 'int counter = 1;'
ok $? "a command may keep one"
done_testing
