#!/bin/sh
# The rules of the sources and of docs/claims.md hold, and the checks notice where they do not.
source=$1
. "$(dirname "$0")/../tap.sh"

found=$(python3 "$source/tools/check-sources" "$source")
is "$found" "" "the sources keep to the rules"
found=$(python3 "$source/tools/check-claims" "$source")
is "$found" "" "every claim has its test"
found=$(for module in "$source"/src/*/; do
	module=$(basename "$module")
	grep -q "^\*\*$module\*\*" "$source/docs/architecture.md" || echo "$module"
done)
is "$found" "" "docs/architecture.md has a paragraph for every module"
found=$(grep '^[0-9]*\. `' "$source/docs/architecture.md" | grep -o '`[a-z/]*\.h`' | tr -d '\140' |
	while read -r file; do [ -f "$source/$file" ] && echo found || echo "$file"; done | sort | uniq -c | tr -s ' ')
is "$found" " 10 found" "the ten files to read first exist"
[ "$(wc -l <"$source/README.md")" -le 120 ]
ok $? "README.md stays within 120 lines"
found=$(grep -L '^# Goal:' "$source"/tests/e2e/[0-9]*.sh 2>/dev/null)
is "$found" "" "every e2e test says its goal"

found=$(for patch in "$source"/tests/mutants/*.patch; do
	[ -e "$patch" ] || break
	grep -q '^Breaks: .' "$patch" && grep -q '^Tests: .' "$patch" || echo "$patch: lacks Breaks: or Tests:"
	patch -p1 -s -f --dry-run -d "$source" -i "$patch"
done 2>&1)
is "$found" "" "every mutant applies"
found=$(sh "$source/dev" no-such-command 2>&1)
is "$?: $found" "64: dev: no-such-command: no such command; see ./dev help" "./dev refuses what it does not know"
found=$(sed -n 's/^\([a-z]*\))$/\1/p' "$source/dev" | while read -r name; do
	sh "$source/dev" help | grep -q "^  ./dev $name " || echo "$name"
done)
is "$found" "" "./dev help lists every command"

tree=$work/tree
mkdir -p "$tree/src/base" "$tree/tests" "$tree/docs" "$tree/man"

source_passes() { # source_passes NAME TEXT
	printf '%b' "$2" >"$tree/src/base/$1"
	python3 "$source/tools/check-sources" "$tree" >/dev/null
	passed=$?
	rm "$tree/src/base/$1"
	return $passed
}

source_passes a.c '/* Copies. */\nint f(void) { return g("strcpy(a)"); } /* strcpy(b) */\n'
ok $? "a banned name in a string or a comment passes"
! source_passes a.c '/* Copies. */\nvoid f(void) { strcpy (a, b); }\n'
ok $? "a call of a banned function fails"
! source_passes a.c 'int a;\n'
ok $? "a source without an opening comment fails"
! source_passes util.c '/* Things. */\n'
ok $? "a name that says nothing fails"
! source_passes a.c "/* Long. */\n$(yes '\n' | head -n 901 | tr -d '\n')"
ok $? "a file of more than 900 lines fails"

printf '.Sh VERIFY\n' >"$tree/man/bailiff-audit.1"
printf '/* KC-036: proven here */\n' >"$tree/tests/test_a.c"

claim_passes() { # claim_passes ROWS
	printf '| features | tests | manual |\n|---|---|---|\n%b\n' "$1" >"$tree/docs/claims.md"
	python3 "$source/tools/check-claims" "$tree" >/dev/null
}

claim_passes '| KC-036 | tests/test_a.c | bailiff-audit(1), VERIFY |'
ok $? "a claim with its test and its section passes"
! claim_passes '| KC-037 | tests/test_a.c | bailiff-audit(1), VERIFY |'
ok $? "a claim that its test does not name fails"
! claim_passes '| KC-036 | tests/test_b.c | bailiff-audit(1) |'
ok $? "a claim with a missing test fails"
! claim_passes '| KC-036 | | bailiff-audit(1) |'
ok $? "a claim without a test fails"
! claim_passes '| KC-036 | tests/test_a.c | |\n| KC-036 | tests/test_a.c | |'
ok $? "a feature claimed twice fails"
! claim_passes '| KC-036 | tests/test_a.c | bailiff-audit(1), PRUNE |'
ok $? "a section that is not in the manual fails"
done_testing
