#!/bin/sh
# The manual pages are well formed.  usage: man.sh ROOT
source=$1
. "$(dirname "$0")/tap.sh"

for page in "$source"/man/*.[1-8]; do
	[ -e "$page" ] || break
	found=$(mandoc -T lint -W warning "$page" 2>&1 | sed "s|$source/||")
	is "$found" "" "${page##*/} is well formed"
done
printf '.Dd January 1, 2026\n.Dt A 1\n.Os\n.Sh NAME\n.Nm a\n.Nd b\n.Bd -literal\nunclosed\n' >"$work/a.1"
! mandoc -T lint -W warning "$work/a.1" >/dev/null 2>&1
ok $? "a page that is not well formed would be noticed"
done_testing
