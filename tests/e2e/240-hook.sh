#!/bin/sh
# Goal: a hook that cannot judge refuses: exit status 2, the reason on standard error, nothing on standard output; hosts take
# every other failure for a yes.
. "$(dirname "$0")/../tap.sh"
project=$work/project
mkdir -p "$project/.git"
cd "$project" || exit 1

message() { # message COMMAND
	printf '{"hook_event_name":"PreToolUse","session_id":"s1","cwd":"%s","tool_name":"Bash","tool_input":{"command":"%s"}}' \
		"$project" "$1"
}
refuses() { # refuses NAME PART [OPTION...]: what is in the file `in`
	name=$1
	part=$2
	shift 2
	"$BAILIFF" hook "$@" "$agent" <"$work/in" >"$work/out" 2>"$work/errors"
	told $? "$name" "$part"
}
told() { # told STATUS NAME PART
	is "$1" 2 "$agent: $2: exit status 2"
	is "$(cat "$work/out")" '' '... nothing on standard output'
	has "$(cat "$work/errors")" 'Bailiff refused this: ' '... and the reason'
	has "$(cat "$work/errors")" "$3" '... which is this one'
}

for agent in claude-code codex; do
	message 'ls' | "$BAILIFF" hook "$agent" >"$work/out" 2>"$work/errors"
	is "$? $(cat "$work/out" "$work/errors")" '0 ' "$agent: what is allowed passes without a word"
	message 'rm -rf /' >"$work/in"
	refuses 'what is denied' 'deletes the root of the file system or a top-level folder (/)'
	message 'cat /etc/shadow' >"$work/in"
	refuses 'what reads credentials' '(/etc/shadow)'
	message 'npm install left-pad' | "$BAILIFF" hook "$agent" >"$work/out" 2>"$work/errors"
	is "$? $(cat "$work/out")" '2 ' "$agent: with nobody to ask, what is asked is refused"
	has "$(cat "$work/errors")" 'bailiff permissions grant' '... and it is said how to allow it'

	# --- what is no message
	echo 'no JSON' >"$work/in"
	refuses 'what is no JSON' 'cannot be read'
	message 'ls' | head -c 60 >"$work/in"
	refuses 'a message that is cut' 'cannot be read'
	: >"$work/in"
	refuses 'an empty message' 'cannot be read'
	echo '[]' >"$work/in"
	refuses 'a message that is no object' 'cannot be read'
	echo '{"hook_event_name":"PreToolUse"}' >"$work/in"
	refuses 'a message without a tool' 'cannot be read'
	{
		printf '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"'
		head -c 9000000 /dev/zero | tr '\0' a
		printf '"}}'
	} >"$work/in"
	refuses 'a message of 9 MB' 'too long'
	"$BAILIFF" hook "$agent" <&- >"$work/out" 2>"$work/errors"
	told $? 'a closed standard input' 'cannot be read'
	mkfifo "$work/slow"
	{
		message 'ls' | head -c 60
		exec sleep 60
	} >"$work/slow" &
	writer=$!
	"$BAILIFF" hook --deadline 300 "$agent" <"$work/slow" >"$work/out" 2>"$work/errors"
	told $? 'a message that does not end' 'no verdict in time'
	kill $writer
	wait $writer 2>/dev/null
	rm "$work/slow"

	# --- what is wrong on our side
	message 'ls' >"$work/in"
	refuses 'a deadline that is none' 'deadline' --deadline soon
	echo '{,}' >"$work/settings"
	mkdir -p "$BAILIFF_HOME"
	cp "$work/settings" "$BAILIFF_HOME/settings.json"
	chmod 600 "$BAILIFF_HOME/settings.json"
	refuses 'a policy that does not load' 'settings.json:1:2'
	rm -rf "$BAILIFF_HOME"

	# A record that cannot be written: its place is a file.
	mkdir -p "$BAILIFF_HOME"
	chmod 700 "$BAILIFF_HOME"
	: >"$BAILIFF_HOME/audit"
	refuses 'a record that cannot be written' 'the record cannot be written'
	rm -rf "$BAILIFF_HOME"
done
"$BAILIFF" hook no-such-agent </dev/null >"$work/out" 2>"$work/errors"
is $? 2 'a host that is not known: exit status 2'
"$BAILIFF" hook >"$work/out" 2>&1 </dev/null
is $? 2 'so is a hook without a host'
done_testing
