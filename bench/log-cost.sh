#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a log call costs that is recorded, by Log4j 2 and Logback, without and with a throwable, beside
# the same call to an appender that formats its message, or its line, and writes it nowhere. Writes results/log-cost.csv and
# prints its table.
#
#   FORKS=5 bench/log-cost.sh      (about five minutes)
#
# java.util.logging, also under LTTng's Java agent: event-cost.sh.
set -u
. "$(dirname "$0")/lib.sh"
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
forks=${FORKS:-5}
java=$(jdk_home)/bin/java
recorded=$here/target/recorded
[ -d "$recorded" ] || { echo "Error: $recorded is missing: build with mvn package" >&2; exit 3; }
libraries=$(printf '%s:' "$recorded"/*.jar)
tracer_classes "$here"/src/main/java/dev/contrail/bench/{event/Batches,log/*}.java
classes=$work/classes:$libraries

"$contrail" create logs --snapshot >/dev/null || exit 3
"$contrail" enable-event --log4j2 -a >/dev/null && "$contrail" enable-event -u 'logback:*' >/dev/null &&
    "$contrail" start >/dev/null || exit 3

out=$results/log-cost.csv
echo "# $(machine); $forks JVMs of each kind, in turns; $(cd "$recorded" && echo log4j-core-*.jar logback-classic-*.jar)" >"$out"
echo "fork,program,what,nanoseconds,best_tenth,bytes" >>"$out"
keep() { awk -v head="$fork,$1" 'NF == 4 { print head "," $1 "," $2 "," $3 "," $4 }' >>"$out"; }
for fork in $(seq "$forks"); do
    for system in Log4j Logback; do
        program=dev.contrail.bench.log.${system}Cost
        for appender in message line; do
            LTTNG_RUNDIR=$work/nobody "$java" -cp "$classes" "$program" $appender | keep "$system-$appender"
        done
        "$java" "-javaagent:$tracer" -cp "$classes" "$program" | keep "$system-contrail"
        "$java" "-javaagent:$tracer" -cp "$classes" "$program" line | keep "$system-both"
    done
    [ "$fork" = 1 ] && kept=$("$contrail" status | grep ' discarded' | paste -sd '|' | sed 's/|/; /g')
done
echo "# the session after the first round: $kept" >>"$out"

sed -n 's/^# //p' "$out"
value() { awk -F, -v p="$1" -v w="$2" -v c="$3" '$2 == p && $3 == w { print $c }' "$out" | median; }
row() { # title, program, what, system
    echo "$(value "$2" "$3" 4) $(value "$2" "$3" 5) $(value "$2" "$3" 6) $(value "$4-message" "$3" 4) $(value "$4-line" "$3" 4) $(value "$2" nanoTime 4)" |
        awk -v title="$1" 'NF == 6 { printf "| %s | %.0f | %.1f | %.0f | %.2f | %.2f | %.0f |\n", title, $1, $1 / $6, $2, $1 / $4, $1 / $5, $3 }'
}
echo
echo "| one call | ns | in nt | best tenth, ns | x the appender of messages | x the appender of lines | bytes allocated |"
echo "|---|---|---|---|---|---|---|"
for system in Log4j Logback; do
    for what in log thrown; do
        title="$system$([ $what = log ] || echo ' with a throwable')"
        row "$title, an appender that formats messages" "$system-message" $what $system
        row "$title, an appender that formats lines" "$system-line" $what $system
        row "$title, contrail, no appender" "$system-contrail" $what $system
        row "$title, contrail and the appender of lines" "$system-both" $what $system
    done
done
