#!/bin/sh
# Goal: the question that a person is asked fits the terminal and shows what would really be done, whatever the
# command holds; until it is answered nothing is executed (KO-099 to KO-114, KM-61).
. "$(dirname "$0")/../tap.sh"
project=$work/project
mkdir -p "$project/.git" "$project/build"
cd "$project" || exit 1
if ! command -v tmux >/dev/null; then
	skip 'the dialog on a terminal' 'no tmux'
	done_testing
fi

server=$work/tmux0 # each terminal has a server of its own, ended by its own socket
trap 'tmux -S "$server" kill-server 2>/dev/null; chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT

# The command clears the screen, sets the title, answers for itself, turns the writing round, and hides in 3,000 letters.
python3 - >command <<'PYTHON'
import sys
sys.stdout.write("rm -rf build && touch executed '\x1b[2J\x1b]0;owned\x07\r> 1\r\u202egnp.exe\u2066\u200b' "
                 + "A" * 3000 + " && touch executed-at-the-end")
PYTHON

# The file stands on a line of the shell's script, so that no terminal mangles it.
cat >ask.sh <<'EOF'
trap : INT # it is Bailiff that an interrupt ends
"$BAILIFF" check --ask Bash "$(cat command)"
echo "status=$?"
exec sleep 600
EOF
cat >run.sh <<'EOF'
"$BAILIFF" run -- rm -rf .
echo "status=$?"
exec sleep 600
EOF

terminals=0
screen() {
	tmux -S "$server" capture-pane -p
}

wait_for() { # wait_for TEXT: until it is on the screen
	tries=0
	until screen 2>/dev/null | grep -qF -- "$1" || [ $tries -ge 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	screen
}

start() { # start COLUMNS ROWS SCRIPT
	tmux -S "$server" kill-server 2>/dev/null
	terminals=$((terminals + 1))
	server=$work/tmux$terminals
	tmux -S "$server" -f /dev/null new-session -d -x "$1" -y "$2" "env BAILIFF='$BAILIFF' BAILIFF_HOME='$BAILIFF_HOME' sh $3"
}

for size in 80x24 200x60; do
	start "${size%x*}" "${size#*x}" ask.sh
	seen=$(wait_for '2 deny')
	has "$seen" 'Permission needed' "$size: the title is on the screen"
	has "$seen" 'rm -rf build && touch executed' "$size: so is the command's beginning"
	has "$(echo "$seen" | tr -d '\n')" 'touch executed-at-the-end' "$size: and its end"
	has "$(echo "$seen" | tr -d '\n')" 'left out' "$size: what lies between is counted"
	has "$(echo "$seen" | tr -d '\n')" '<U+202E>' "$size: a mark that turns the writing is named"
	has "$(echo "$seen" | tr -d '\n')" '\x1b[2J' "$size: so is an escape sequence"
	has "$seen" "target  $project/build" "$size: the target is shown"
	is "$(tmux -S "$server" display-message -p '#{pane_title}' | grep -c owned)" 0 "$size: the terminal's title is untouched"
	is "$(ls executed* 2>/dev/null)" '' "$size: nothing is executed"
	tmux -S "$server" send-keys 'yes, do it' Enter
	has "$(wait_for 'status=')" 'status=20' "$size: what is no answer denies"

	start "${size%x*}" "${size#*x}" run.sh
	seen=$(wait_for 'Type "destroy"')
	has "$seen" '(destructive, risk high)' "$size: what destroys is called so"
	tmux -S "$server" send-keys '1' Enter
	has "$(wait_for 'status=')" 'status=126' "$size: and not approved by a number"
	ok "$([ -d build ] && echo 0 || echo 1)" "$size: and not done"
done

start 80 24 ask.sh
wait_for '2 deny' >/dev/null
tmux -S "$server" send-keys 1 Enter
has "$(wait_for 'status=')" 'status=0' 'an approval is one'
has "$("$BAILIFF" audit list --all --json)" permission_granted '... and recorded'
has "$("$BAILIFF" audit list --all --json)" permission_denied 'so are the refusals'
is "$(ls executed* 2>/dev/null)" '' 'check executes nothing all the same'
start 80 24 ask.sh
wait_for '2 deny' >/dev/null
tmux -S "$server" send-keys C-c
has "$(wait_for 'status=')" 'status=130' 'an interrupt is no approval'
done_testing
