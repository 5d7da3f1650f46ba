#!/bin/sh
# Goal: one table drives the help, the completions and the manual: every command has a page, and its page names
# every option of the table and no other.
. "$(dirname "$0")/../tap.sh"
man=$(cd -- "$(dirname -- "$0")/../../man" && pwd)
"$BAILIFF" completion bash >"$work/complete.bash"

# "NAME WORD..." for each command, from the completions.
rows=$(sed -n "s/^[[:blank:]]*\([a-z]*\)) words='\(.*\)' ;;$/\1\2/p" "$work/complete.bash")
# The long options that are described in a page, or promised in its synopsis.
described() {
	sed -n '/^\.It Fl/p' "$1" | grep -oE '(^\.It|,) Fl ([[:alnum:]] , Fl )?-[a-z][a-z-]*' | grep -oE -- '-[a-z][a-z-]+$' | sort -u
}
promised() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$1" | grep -oE -- 'Fl -[a-z][a-z-]*' | grep -oE -- '-[a-z][a-z-]+$' | sort -u
}

[ "$(printf '%s\n' "$rows" | wc -l)" -gt 10 ]
ok $? "the completions list the commands"
printf '%s\n' "$rows" >"$work/rows"
while read -r name words; do
	"$BAILIFF" "$name" --help >"$work/help" 2>&1 && grep -q "^usage: bailiff" "$work/help"
	ok $? "bailiff $name --help says how it is used"
	case $name in
	help) continue ;; # in bailiff(1)
	uninstall) page=$man/bailiff-install.1 ;;
	*) page=$man/bailiff-$name.1 ;;
	esac
	[ -r "$page" ] || {
		ok 1 "bailiff $name has a page"
		continue
	}
	table=$(printf '%s\n' $words | sed -n 's/^--/-/p' | sort -u)
	is "$(described "$page")" "$table" "${page##*/} describes the options of bailiff $name, and no others"
	promised "$page" | grep -vxF -e "$table" >"$work/unknown"
	is "$(cat "$work/unknown")" "" "the synopsis of ${page##*/} promises only those"
	grep -Eq "^\.It Cm ([a-z]+ , )*$name( |\$)" "$man/bailiff.1"
	ok $? "bailiff(1) lists $name"
done <"$work/rows"

# What the audit program itself takes is what the table says of it.
audit=$(sed -n "s/^audit //p" "$work/rows" | tr ' ' '\n' | grep '^--' | grep -vx -- --help | sort -u)
taken=$("$BAILIFF" audit --help | grep -oE -- '--[a-z][a-z-]+' | sort -u)
is "$taken" "$audit" "bailiff audit takes the options of the table"
has "$(cat "$work/rows")" "audit list show tail verify" "the words of a command are completed as well"

# Completions load where their shell is there.
if command -v bash >/dev/null; then
	# shellcheck disable=SC2016 # for bash
	has "$(bash -c '. "$1" && complete -p bailiff' bash "$work/complete.bash" 2>&1)" 'complete -F _bailiff bailiff' \
		"bash loads its completions"
	# shellcheck disable=SC2016
	complete='. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bailiff; echo "${COMPREPLY[*]}"'
	is "$(bash -c "$complete" bash "$work/complete.bash" bailiff pol)" policy "and completes a command"
	is "$(bash -c "$complete" bash "$work/complete.bash" bailiff run --dry)" --dry-run "and an option"
fi
for shell in zsh fish; do
	"$BAILIFF" completion "$shell" >"$work/complete.$shell"
	ok $? "completions for $shell"
	command -v "$shell" >/dev/null || continue
	"$shell" -n "$work/complete.$shell"
	ok $? "$shell reads them"
done
"$BAILIFF" completion csh >/dev/null 2>&1
is $? 64 "an unknown shell is an error of usage"
done_testing
