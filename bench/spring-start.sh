#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What recording adds to the start of a Spring Boot service (guests' fat jars, Logback and Log4j 2):
# the time that the service itself says it took, and the CPU time of the whole run. Writes
# results/spring-start.csv and prints its table.
#
#   ROUNDS=5 bench/spring-start.sh      (two minutes; guests as mvn package builds them)
set -u
. "$(dirname "$0")/lib.sh"
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rounds=${ROUNDS:-5}
java=$(jdk_home)/bin/java
tracer=$("$contrail" agent)
"$contrail" create spring --snapshot >/dev/null && "$contrail" enable-event -u 'logback:*,jvm:*' >/dev/null &&
    "$contrail" enable-event --log4j2 -a >/dev/null && "$contrail" start >/dev/null || exit 3

out=$results/spring-start.csv
echo "# $(machine); $rounds rounds, in turns" >"$out"
echo "round,log,how,seconds,cpu" >>"$out"
TIMEFORMAT='%U %S'
for round in $(seq "$rounds"); do
    for log in logback log4j; do
        jar=$(ls "$here"/../guests/target/guests-*-spring-$log.jar) || exit 3
        for how in alone agent session; do
            options=() run=$LTTNG_RUNDIR
            [ $how = alone ] || options=("-javaagent:$tracer")
            [ $how = session ] || run=$work/nobody
            cpu=$( { time LTTNG_RUNDIR=$run "$java" "${options[@]}" -jar "$jar" >"$work/said" 2>&1 </dev/null; } 2>&1 | awk '{ print $1 + $2 }')
            echo "$round,$log,$how,$(sed -n 's/.*Started .* in \([0-9.]*\) seconds.*/\1/p' "$work/said"),$cpu" >>"$out"
        done
    done
done

sed -n 's/^# //p' "$out"
value() { awk -F, -v l="$1" -v h="$2" -v c="$3" '$2 == l && $3 == h { print $c }' "$out" | median; }
echo
echo "| service | alone | the agent, no daemon | the agent, its log and failures recorded |"
echo "|---|---|---|---|"
for log in logback log4j; do
    echo "$(value $log alone 4) $(value $log alone 5) $(value $log agent 4) $(value $log agent 5) $(value $log session 4) $(value $log session 5)" |
        awk -v log_="$log" '{ printf "| Spring Boot, %s | %.2f s, CPU %.2f s | %.2f s, CPU %.2f s | %.2f s, CPU %.2f s |\n", log_, $1, $2, $3, $4, $5, $6 }'
done
