#!/bin/sh
# Goal: check and explain keep their contract (statuses, members of the JSON, one verdict a line), and a grant counts
# until it is taken back (KO-143, KO-144), in no case against a policy.
. "$(dirname "$0")/../tap.sh"
project=$work/project
mkdir -p "$project/.git" "$project/build"
cd "$project" || exit 1
errors=$work/errors

b() {
	"$BAILIFF" "$@" 2>"$errors"
}
status() { # status WANTED NAME COMMAND...: standard input is passed on
	wanted=$1
	name=$2
	shift 2
	"$@" >"$work/out" 2>"$errors"
	is $? "$wanted" "$name"
}
holds() { # holds EXPRESSION NAME: about the JSON `v` in $work/out
	python3 -c 'import json, sys
v = json.load(open(sys.argv[1]))
assert eval(sys.argv[2]), v' "$work/out" "$1"
	ok $? "$2"
}

# --- the statuses
status 0 'allow is 0' "$BAILIFF" check Bash 'ls -la'
status 10 'ask is 10' "$BAILIFF" check Bash 'rm -rf build'
status 20 'deny is 20' "$BAILIFF" check Bash 'rm -rf /'
status 10 'a tool that nobody knows is asked' "$BAILIFF" check --json <<'EOF'
{"tool":"Launch","input":{}}
EOF
status 64 'a wrong command line is 64' "$BAILIFF" check --no-such-option Bash ls
status 64 'so is a mode that does not exist' "$BAILIFF" check --mode sfae Bash ls
status 65 'what is no JSON is bad data' "$BAILIFF" check --json <<'EOF'
{"tool":"Bash",
 "input":}
EOF
has "$(cat "$errors")" '2:10' '... with line and column'
status 65 'so is nothing at all' "$BAILIFF" check --json </dev/null
status 65 'so are two objects' "$BAILIFF" check --json <<'EOF'
{"tool":"Bash","input":{"command":"ls"}} {"tool":"Bash","input":{"command":"ls"}}
EOF
status 0 'quiet says the same' "$BAILIFF" check --quiet Bash ls
is "$(cat "$work/out")" '' '... and nothing else'

# --- the members
status 10 'one action as JSON' "$BAILIFF" check --json <<EOF
{"tool":"Bash","input":{"command":"rm -rf build"},"cwd":"$project","workspace":["$project"],"session":"s1"}
EOF
holds 'set(v) >= {"decision", "risk", "approval", "effects", "reasons", "degraded"}' 'a verdict has its members'
holds 'v["decision"] == "ask" and v["risk"] in ("low", "medium", "high", "critical")' 'decision and risk are words'
holds 'v["approval"] in ("none", "standard", "elevated", "destructive", "blocked")' 'so is the approval'
holds 'any(e["kind"] == "delete" and e["target"].endswith("/project/build") and e["certainty"] == "known"
	and e["recursive"] and e["span"] == [0, 12] and e["via"] == [] for e in v["effects"])' 'an effect has its members'
holds 'all({"rule", "risk", "message", "source"} <= set(r) for r in v["reasons"])' 'so has a reason'
holds 'v["degraded"] == []' 'nothing is degraded'
status 10 'words are judged as JSON is' "$BAILIFF" check --hypothetical Bash 'rm -rf build'

# --- JSON Lines
{
	echo '{"tool":"Bash","input":{"command":"ls"}}'
	echo 'no JSON'
	echo '{"tool":"Bash","input":{"command":"rm -rf /"}}'
	printf '{"tool":"Bash","input":{"command":"ls"}}' # without a line end
} | b check --batch >"$work/lines"
is "$(python3 -c 'import json, sys
print(*[json.loads(line)["decision"] for line in open(sys.argv[1])])' "$work/lines")" 'allow deny deny allow' \
	'one verdict a line, in order; what cannot be read is denied'

# --- explain
status 10 'explain has the same statuses' "$BAILIFF" explain 'rm -rf build'
has "$(cat "$work/out")" "delete $project/build" 'the effect is told'
status 10 'as JSON as well' "$BAILIFF" explain --json 'rm -rf build'
holds 'v' 'which is JSON'

# --- a policy that does not load
mkdir -p "$BAILIFF_HOME"
printf '{\n  "permissionMode": "ask",\n}\n' >"$BAILIFF_HOME/settings.json"
chmod 600 "$BAILIFF_HOME/settings.json"
for command in 'check Bash ls' 'explain ls' 'run -- true' 'policy show' 'permissions list'; do
	# shellcheck disable=SC2086 # words
	status 77 "$command: a policy with a comma too many is 77" "$BAILIFF" $command
	has "$(cat "$errors")" "$BAILIFF_HOME/settings.json:3:1: a comma too many" '... with file, line and column'
done
rm "$BAILIFF_HOME/settings.json"

# --- a grant counts until it is taken back (KO-143, KO-144)
status 10 'before: asked' "$BAILIFF" check Bash 'npm install left-pad'
b permissions grant 'Bash(npm install:*)' >"$work/granted"
status 0 'granted: allowed (KO-143)' "$BAILIFF" check Bash 'npm install left-pad'
has "$(cat "$work/out")" 'Bash(npm install' '... by the rule that was granted'
status 10 'nothing else is' "$BAILIFF" check Bash 'npm install left-pad; rm -rf build'
status 20 'least of all what is denied' "$BAILIFF" check Bash 'npm install left-pad; rm -rf /'
status 10 'safe mode counts none' "$BAILIFF" check --safe Bash 'npm install left-pad'
b permissions revoke "$(sed -n 's/^granted \([^:]*\):.*/\1/p' "$work/granted")" >/dev/null
is $? 0 'it is taken back (KO-144)'
status 10 'and asked again' "$BAILIFF" check Bash 'npm install left-pad'
b permissions grant --session s1 'Bash(npm install:*)' >/dev/null
status 0 'a grant of a session counts in it' "$BAILIFF" check --session s1 Bash 'npm install left-pad'
status 10 '... and in no other' "$BAILIFF" check --session s2 Bash 'npm install left-pad'
b permissions reset --all >/dev/null
status 10 'reset takes all back' "$BAILIFF" check --session s1 Bash 'npm install left-pad'

# --- a policy against a flag: a layer only tightens what is above it
echo '{"permissionMode":"safe"}' >"$BAILIFF_HOME/settings.json"
chmod 600 "$BAILIFF_HOME/settings.json"
status 10 'what settings make safe is asked' "$BAILIFF" check Bash 'ls'
b permissions grant 'Bash(ls:*)' >/dev/null
status 10 'a grant does not loosen it' "$BAILIFF" check Bash 'ls'
echo '{"disallowedTools":["Bash"]}' >"$BAILIFF_HOME/settings.json"
status 20 'what settings deny is denied' "$BAILIFF" check Bash 'ls'
has "$(cat "$work/out")" "$BAILIFF_HOME/settings.json:1:" '... and the place that says so is named'
status 20 'also in permissive mode' "$BAILIFF" check --mode permissive Bash 'ls'
done_testing
