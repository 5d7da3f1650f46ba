#!/bin/sh
# Goal: a real agent works inside `bailiff run`, and what it must not do is refused, told and recorded.
set -eu
top=$(cd -- "$(dirname -- "$0")/../.." && pwd)
if ! program=$("$top/tests/agents/install.sh" "${BAILIFF_AGENTS:-$top/build/agents}" claude-code); then
	echo "1..0 # SKIP claude-code cannot be installed from npm here"
	exit 0
fi
exec python3 -B "$top/tests/agents/story.py" claude-code "$program"
