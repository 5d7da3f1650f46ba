#!/bin/sh
# The benchmark compares what it says, and a command that fails is no result.  usage: bench.sh ROOT PAIR
pair=$2
. "$(dirname "$0")/../tap.sh"

printf 'given\n' >"$work/input"
printf '#!/bin/sh\nread -r line && echo "$1 $line" >>"%s"\n' "$work/log" >"$work/note"
chmod +x "$work/note"

is "$("$pair" -n 4 -- true -- true | tr -d '0-9.')" '{"pairs":,"a":,"b":,"ratio":,"low":,"high":}' "a comparison prints one object"
"$pair" -n 4 -i "$work/input" -- "$work/note" a -- "$work/note" b >/dev/null
is "$(tail -n 8 "$work/log" | tr '\n' ' ')" "a given b given b given a given a given b given b given a given " \
	"the two take turns, each first as often, each with the input"
! "$pair" -n 4 -- true -- false >"$work/out" 2>"$work/err"
ok $? "a command that fails ends the measurement"
is "$(cat "$work/out" "$work/err")" "pair: false: exit status 1" "and is named instead of a result"
! "$pair" -n 4 -- true -- "$work/none" 2>/dev/null
ok $? "a command that is not there as well"
"$pair" -n 4 -- true 2>/dev/null
is $? 64 "one command alone is refused"
done_testing
