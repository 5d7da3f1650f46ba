# Sourced by the shell tests: TAP lines, and a folder of their own which is removed at the end.
#
#   . "$(dirname "$0")/../tap.sh"
#   ok $? "NAME"                 passes where the status is 0
#   is "GOT" "WANTED" "NAME"     passes where both are the same, and shows them where not
#   has "TEXT" "PART" "NAME"     passes where PART occurs in TEXT
#   is_full, has_full            the same of the full sandbox: skipped where the machine gives no namespaces
#   skip "NAME" "REASON"         with BAILIFF_MUST_RUN=1 a failure
#   done_testing                 the last line
#
# $work is an empty folder, HOME an empty home in it, and BAILIFF_HOME lies there too: the home of the passwd
# entry, where Bailiff keeps its record, is never touched.
tap_count=0
tap_failed=0
work=$(mktemp -d) || exit 1
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
HOME=$work/home
mkdir -p "$HOME"
BAILIFF_HOME=$HOME/.bailiff
export HOME BAILIFF_HOME
unset XDG_RUNTIME_DIR XDG_STATE_HOME XDG_CONFIG_HOME
: "${BAILIFF:=bailiff}"

tap_line() { # tap_line STATUS NAME
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		tap_failed=1
	fi
	return "$1"
}

ok() {
	tap_line "$1" "$2"
}

is() {
	if [ "$1" = "$2" ]; then
		tap_line 0 "$3"
	else
		tap_line 1 "$3" || :
		printf 'got:    %s\nwanted: %s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

has() {
	case $1 in
	*"$2"*) tap_line 0 "$3" ;;
	*)
		tap_line 1 "$3" || :
		printf '%s\ndoes not hold: %s\n' "$1" "$2" | sed 's/^/# /'
		;;
	esac
}

skip() {
	if [ "${BAILIFF_MUST_RUN-}" = 1 ]; then
		tap_line 1 "$1: $2, but it must run"
	else
		tap_count=$((tap_count + 1))
		echo "ok $tap_count - $1 # SKIP $2"
	fi
}

# Whether this machine gives a run namespaces; in a chroot, and in many containers, it gives none.
namespaces() {
	[ -n "${namespaces_here-}" ] || {
		mkdir -p "$work/namespaces"
		"$BAILIFF" run --level 3 --workspace "$work/namespaces" -- true >/dev/null 2>&1
		namespaces_here=$?
	}
	return "$namespaces_here"
}

# What only the full sandbox does: as `is` and `has`, but skipped without namespaces.
is_full() {
	if namespaces; then is "$@"; else skip "$3" 'no namespaces here'; fi
}

has_full() {
	if namespaces; then has "$@"; else skip "$3" 'no namespaces here'; fi
}

done_testing() {
	echo "1..$tap_count"
	exit "$tap_failed"
}
