#!/bin/sh
# The sources keep to tools/layers.txt, and the check notices where they do not.
source=$1
. "$(dirname "$0")/../tap.sh"
folder=$work

"$source/tools/check-layers" "$source" | sed 's/^/# /' >"$folder/out"
cat "$folder/out"
[ ! -s "$folder/out" ]
ok $? "every include of the sources is allowed"

mkdir -p "$folder/src/base" "$folder/src/judge" "$folder/tools"
printf '# a comment\nbase:\nshell: base\njudge: base shell\n' >"$folder/tools/layers.txt"

includes() { # includes FILE TARGET: 0 where the check accepts the include
	printf '#include <stdio.h>\n#include "%s"\n' "$2" >"$folder/$1"
	"$source/tools/check-layers" "$folder" >/dev/null
	allowed=$?
	rm "$folder/$1"
	return $allowed
}

includes src/judge/a.c shell/shell.h
ok $? "an include downwards passes"
! includes src/judge/a.c bailiff/bailiff.h
ok $? "the public header inside a module fails"
includes src/judge/a.c judge/private.h
ok $? "a module's own private header passes"
! includes src/base/a.c judge/judge.h
ok $? "an include upwards fails"
! includes src/judge/a.c shell/private.h
ok $? "another module's private header fails"
! includes src/judge/a.c judge.h
ok $? "an include without its module fails"
! includes src/judge/a.c ../shell/shell.h
ok $? "an include through .. fails"
! includes src/base/a.h unknown/unknown.h
ok $? "an unknown module fails"
printf 'shell: base\nbase: shell\n' >"$folder/tools/layers.txt"
: >"$folder/src/base/a.c"
! includes src/base/b.h base/base.h
ok $? "a table with a circle fails"
done_testing
