#!/bin/sh
# The runner of the manual's examples notices an example that does not print what it shows.
source=$1
. "$(dirname "$0")/../tap.sh"
mkdir -p "$work/tree/man"
printf '#!/bin/sh\necho "said $*"\necho "and more" >&2\nexit 20\n' >"$work/bailiff"
chmod +x "$work/bailiff"

page_passes() { # page_passes LINES: as the example of a manual page
	{
		printf '.Dd January 1, 2026\n.Dt A 1\n.Os\n.Sh NAME\n.Nm a\n.Nd b\n.Sh EXAMPLES\nText.\n'
		printf '.Bd -literal -offset indent\n%b\n.Ed\n.Pp\nMore text.\n' "$1"
	} >"$work/tree/man/a.1"
	BAILIFF=$work/bailiff python3 "$source/tests/man.py" "$work/tree" >"$work/out"
	grep -q '^ok 1' "$work/out" && ! grep -q '^not ok' "$work/out"
}

page_passes '$ bailiff check \\(dqa  b\\(dq\nsaid check a  b\nand more'
ok $? "an example that prints what it shows passes"
! page_passes '$ bailiff check a\nsaid check b\nand more'
ok $? "another text fails"
! page_passes '$ bailiff check a\nsaid check a'
ok $? "a missing line fails"
page_passes '$ bailiff check a\nsaid ... a\n\\&...'
ok $? "dots stand for anything"
page_passes '$ bailiff check a | wc -l\n\\&...1\n\\&...\n$ bailiff check b; echo $?\nsaid check b\n20\nand more'
ok $? "pipes and statuses may be shown"
page_passes '$ bailiff run -- agent\n$ bailiff check a\nsaid check a\nand more' && ! grep -q agent "$work/out"
ok $? "an example without output is not run"

rm "$work/tree/man/a.1"
printf '# T\n```console\n$ bailiff check c\nsaid check c\nand more\n```\n$ bailiff no\n' >"$work/tree/README.md"
BAILIFF=$work/bailiff python3 "$source/tests/man.py" "$work/tree" >"$work/out"
is "$(cat "$work/out")" "ok 1 - README.md: bailiff check c
1..1" "README's fenced examples are run"
done_testing
