#!/bin/sh
# Goal: an attempt to loosen what a higher layer set has no effect, and is recorded (KC-044).
. "$(dirname "$0")/../tap.sh"

project=$work/project
mkdir -p "$project/.bailiff" "$BAILIFF_HOME"
chmod 700 "$BAILIFF_HOME"
chmod 755 "$project" "$project/.bailiff"
cd "$project" || exit 1
# A repository may only tighten: what it approves for itself does not count.
printf '%s\n' '{"autoApproveTools":["Bash"]}' >.bailiff/settings.json
chmod 644 .bailiff/settings.json

"$BAILIFF" check -q Bash 'make all'
is "$?" 10 'a repository that approves its own shell is not believed'
printf '%s' '{"hook_event_name":"SessionStart","session_id":"s1","cwd":"'"$project"'","source":"startup"}' |
	"$BAILIFF" hook claude-code
is "$?" 0 'the session begins'
listed=$("$BAILIFF" audit list --json)
has "$listed" '"policy_violation"' 'the attempt is in the record'
has "$listed" '.bailiff/settings.json:1:' 'with its file and line'
done_testing
