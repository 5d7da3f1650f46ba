#!/bin/sh
# The golden runner fails where it must, and --update repairs only the expected parts.
program=$1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
count=0

check() { # check STATUS NAME
	count=$((count + 1))
	[ "$1" -eq 0 ] && echo "ok $count - $2" || echo "not ok $count - $2"
}

printf 'Kept.\n\n=== good\none\n---\n3 "one"\n\n=== wrong\ntwo\n---\n9 "six"\n' >"$folder/cases.txt"
cp "$folder/cases.txt" "$folder/before"
! "$program" "$folder/cases.txt" >"$folder/out"
check $? "a wrong case fails"
grep -q '^ok 1 - cases.txt: good' "$folder/out" && grep -q '^not ok 2 - cases.txt: wrong' "$folder/out"
check $? "and only the wrong one"
cmp -s "$folder/cases.txt" "$folder/before"
check $? "nothing is written without --update"

"$program" --update "$folder" >/dev/null
check $? "--update passes, given a folder"
printf 'Kept.\n\n=== good\none\n---\n3 "one"\n\n=== wrong\ntwo\n---\n3 "two"\n' | cmp -s - "$folder/cases.txt"
check $? "--update changes the expected part alone"
"$program" "$folder" >/dev/null
check $? "and what it wrote passes"

printf '=== new\nthree\n' >"$folder/cases.txt"
! "$program" "$folder/cases.txt" >/dev/null
check $? "a case without a separator fails"
"$program" "$folder/cases.txt" --update >/dev/null && "$program" "$folder" >/dev/null
check $? "--update completes it"

: >"$folder/cases.txt"
! "$program" "$folder" >/dev/null
check $? "an empty file fails"
! "$program" "$folder/none.txt" >/dev/null
check $? "a missing file fails"
printf '=\\= bad\n\\xzz\n---\n' >"$folder/cases.txt"
! "$program" "$folder" >/dev/null
check $? "an unknown escape fails"
echo "1..$count"
