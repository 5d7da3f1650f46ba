#!/bin/sh
# Goal: a person can see the policy in force, is told where a file is wrong, grants and takes back, and changes settings
# that are really theirs to change.
. "$(dirname "$0")/../tap.sh"
BAILIFF_HOME=$work/state
export BAILIFF_HOME
mkdir -m 700 "$BAILIFF_HOME"
mkdir -p "$work/project/.git"
cd "$work/project" || exit 1
errors=$work/errors

b() { # b ARGUMENT...: standard output; errors go to a file
	"$BAILIFF" "$@" 2>"$errors"
}

# --- what is in force
has "$(b policy show)" 'permissionMode = ask  built-in' 'the default mode is ask (reading 7)'
has "$(b policy show --json)" '"key":"auditLog","value":true' 'as JSON, the record is on (reading 21)'
b policy show --key nonsense >/dev/null
is $? 64 'a key that does not exist is a wrong command line'
has "$(b policy schema)" 'json-schema.org/draft/2020-12' 'the schema is printed'

# --- a file is checked as strictly as it would be read
printf '{\n "dissallowedTools": ["Bash"]\n}\n' >"$work/p.json"
b policy check "$work/p.json" >/dev/null
is $? 77 'an unknown key in a managed file is refused'
is "$(cat "$errors")" "bailiff: $work/p.json:2:2: unknown key: dissallowedTools" '... with file, line and column'
b policy check --layer user "$work/p.json" >/dev/null
is $? 0 'and is a warning in a user file'
b policy check "$work/nothing" >/dev/null
is $? 65 'a file that is not there is bad data'

# --- cases beside a policy
{
	echo '{"expect": "deny", "action": {"tool": "Bash", "input": {"command": "rm -rf /"}, "cwd": "/home/u/p"}}'
	echo
	echo '{"expect": "allow", "action": {"tool": "Bash", "input": {"command": "ls"}, "cwd": "/home/u/p"}}'
} >"$work/cases"
is "$(b policy test "$work/cases")" '2 cases, 0 wrong' 'cases come out as expected'
echo '{"expect": "deny", "action": {"tool": "Bash", "input": {"command": "ls"}, "cwd": "/home/u/p"}}' >"$work/cases"
b policy test "$work/cases" >"$work/out"
is $? 20 'a case that comes out otherwise'
has "$(cat "$work/out")" "$work/cases:1: wanted deny, got allow" '... is named'
echo '{"expect": "maybe"}' >"$work/cases"
b policy test "$work/cases" >/dev/null
is $? 65 'a case that is none is bad data'

# --- settings
b config set -g security.mode safe
is $? 0 'KO-141: safe mode for the user'
is "$(b config get permissionMode)" safe '... is in force'
b config remove -g security.mode
is "$(b config get permissionMode)" ask '... until it is removed'
b config set security.mode safe
is "$(cat .bailiff/settings.json)" '{"security": {"mode": "safe"}}' 'KO-146: safe mode of the project'
is "$(b config get permissionMode)" safe '... is in force'
b config remove security.mode
b config set permissionMode permissive
is $? 65 'a project cannot loosen'
is "$(cat .bailiff/settings.json)" '{"security": {}}' '... and nothing is written'
b config set orgId acme
is $? 77 'a key of managed files is refused'
b config set -g apiKey sk-0123456789
is $? 77 'a key itself is refused (reading 28)'
case $(cat "$errors") in *sk-0123456789*) false ;; esac
ok $? '... and is not repeated'
b config set -g apiKey env:MY_KEY
is $? 0 'a reference is kept'
b config remove -g apiKey
is $? 0 'KO-140: and removed'
is "$(stat -c %a "$BAILIFF_HOME/settings.json")" 600 'the settings are for their owner alone'
b config set -g theme dark
is $? 64 'a key that does not exist is a wrong command line'

# --- grants
is "$(b permissions list)" 'nothing is granted' 'nothing is granted at first'
id=$(b permissions grant 'Bash(npm test *)' | sed -n 's/^granted \(.*\): .*/\1/p')
has "$(b permissions list)" 'Bash(npm test *)' 'KO-143: a grant is listed'
has "$(b permissions list --json)" '"scope":"always"' '... as JSON'
b permissions grant --session s1 --expires 8h 'Edit(src/**)' >/dev/null
is $? 0 'a session grant'
b permissions grant 'Edit(src/**)' >/dev/null
is $? 20 'writing is not granted for good (reading 10)'
b permissions grant --expires soon 'Bash(ls)' >/dev/null
is $? 64 'a time that is none'
b permissions revoke "$id" >/dev/null
is $? 0 'a grant is taken back by its id'
b permissions revoke "$id" >/dev/null
is $? 65 'and then is not there'
is "$(b permissions reset --all)" '1 taken back' 'everything is taken back'
b config set -g security.mode safe
b permissions grant 'Bash(npm test *)' >/dev/null
is $? 20 'in safe mode nothing is granted (reading 9)'
b config remove -g security.mode

# --- what cannot be trusted refuses to load
chmod 666 "$BAILIFF_HOME/settings.json"
b policy show >/dev/null
is $? 77 'settings that others can write are refused'
has "$(cat "$errors")" 'settings.json: is writable for group or others' '... and the message says why'
rm "$BAILIFF_HOME/settings.json"
ln -s "$work/p.json" "$BAILIFF_HOME/settings.json"
b policy show >/dev/null
is $? 77 'a link is refused'
rm "$BAILIFF_HOME/settings.json"
done_testing
