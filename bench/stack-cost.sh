#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the stack of an event costs, by its depth: the same event in a channel with callstack-java
# and in one without. Writes results/stack-cost.csv and prints its table.
#
#   FORKS=5 bench/stack-cost.sh      (about six minutes)
set -u
. "$(dirname "$0")/lib.sh"
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
forks=${FORKS:-5}
java=$(jdk_home)/bin/java
tracer_classes "$here"/src/main/java/dev/contrail/bench/event/{Batches,HotEvents,StackCost}.java

for session in plain stacks; do
    "$contrail" create $session --snapshot >/dev/null && "$contrail" enable-event -u 'hot:*' >/dev/null || exit 3
done
"$contrail" add-context -u -t callstack-java >/dev/null || exit 3 # of the session made last

out=$results/stack-cost.csv
echo "# $(machine); $forks JVMs of each kind, in turns" >"$out"
echo "fork,session,what,nanoseconds,best_tenth,bytes" >>"$out"
for fork in $(seq "$forks"); do
    for session in plain stacks; do
        "$contrail" start $session >/dev/null || exit 3
        "$java" -cp "$work/classes:$tracer" dev.contrail.bench.event.StackCost |
            awk -v head="$fork,$session" 'NF == 4 { print head "," $1 "," $2 "," $3 "," $4 }' >>"$out"
        "$contrail" stop $session >/dev/null
    done
done

sed -n 's/^# //p' "$out"
value() { awk -F, -v p="$1" -v w="$2" -v c="$3" '$2 == p && $3 == w { print $c }' "$out" | median; }
echo
echo "| an event with a stack of | ns | without its stack | bytes allocated |"
echo "|---|---|---|---|"
for depth in 5 20 64; do
    echo "$(value stacks depth$depth 4) $(value plain depth$depth 4) $(value stacks depth$depth 6)" |
        awk -v depth=$depth 'NF == 3 { printf "| %d frames | %.0f | %.1f | %.0f |\n", depth, $1, $2, $3 }'
done
