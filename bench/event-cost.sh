#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What one event costs the JVM that emits it, and one java.util.logging call through the bridge
# against LTTng's Java agent. Writes results/event-cost.csv and prints its table.
#
#   FORKS=5 bench/event-cost.sh      (about three minutes)
#
# As peer, as root: lttng-tools, liblttng-ust-agent-java, unshare. The real session daemon runs in
# mount and network namespaces of its own, beside one that may run already.
set -u
jni=$(dirname "$(ls /usr/lib/*/jni/liblttng-ust-jul-jni.so 2>/dev/null | head -n 1)" 2>/dev/null)
agent=/usr/share/java/lttng-ust-agent-jul.jar:/usr/share/java/lttng-ust-agent-common.jar

. "$(dirname "$0")/lib.sh"
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
forks=${FORKS:-5}
java=$(jdk_home)/bin/java
tracer_classes "$here"/src/main/java/dev/contrail/bench/event/{Batches,EventCost,FewEvents,HotEvents,IdleEvents,LogCost}.java
classes=$work/classes

"$contrail" create cost --snapshot >/dev/null || exit 3
"$contrail" enable-event -u 'hot:*' >/dev/null && "$contrail" enable-event -j -a >/dev/null &&
    "$contrail" enable-event -u few:integer -f 'cents < 0' >/dev/null &&
    "$contrail" enable-event -u few:text -f 'currency == "EU*" && cents < 0' >/dev/null &&
    "$contrail" start >/dev/null || exit 3

out=$results/event-cost.csv
echo "# $(machine); $forks JVMs of each kind, in turns; $(lttng --version 2>/dev/null)" >"$out"
echo "fork,program,what,nanoseconds,best_tenth,bytes" >>"$out"
keep() { awk -v head="$fork,$1" 'NF == 4 { print head "," $1 "," $2 "," $3 "," $4 }' >>"$out"; }
for fork in $(seq "$forks"); do
    "$java" -cp "$classes:$tracer" dev.contrail.bench.event.EventCost | keep event
    "$java" -Dcontrail.clock=tsc --enable-native-access=ALL-UNNAMED -cp "$classes:$tracer" dev.contrail.bench.event.EventCost | keep tsc
    LTTNG_RUNDIR=$work/nobody "$java" -cp "$classes" dev.contrail.bench.event.LogCost | keep no-handler
    "$java" "-javaagent:$tracer" -cp "$classes" dev.contrail.bench.event.LogCost | keep contrail
    if [ -n "$jni" ] && [ "$(id -u)" = 0 ] && command -v lttng-sessiond >/dev/null; then
        unshare -m -n "$here/lttng.sh" "$work" "$java" -Djava.library.path="$jni" --enable-native-access=ALL-UNNAMED \
            -cp "$classes:$agent" dev.contrail.bench.event.LogCost org.lttng.ust.agent.jul.LttngLogHandler | keep lttng
    fi
    # Enabled by a real session? Its status counts what reached the ring.
    [ "$fork" = 1 ] && recorded=$("$contrail" status | grep ' discarded' | paste -sd '|' | sed 's/|/; /g')
done
echo "# the session after the first round: $recorded" >>"$out"

sed -n 's/^# //p' "$out"
value() { awk -F, -v p="$1" -v w="$2" -v c="$3" '$2 == p && $3 == w { print $c }' "$out" | median; }
row() { # title, program, what, what is 1 nt
    echo "$(value "$2" "$3" 4) $(value "$2" "$3" 5) $(value "$2" "$3" 6) $(value "$2" "$4" 4) $(value "$2" "$4" 5)" |
        awk -v title="$1" 'NF == 5 { printf "| %s | %.1f | %.2f | %.1f | %.2f | %.2f |\n", title, $1, $1 / $4, $2, $2 / $5, $3 }'
}
echo
echo "| one | ns | in nt | best tenth, ns | in nt | bytes allocated |"
echo "|---|---|---|---|---|---|"
row "System.nanoTime() (= 1 nt)" event nanoTime nanoTime
row "event, recorded, hot platform thread" event enabled nanoTime
row "event, recorded, virtual thread" event virtual virtualNanoTime
row "event, recorded, hot platform thread, contrail.clock=tsc" tsc enabled nanoTime
row "event, recorded, virtual thread, contrail.clock=tsc" tsc virtual virtualNanoTime
row "event, not recorded" event disabled nanoTime
row "event, rejected by a filter of an integer" event integer nanoTime
row "event, rejected by a filter of a string and an integer" event text nanoTime
row "JFR event without stack trace" event jfr nanoTime
row "event, recorded, CPU time of the whole JVM" event enabledProcess nanoTime
row "JFR event without stack trace, CPU time of the whole JVM" event jfrProcess nanoTime
row "event, CPU time, one thread" event oneThreadCpu nanoTime
row "event, CPU time, two threads at once" event twoThreadsCpu nanoTime
row "event, CPU time of the whole JVM, 200 threads at once" event crowd nanoTime
row "event, CPU time of the whole JVM, 200 virtual threads at once" event virtualCrowd nanoTime
row "java.util.logging call, no handler" no-handler log nanoTime
row "java.util.logging call, contrail" contrail log nanoTime
row "java.util.logging call, LTTng Java agent" lttng log nanoTime
