#!/bin/sh
# Goal: a guarded command's own status, files and environment are what the manual says; what protects the project
# holds; nothing of a run outlives it; what is missing is said, and refused where the policy requires it.
. "$(dirname "$0")/../tap.sh"
project=$work/project
mkdir -p "$project"
cd "$project" || exit 1
git init -q . 2>/dev/null || mkdir -p .git/hooks
echo 'KEY=secret' >.env
errors=$work/errors

run() { # run [OPTION...] -- COMMAND...
	"$BAILIFF" run --workspace "$project" "$@" 2>"$errors"
}

# What the judge would ask about, had it read it: here it is the sandbox that is on trial.
unread() { # unread TEXT [OPTION...]
	printf '%s\n' "$1" >script
	shift
	run "$@" -- sh ./script
}

# --- statuses
run -- true
is $? 0 'success passes through'
run -- sh -c 'exit 37'
is $? 37 'a status passes through'
run -- sh -c 'kill -TERM $$'
is $? 143 'a signal becomes 128 and its number'
run --timeout 1s -- sleep 60
is $? 124 'the time limit is 124 (KO-087)'
run --timeout 1s -- sh -c 'trap "" TERM; while :; do sleep 60; done'
is $? 124 'also for what ignores SIGTERM'
run -- no-such-program
is $? 125 'a program that is not there is 125'
has "$(cat "$errors")" 'no-such-program' '... and is named'
run -- ./.env
is $? 125 'so is one that cannot be run'
run --level 9 -- true
is $? 64 'a wrong option is 64'
run
is $? 64 'so is no command'
"$BAILIFF" run --workspace / -- true 2>"$errors"
is $? 125 'the root is no workspace'
has "$(cat "$errors")" 'choose a project' '... and the message says what to do'

# --- input, output, environment
is "$(echo hello | run -- cat)" hello 'standard input and output pass'
is "$(SECRET_TOKEN=x run -- sh -c 'echo ${SECRET_TOKEN-unset}')" unset 'a variable that is not named does not pass'
is "$(SECRET_TOKEN=x run --env SECRET_TOKEN -- sh -c 'echo $SECRET_TOKEN')" x '--env NAME lets it pass'
is "$(run --env A=b -- sh -c 'echo $A')" b '--env NAME=VALUE sets it'
is "$(run -- pwd)" "$project" 'the command starts where we are'
is_full "$(run -- hostname 2>/dev/null || echo bailiff)" bailiff 'it has a host name of its own'
is_full "$(run -- sh -c 'ls -A /tmp /dev/shm | grep -c .')" 3 'its /tmp holds nothing but the way to the workspace'

# --- files (KD-16, KD-20, LK-052, LK-054)
run -- sh -c 'echo new >file; mkdir d; mv file d/'
is "$(cat d/file)" new 'the workspace is writable'
unread 'echo x >/tmp/bailiff-test-$$ && echo x >"$HOME/kept"'
is "$(find /tmp -maxdepth 1 -name 'bailiff-test-*' | wc -l | tr -d ' ')" 0 '/tmp is its own'
is_full "$(run -- sh -c 'cat "$HOME/kept"')" x 'its home is its own, and stays from run to run'
is_full "$(run -- cat .env)" '' '.env looks empty'
is "$(run --with-env -- cat .env)" 'KEY=secret' '... unless asked for'
mkdir "$work/extra"
echo extra >"$work/extra/file"
run -- cat "$work/extra/file" >/dev/null
is $? 1 'what is beside the workspace is not there'
is "$(run --read "$work/extra" -- cat "$work/extra/file")" extra '--read shows it (LK-061)'
unread "echo x >$work/extra/file" --read "$work/extra" 2>/dev/null
is "$(cat "$work/extra/file")" extra '... and no more than shows it'
unread "echo written >$work/extra/file" --write "$work/extra"
is "$(cat "$work/extra/file")" written '--write makes it writable (LK-060)'
run --read "$BAILIFF_HOME" -- true
is $? 125 "Bailiff's own folder is not shown"

# --- protected names
unread 'echo evil >.git/hooks/pre-commit' 2>/dev/null
is_full "$(ls .git/hooks/pre-commit 2>/dev/null)" '' 'a hook cannot be planted'
unread 'mkdir -p .claude; echo evil >.claude/settings.json'
is "$(ls -d .claude 2>/dev/null)" '' 'an agent setting that comes to exist does not stay'
has "$(ls -d .claude.quarantined-* 2>/dev/null)" .claude.quarantined- '... but is put aside'
has "$(cat "$errors")" .claude '... and that is said'
has "$("$BAILIFF" audit list --json 2>/dev/null)" sandbox.protected-name '... and recorded'
rm -rf .claude.quarantined-*
ln -s d .vscode
run -- true
is $? 125 'a protected name that is a link is refused'
rm .vscode
if command -v git >/dev/null; then
	run --env GIT_AUTHOR_NAME=a --env GIT_AUTHOR_EMAIL=a@b --env GIT_COMMITTER_NAME=a --env GIT_COMMITTER_EMAIL=a@b \
		-- sh -c 'git add d && git commit -qm one && git checkout -qb other'
	is $? 0 'git works'
	git worktree add -q "$work/linked" 2>/dev/null
	echo "git commit -q --allow-empty -m two && ! echo evil >$project/.git/hooks/pre-commit" >"$work/linked/script"
	(cd "$work/linked" && "$BAILIFF" run --env GIT_AUTHOR_NAME=a --env GIT_AUTHOR_EMAIL=a@b \
		--env GIT_COMMITTER_NAME=a --env GIT_COMMITTER_EMAIL=a@b -- sh ./script 2>"$errors")
	is_full $? 0 'a linked work tree works, and cannot plant a hook in its repository'
	mkdir "$work/liar"
	echo "gitdir: $work/extra" >"$work/liar/.git"
	"$BAILIFF" run --workspace "$work/liar" -- ls "$work/extra" >/dev/null 2>&1
	is $? 2 'a work tree that no repository knows shows nothing'
else
	skip 'git works' 'no git'
fi

# --- the judge
run -- rm -rf /
is $? 126 'what is denied does not start'
has "$(cat "$errors")" refused '... and the reason is said'

# --- descriptors, and the group of the caller
exec 7<"$work"
run -- sh -c 'ls /proc/self/fd/7' >/dev/null 2>&1
is $? 2 'an inherited descriptor is closed'
exec 7<&-
echo 'kill -9 0' >script
sh -c '"$BAILIFF" run --workspace "$1" -- sh ./script; echo alive >"$1/alive"' sh "$project" 2>/dev/null
is "$(cat alive)" alive 'kill 0 does not reach the caller'
unread 'kill -9 -1; echo still' >/dev/null
is $? 0 'kill -1 reaches neither the caller nor itself'

# --- the end (KD-17, ⚑37)
alive() { # processes whose command line holds the mark
	for pid in /proc/[0-9]*; do
		{ tr '\0' ' ' <"$pid/cmdline"; } 2>/dev/null | grep -q "[s]leep $1" && echo "${pid#/proc/}"
	done
}
levels=2
namespaces && levels="3 2"
for level in $levels; do
	run --level $level -- sh -c 'setsid sh -c "trap \"\" HUP TERM; sleep 731$0" >/dev/null 2>&1 & exit 0' $level
	is "$(alive 731$level)" '' "level $level: a daemon does not outlive the run"
	"$BAILIFF" run --workspace "$project" --level $level -- sh -c 'setsid sleep 741$0 & sleep 741$0' $level 2>/dev/null &
	supervisor=$!
	tries=0
	while [ -z "$(alive 741$level)" ] && [ $tries -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	is "$(alive 741$level | wc -l | tr -d ' ')" 2 "level $level: two processes are at work"
	kill -9 $supervisor
	wait $supervisor 2>/dev/null
	tries=0
	while [ -n "$(alive 741$level)" ] && [ $tries -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	is "$(alive 741$level)" '' "level $level: kill -9 of the supervisor leaves nothing alive"
done

# --- what is missing (⚑32)
run --verbose --level 2 -- true
has "$(cat "$errors")" 'without: userns' 'what is missing is said'
has "$("$BAILIFF" audit list --json 2>/dev/null)" userns '... and recorded'
mkdir -p "$BAILIFF_HOME"
echo '{"sandbox":{"require":["userns"]}}' >"$BAILIFF_HOME/settings.json"
chmod 600 "$BAILIFF_HOME/settings.json"
run -- true
is_full $? 0 'what is required is there at level 3'
run --level 2 -- true
is $? 126 '... and refused at level 2'
has "$(cat "$errors")" userns '... by its name'
echo '{"sandbox":{"require":["wings"]}}' >"$BAILIFF_HOME/settings.json"
run -- true
is $? 126 'an unknown requirement is refused'
rm "$BAILIFF_HOME/settings.json"

# --- the network (LK-051, ⚑31)
run -- sh -c 'cat /proc/net/route | grep -c .' >"$work/routes"
is_full "$(cat "$work/routes")" 1 'there is no route out'
is_full "$(run -- sh -c 'ls /sys/class/net 2>/dev/null; grep -c : /proc/net/dev')" 1 'only loopback'

# --- the plan
has "$(run --dry-run -- true)" "write     $project  (workspace)" '--dry-run prints the plan'
run --dry-run --json -- true | python3 -c 'import json, sys
plan = json.load(sys.stdin)
assert plan["level"] == "full" and any(s["do"] == "protect" for s in plan["steps"])'
is $? 0 '... as JSON as well'

# --- agents
for word in --bare --bare=true; do
	"$BAILIFF" run --agent claude-code -- true $word 2>"$errors"
	is $? 126 "claude $word is refused: it would switch the hooks off"
done
"$BAILIFF" run --agent codex -- true --disable hooks 2>"$errors"
is $? 126 'codex --disable hooks is refused'
CLAUDE_CODE_SIMPLE=1 "$BAILIFF" run --agent claude-code -- true 2>"$errors"
is $? 126 'so is CLAUDE_CODE_SIMPLE'
"$BAILIFF" run --agent nobody-knows -- true 2>"$errors"
is $? 64 'an unknown agent is refused'

# --- grants that are given outside count inside (KO-143)
if [ -x "$(dirname "$BAILIFF")/libexec/bailiff/broker" ] && namespaces; then
	printf '#!/bin/sh\ntouch started; while [ ! -e go ]; do sleep 0.05; done; cat /run/bailiff/policy/state/grants.json\n' >agent
	chmod +x agent
	"$BAILIFF" run --agent codex -- ./agent >"$work/seen" 2>"$errors" &
	supervisor=$!
	tries=0
	while [ ! -e started ] && [ $tries -lt 200 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	"$BAILIFF" permissions grant 'Bash(npm test)' >/dev/null 2>&1
	sleep 0.3
	touch go
	wait $supervisor
	has "$(cat "$work/seen")" 'npm test' 'a grant that is given outside is there inside'
	is "$(ls "$BAILIFF_HOME/runs")" '' '... and nothing of the run is left'
	printf '#!/bin/sh\nsleep 7611\n' >agent
	"$BAILIFF" run --agent codex -- ./agent 2>"$errors" &
	supervisor=$!
	tries=0
	while [ -z "$(alive 7611)" ] && [ $tries -lt 200 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	kill -9 $supervisor
	wait $supervisor 2>/dev/null
	sleep 0.2
	is "$(alive 7611)" '' "kill -9 of an agent's supervisor ends the agent"
	printf '#!/bin/sh\nexit 0\n' >agent
	"$BAILIFF" run --agent codex -- ./agent 2>"$errors"
	is "$(ls "$BAILIFF_HOME/runs")" '' '... and the next run clears up after it'
else
	skip 'a grant that is given outside is there inside' 'no broker, or no namespaces'
fi

# --- doctor
has "$("$BAILIFF" doctor)" namespaces 'doctor looks at namespaces'
"$BAILIFF" doctor --json | python3 -c 'import json, sys
assert any(c["part"] == "seccomp" and c["works"] for c in json.load(sys.stdin)["checks"] if "part" in c)'
is $? 0 'doctor --json: seccomp works'
done_testing
