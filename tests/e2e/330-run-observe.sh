#!/bin/sh
# Goal: hooks fail open, so they are checked: a shell that no hook has let run is an incident in the record; what a
# hook has let run, what that starts, and what the agent starts for itself are none.  Nothing outlives the supervisor.
. "$(dirname "$0")/../tap.sh"
project=$work/project
mkdir -p "$project"
cd "$project" || exit 1
errors=$work/errors
if ! namespaces; then
	skip 'hooks are checked' 'no namespaces here: no agent is run'
	done_testing
fi

# What Claude Code gives its shell for a command: eval, and the command as one word.
cat >"$project/lib.sh" <<'EOF'
hook() { # hook COMMAND: what the agent asks before it runs a command
	printf '{"hook_event_name":"PreToolUse","session_id":"s","cwd":"%s","tool_name":"Bash","tool_input":{"command":"%s"}}' \
		"$PWD" "$1" | /run/bailiff/bin/bailiff hook claude-code
}
tool() { # tool QUOTED-COMMAND
	bash -c "shopt -u extglob 2>/dev/null || true && eval $1 < /dev/null && pwd -P >| /tmp/claude-1-cwd"
}
EOF

agent() { # agent: runs the script on standard input as an agent; what it says is its output
	{
		echo '#!/bin/sh'
		echo '. ./lib.sh'
		cat
	} >"$project/claude"
	chmod +x "$project/claude"
	"$BAILIFF" run --workspace "$project" -- "$project/claude" 2>"$errors"
}
incidents() { # the texts of the latest run's incidents, one a line
	"$BAILIFF" audit list --all --json 2>/dev/null | python3 -c 'import json, sys
entries = [json.loads(line) for line in sys.stdin]
run = [entry["runId"] for entry in entries if entry["eventType"] == "session_end" and entry["door"] == "run"][-1]
for entry in entries:
    if entry.get("rule") == "run.unmatched-process" and entry["runId"] == run:
        assert entry["eventType"] == "security_event" and entry["agent"] == "claude-code"
        assert entry["severity"] == "high" and entry["decision"] is None
        print(entry["inputSummary"])'
}

is "$(echo true | agent)" '' 'an agent runs'
is "$(cat "$errors")" '' '... and nothing is said'

is "$(agent <<'EOF'
sh -c 'echo one; sh -c "echo two"'
EOF
)" 'one
two' 'a shell that no hook let run runs: nothing is refused here'
is "$(incidents)" 'echo one; sh -c "echo two"' '... and is an incident, once for it and its children'
has "$(cat "$errors")" '1 process was started without an allow' '... of which one line tells'

is "$(agent <<'EOF'
hook 'ls; echo a | cat' && tool "'ls; echo a | cat'" | tail -n 1
hook 'echo it' && hook 'echo b' && tool "'echo b'" && tool "'echo it'" && tool "'echo it'"
EOF
)" 'a
b
it
it' 'what a hook has let run runs'
is "$(incidents)" '' '... and is no incident'
is "$(cat "$errors")" '' '... and nothing is said'

agent >/dev/null <<'EOF'
hook 'echo a' && tool "'echo a; echo b'"
hook 'echo a' && tool "'echo a'; echo c"
hook 'rm -rf /' 2>/dev/null || tool "'echo refused'"
EOF
is "$(incidents | wc -l | tr -d ' ')" 3 'a near miss is one; so is what a hook refused'
has "$(cat "$errors")" '3 processes were started without an allow' '... all counted'

agent >/dev/null <<'EOF'
hook "sh -c 'sh -c true'" && tool "'sh -c '\"'\"'sh -c true'\"'\""
EOF
is "$(incidents)" '' 'what a tool starts is its own'
cat >"$project/left.sh" <<'EOF'
#!/bin/sh
(until [ -e alone ]; do sleep 0.02; done; sh -c 'echo left >left') &
EOF
printf '#!/bin/sh\n. ./lib.sh\ntool "$1"\n' >"$project/tool.sh"
chmod +x "$project/left.sh" "$project/tool.sh"
agent >/dev/null <<'EOF'
hook ./left.sh && setsid -w ./tool.sh ./left.sh
echo >alone
tries=0
while [ ! -s left ] && [ $tries -lt 200 ]; do sleep 0.02; tries=$((tries + 1)); done
EOF
is "$(cat left)" left 'what a tool leaves behind goes on'
is "$(incidents)" '' '... and is in its session: no incident'

is "$(echo 'bash -c env >/dev/null; sh -c "/run/bailiff/bin/bailiff hook claude-code" </dev/null 2>/dev/null' | agent; incidents)" '' \
	'shells that the agent starts for itself are none'
echo 'bash -c "env; true" >/dev/null' | agent
is "$(incidents)" 'env; true' '... if they are just that'

agent >/dev/null <<'EOF'
sh -c 'curl -H "Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345" http://h/; true' 2>/dev/null
EOF
has "$(incidents)" redacted 'a secret of an incident does not get into the record'

# --- who is not watched pays nothing, and has no socket
is "$("$BAILIFF" run --workspace "$project" -- sh -c 'ls /run/bailiff/allow.sock 2>/dev/null; sh -c "echo x"')" x \
	'a command without a profile is not watched'
is "$(incidents | grep -c 'echo x')" 0 '... so there is no incident'
has "$("$BAILIFF" run --dry-run --workspace "$project" -- "$project/claude")" 'socket    /run/bailiff/allow.sock' \
	'the plan of one that is watched says so'

# --- the end of the supervisor
alive() {
	for pid in /proc/[0-9]*; do
		{ tr '\0' ' ' <"$pid/cmdline"; } 2>/dev/null | grep -q "[s]leep $1" && echo "${pid#/proc/}"
	done
}
mark=751$$ # other runs of this test may be at work
printf '#!/bin/sh\nsleep %s &\nwhile :; do sh -c true; done\n' $mark >"$project/claude"
"$BAILIFF" run --workspace "$project" -- "$project/claude" 2>/dev/null &
supervisor=$!
tries=0
while [ -z "$(alive $mark)" ] && [ $tries -lt 100 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
is "$(alive $mark | wc -l | tr -d ' ')" 1 'an agent is at work'
kill -9 $supervisor
wait $supervisor 2>/dev/null
tries=0
while [ -n "$(alive $mark)" ] && [ $tries -lt 100 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
is "$(alive $mark)" '' 'kill -9 of the supervisor leaves nothing alive'
done_testing
