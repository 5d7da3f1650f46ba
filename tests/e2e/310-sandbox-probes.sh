#!/bin/sh
# Goal: what is run inside cannot get out, by any of the ways in tests/probes/probe.c; as root and as an ordinary
# user, with namespaces and with Landlock and seccomp alone (KD-18, KD-19).  The control: outside, the same user can.
. "$(dirname "$0")/../tap.sh"
probe=${PROBE:?the probe program}

PATH=/usr/local/bin:/usr/bin:/bin # what nobody may run, too

# Everything lies where nobody may go as well.
chmod 755 "$work"
mkdir "$work/bin" "$work/bin/libexec"
cp "$(dirname "$0")/../probes/outside.py" "$work/bin/"
cp "$BAILIFF" "$work/bin/bailiff"
cp -r "$(dirname "$BAILIFF")/libexec/bailiff" "$work/bin/libexec/"

make_world() { # make_world NAME: a workspace, a folder outside it, and what listens there
	world=$work/$1
	mkdir -p "$world/project/.git/hooks" "$world/project/.claude" "$world/outside" "$world/state"
	echo '[core]' >"$world/project/.git/config"
	echo '{}' >"$world/project/.mcp.json"
	echo 'SECRET=1' >"$world/project/.env"
	echo secret >"$world/outside/secret"
	cp "$probe" "$world/project/probe"
	mkfifo "$world/outside/stop"
}

user_of() { # user_of NAME COMMAND...: as root, or as nobody
	who=$1
	shift
	case $who in
	nobody*) setpriv --reuid=65534 --regid=65534 --clear-groups "$@" ;;
	*) "$@" ;;
	esac
}

# probes NAME LEVEL: runs the control and the probes as one user at one level
probes() {
	if [ "$2" = 3 ] && ! namespaces; then
		skip "$1, level 3" 'no namespaces here'
		return
	fi
	make_world "$1"
	case $1 in nobody*) chown -R 65534:65534 "$world" ;; esac
	user_of "$1" python3 "$work/bin/outside.py" "$world/outside" <"$world/outside/stop" &
	server=$!
	exec 8>"$world/outside/stop"
	tries=0
	while [ ! -e "$world/outside/variables" ] && [ $tries -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	variables=$(cat "$world/outside/variables")
	cd "$world/project" || exit 1
	BAILIFF_HOME=$world/state
	exec 9<"$world/outside"
	# shellcheck disable=SC2086 # a list of assignments
	inside=$(user_of "$1" env $variables PROBE_FD=9 PROBE_STATE="$world/state" ANTHROPIC_API_KEY=sk-ant-x \
		AWS_SECRET_ACCESS_KEY=x SSH_AUTH_SOCK=/tmp/agent LD_PRELOAD= \
		"$work/bin/bailiff" run --level "$2" --workspace "$world/project" --env PROBE_SECRET \
		--env PROBE_SOCKET --env PROBE_ABSTRACT --env PROBE_PORT --env PROBE_PID --env PROBE_FD \
		--env PROBE_STATE -- ./probe 2>"$world/errors")
	status=$?
	is "$status" 0 "$1, level $2: the probes ran"
	[ "$status" -eq 0 ] || sed 's/^/# /' "$world/errors"
	# shellcheck disable=SC2046,SC2086
	outside=$(user_of "$1" env $variables PROBE_FD=9 PROBE_STATE="$world/state" ANTHROPIC_API_KEY=sk-ant-x \
		./probe $(./probe --controls))
	exec 9<&- 8>&-
	wait "$server"
	echo "$inside" >"$world/inside"
	judge "$1" "$2"
	cd / || exit 1
}

# What Landlock cannot subtract from a writable tree, and says so: "without userns".
known_at_level_2=' read-env-file write-hooks write-git-config write-agent-settings remove-protected move-git
	replace-git-config exchange-protected see-processes signal-outside many-processes read-kernel '

judge() {
	while read -r name result; do
		case $2:$known_at_level_2 in
		2:*[[:space:]]"$name"[[:space:]]*)
			continue
			;;
		esac
		is "$result" held "$1, level $2: $name"
	done <"$world/inside"
	for name in $(./probe --controls); do
		has "$outside" "$name ESCAPED" "$1: outside, $name can be done"
	done
}

if [ "$(id -u)" -eq 0 ]; then
	probes root-3 3
	probes root-2 2
	probes nobody-3 3
	probes nobody-2 2
else
	probes user-3 3
	probes user-2 2
fi
done_testing
