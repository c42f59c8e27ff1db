#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs a call that its entry and exit are recorded: by contrail, without and with arguments
# and result, by JFR's method tracing, and after contrail has recorded it and does so no more.
# Writes results/method-cost.csv and prints its table.
#
#   FORKS=5 bench/method-cost.sh      (about two minutes; a JDK 25)
set -u
. "$(dirname "$0")/lib.sh"
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
forks=${FORKS:-5}
java=$(jdk_home)/bin/java
tracer_classes "$here"/src/main/java/dev/contrail/bench/event/{Batches,MethodCost}.java
classes=$work/classes
cart='dev.contrail.bench.event.MethodCost$Cart'
program=dev.contrail.bench.event.MethodCost

"$contrail" create methods --snapshot >/dev/null || exit 3
"$contrail" enable-event -u --method "$cart.traced" >/dev/null &&
    "$contrail" enable-event -u --method "$cart.detailed" --arg 1 --arg order.id --return >/dev/null ||
    exit 3

out=$results/method-cost.csv
echo "# $(machine); $forks JVMs of each kind, in turns" >"$out"
echo "fork,program,what,nanoseconds,best_tenth,bytes" >>"$out"
keep() { awk -v head="$fork,$1" 'NF == 4 { print head "," $1 "," $2 "," $3 "," $4 }' >>"$out"; }
for fork in $(seq "$forks"); do
    "$contrail" start >/dev/null
    "$java" "-javaagent:$tracer" -cp "$classes" "$program" | keep contrail
    "$contrail" stop >/dev/null
    "$java" "-javaagent:$tracer" -cp "$classes" "$program" | keep stopped
    LTTNG_RUNDIR=$work/nobody "$java" "-XX:StartFlightRecording:filename=$work/jfr.jfr,method-trace=$cart::traced,jdk.MethodTrace#stackTrace=false" \
        -Xlog:jfr*=off -cp "$classes" "$program" | keep jfr
    rm -f "$work/jfr.jfr"
done

sed -n 's/^# //p' "$out"
value() { awk -F, -v p="$1" -v w="$2" -v c="$3" '$2 == p && $3 == w { print $c }' "$out" | median; }
row() { # title, program, what: without what a call costs that is not recorded
    echo "$(value "$2" "$3" 4) $(value "$2" plain 4) $(value "$2" nanoTime 4) $(value "$2" "$3" 5) $(value "$2" plain 5) $(value "$2" nanoTime 5) $(value "$2" "$3" 6)" |
        awk -v title="$1" 'NF == 7 { printf "| %s | %.1f | %.2f | %.1f | %.2f | %.2f |\n", title, $1 - $2, ($1 - $2) / $3, $4 - $5, ($4 - $5) / $6, $7 }'
}
echo
echo "| a call's entry and exit, beside the call | ns | in nt | best tenth, ns | in nt | bytes allocated |"
echo "|---|---|---|---|---|---|"
row "contrail: two events, with the duration" contrail traced
row "contrail: with an argument, a field of another and the result" contrail detailed
row "contrail, when nobody wants them" stopped traced
row "JFR jdk.MethodTrace without stack trace: one event" jfr traced
