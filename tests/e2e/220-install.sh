#!/bin/sh
# Goal: hooks come into an agent's settings and go again without a trace, whatever stands there; twice is once; what is not
# understood is left as it is.
. "$(dirname "$0")/../tap.sh"
project=$work/project
mkdir -p "$project/.git" "$project/.claude"
cd "$project" || exit 1
errors=$work/errors

b() {
	"$BAILIFF" "$@" 2>"$errors"
}
holds() { # holds FILE EXPRESSION: about the settings `s`
	python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))
assert eval(sys.argv[2]), s' "$1" "$2"
}
ours='[h["command"] for g in s["hooks"]["PreToolUse"] for h in g["hooks"] if h["command"].endswith(" hook %s")]'

for agent in claude-code codex; do
	case $agent in
	claude-code) file=.claude/settings.json ;;
	codex) file=.codex/hooks.json ;;
	esac
	mine=$(printf "$ours" "$agent")

	# --- nothing there
	rm -rf "${file%/*}"
	b install --project "$agent" >/dev/null
	is $? 0 "$agent: installs where there are no settings"
	holds "$file" "len($mine) == 1"
	ok $? "$agent: and one hook asks before a tool is used"
	b uninstall --project "$agent" >/dev/null
	is "$(ls "$file" 2>/dev/null)" '' "$agent: uninstalled, there are none again"

	# --- foreign hooks, odd spacing
	mkdir -p "${file%/*}"
	printf '{ "model":"x",\n\n  "hooks":{"PreToolUse":[ {"matcher":"Bash","hooks":[{"type":"command","command":"/opt/audit.sh"}]}]} }' >"$file"
	chmod 640 "$file"
	cp -p "$file" "$work/before"
	b install -p "$agent" >/dev/null
	holds "$file" "s['model'] == 'x' and len($mine) == 1 and '/opt/audit.sh' in str(s)"
	ok $? "$agent: a foreign hook and the other settings stay"
	is "$(stat -c %a "$file")" 640 "$agent: so does the mode"
	cp "$file" "$work/installed"
	has "$(b install -p "$agent")" 'were already' "$agent: the second time nothing is to be done"
	cmp -s "$file" "$work/installed"
	ok $? "$agent: and nothing is done"
	b uninstall -p "$agent" >/dev/null
	cmp -s "$file" "$work/before"
	ok $? "$agent: uninstalled byte for byte"
	has "$(b uninstall -p "$agent")" 'were not' "$agent: a second time says that there are none"
	cmp -s "$file" "$work/before"
	ok $? "$agent: and changes nothing"

	# --- edited in between
	b install -p "$agent" >/dev/null
	python3 -c 'import json, sys
s = json.load(open(sys.argv[1])); s["added"] = 1; json.dump(s, open(sys.argv[1], "w"))' "$file"
	b uninstall -p "$agent" >/dev/null
	holds "$file" "s['added'] == 1 and s['model'] == 'x' and '/opt/audit.sh' in str(s) and ' hook $agent' not in str(s)"
	ok $? "$agent: what was edited in between stays, our hooks alone go"

	# --- broken
	printf '{"hooks": {},}\n' >"$file"
	cp "$file" "$work/before"
	b install -p "$agent" >/dev/null
	is $? 65 "$agent: settings that are no JSON are bad data"
	has "$(cat "$errors")" "$project/$file:1:14" "$agent: ... named with line and column"
	cmp -s "$file" "$work/before"
	ok $? "$agent: ... and left as they are"

	# --- a link stays one
	mkdir -p dotfiles
	printf '{"model":"x"}\n' >dotfiles/settings
	rm "$file"
	ln -s ../dotfiles/settings "$file"
	b install -p "$agent" >/dev/null
	ok "$([ -L "$file" ] && echo 0 || echo 1)" "$agent: settings behind a link stay there"
	holds dotfiles/settings "len($mine) == 1"
	ok $? "$agent: ... and have the hook"
	b uninstall -p "$agent" >/dev/null
	is "$(cat dotfiles/settings)" '{"model":"x"}' "$agent: ... and give it back"
	rm -rf dotfiles "${file%/*}"
done

# --- settings that users cannot switch off: of a machine that has none yet, by root
managed=/etc/claude-code/managed-settings.json
if [ "$(id -u)" -eq 0 ] && [ ! -e /etc/claude-code ] && [ "$(stat -c %a /etc)" = 755 ]; then
	b install --managed claude-code >/dev/null
	is $? 0 'root installs into the managed settings'
	is "$(stat -c '%a %u' $managed)" '644 0' '... which all may read and root alone may write'
	b uninstall --managed claude-code >/dev/null
	is "$(ls $managed 2>/dev/null)" '' '... and takes them away again'
	rmdir /etc/claude-code
elif [ "$(id -u)" -ne 0 ]; then
	b install --managed claude-code >/dev/null
	ok "$([ $? -ne 0 ] && echo 0 || echo 1)" 'who is not root cannot install into the managed settings'
	has "$(cat "$errors")" "$managed" '... and is told where'
fi

# --- the record, and what is wrong
has "$(b audit list --all --json)" 'install hooks' 'both are recorded'
b install no-such-agent >/dev/null
is $? 64 'an agent that is not known is a wrong command line'
has "$(cat "$errors")" 'claude-code, codex' '... and those that are known are named'
done_testing
