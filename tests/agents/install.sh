#!/bin/sh
# Prints the program of a real agent from npm, installing it first where it is missing.
#
# usage: install.sh FOLDER claude-code|codex
#
# Versions are pinned: hosts differ from one to the next in what they keep of a hook's answer.
set -eu
folder=$1
case $2 in
claude-code) package=@anthropic-ai/claude-code-linux-x64@2.1.197 program=node_modules/@anthropic-ai/claude-code-linux-x64/claude ;;
codex) package=@openai/codex@0.169.0 program=node_modules/.bin/codex ;;
*) echo "install.sh: no such agent: $2" >&2; exit 64 ;;
esac
place=$folder/$2
if [ ! -x "$place/$program" ]; then
	mkdir -p "$place"
	npm install --prefix "$place" --no-audit --no-fund --no-progress "$package" >"$place/npm.log" 2>&1 || {
		tail -n 20 "$place/npm.log" >&2
		exit 1
	}
fi
echo "$place/$program"
