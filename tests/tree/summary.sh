#!/bin/sh
# What ./dev test reports: nothing failed or skipped may read as passed.
source=$1
. "$(dirname "$0")/../tap.sh"
folder=$work
unset BAILIFF_MUST_RUN

line() { # line RESULT STATUS STDOUT
	printf '{"name": "t", "result": "%s", "returncode": %s, "stdout": "%s"}\n' "$1" "$2" "$3"
}

summary() { # summary STATUS: the last line, and the exit status
	python3 "$source/tools/test-summary" "$folder/log" "$1" >"$folder/out"
	echo "$(tail -n 1 "$folder/out"): $?"
}

line OK 0 'TAP version 13\nok 1 - a\nok 2 - b\n1..2\n' >"$folder/log"
[ "$(summary 0)" = "2 passed, 0 failed, 0 skipped: 0" ]
ok $? "passed lines are counted"
{ line FAIL 1 'ok 1\nnot ok 2 - b\n1..2\n'; line ERROR -11 'ok 1\n'; } >"$folder/log"
[ "$(summary 2)" = "2 passed, 2 failed, 0 skipped: 1" ]
ok $? "a crash without a line of its own is a failure"
line TIMEOUT -9 '' >"$folder/log"
[ "$(summary 1)" = "0 passed, 1 failed, 0 skipped: 1" ]
ok $? "a timeout is a failure"
line OK 0 'ok 1 - a # SKIP no kernel\nok 2\n1..2\n' >"$folder/log"
[ "$(summary 0)" = "1 passed, 0 failed, 1 skipped: 0" ]
ok $? "a skip is not a pass"
[ "$(BAILIFF_MUST_RUN=1 && export BAILIFF_MUST_RUN && summary 0)" = "1 passed, 1 failed, 0 skipped: 1" ]
ok $? "and a failure with BAILIFF_MUST_RUN=1"
line SKIP 0 '1..0 # SKIP nothing here\n' >"$folder/log"
[ "$(summary 0)" = "0 passed, 0 failed, 1 skipped: 0" ]
ok $? "a test skipped as a whole is one skip"
rm "$folder/log"
[ "$(summary 1)" = "0 passed, 1 failed, 0 skipped: 1" ]
ok $? "a run that left no log is a failure"
[ "$(summary 0)" = "0 passed, 1 failed, 0 skipped: 1" ]
ok $? "and so is a run of nothing"
done_testing
