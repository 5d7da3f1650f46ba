#!/bin/sh
# The golden runner fails where it must, and --update repairs only the expected parts.
program=$1
. "$(dirname "$0")/../tap.sh"
folder=$work

printf 'Kept.\n\n=== good\none\n---\n3 "one"\n\n=== wrong\ntwo\n---\n9 "six"\n' >"$folder/cases.txt"
cp "$folder/cases.txt" "$folder/before"
! "$program" "$folder/cases.txt" >"$folder/out"
ok $? "a wrong case fails"
grep -q '^ok 1 - cases.txt: good' "$folder/out" && grep -q '^not ok 2 - cases.txt: wrong' "$folder/out"
ok $? "and only the wrong one"
cmp -s "$folder/cases.txt" "$folder/before"
ok $? "nothing is written without --update"

"$program" --update "$folder" >/dev/null
ok $? "--update passes, given a folder"
printf 'Kept.\n\n=== good\none\n---\n3 "one"\n\n=== wrong\ntwo\n---\n3 "two"\n' | cmp -s - "$folder/cases.txt"
ok $? "--update changes the expected part alone"
"$program" "$folder" >/dev/null
ok $? "and what it wrote passes"

printf '=== new\nthree\n' >"$folder/cases.txt"
! "$program" "$folder/cases.txt" >/dev/null
ok $? "a case without a separator fails"
"$program" "$folder/cases.txt" --update >/dev/null && "$program" "$folder" >/dev/null
ok $? "--update completes it"

: >"$folder/cases.txt"
! "$program" "$folder" >/dev/null
ok $? "an empty file fails"
! "$program" "$folder/none.txt" >/dev/null
ok $? "a missing file fails"
printf '=\\= bad\n\\xzz\n---\n' >"$folder/cases.txt"
! "$program" "$folder" >/dev/null
ok $? "an unknown escape fails"
done_testing
