#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What JFR's profile 'default' costs a load as of a service, by JFR alone and recorded by us to disk;
# how late its events are in the ring; how far JFR's times, as we tell them, are off. Writes
# results/jfr.csv and prints its table.
#
#   ROUNDS=5 SECONDS_EACH=10 bench/jfr.sh      (six minutes)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5}
seconds=${SECONDS_EACH:-10}
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tracer_classes "$here"/src/main/java/dev/contrail/bench/event/JfrLoad.java
"$contrail" sessiond --background --no-kernel >/dev/null || exit 3

load() { # options of the JVM
    "$jdk/bin/java" "$@" -Xmx512m -cp "$work/classes:$tracer" dev.contrail.bench.event.JfrLoad \
        "$seconds" "$(nproc)" 2>/dev/null | tail -n 1
}
echo "round,none,none_cpu,jfr,jfr_cpu,contrail,contrail_cpu,delay_p50_ms,delay_p99_ms,error_p50_ns,error_p99_ns,discarded" >"$results/jfr.csv"
for round in $(seq "$rounds"); do
    read -r none none_cpu <<<"$(load)"
    read -r alone alone_cpu <<<"$(load -XX:StartFlightRecording:settings=default,filename="$work/alone.jfr")"
    "$contrail" create "jfr-$round" --output "$work/trace-$round" >/dev/null
    "$contrail" enable-event -u --jfr default >/dev/null
    "$contrail" enable-event -u 'jfr:bench.Ping' >/dev/null
    "$contrail" start >/dev/null
    read -r ours ours_cpu p50 p99 <<<"$(load "-javaagent:$tracer")"
    "$contrail" stop >/dev/null
    discarded=$("$contrail" status 2>/dev/null | sed -n 's/.* \([0-9,]*\) discarded.*/\1/p' | tr -d ,)
    "$contrail" view "$work/trace-$round" --clock-cycles --no-delta |
        sed -n 's/^\[0*\([0-9]*\)\].* jfr:bench.Ping: .*ticks = \([0-9]*\).*/\1 \2/p' |
        awk '{ print $1 - $2 }' | sort -n >"$work/errors"
    error() { awk -v part="$1" '{ v[NR] = $1 } END { print v[int(NR * part / 100) + 1] }' "$work/errors"; }
    echo "$round,$none,$none_cpu,$alone,$alone_cpu,$ours,$ours_cpu,$p50,$p99,$(error 50),$(error 99),$discarded" | tee -a "$results/jfr.csv"
    "$contrail" destroy >/dev/null
done

machine
ratio() { awk -F, -v a="$1" -v b="$2" 'NR > 1 { print $a / $b }' "$results/jfr.csv" | median; }
column() { cut -d, -f"$1" "$results/jfr.csv" | tail -n +2 | median; }
cat <<END

| | throughput kept | CPU per request | delay p50 / p99 | clock error p50 / p99 |
|---|---|---|---|---|
| JFR alone, to its file | $(ratio 4 2) | $(ratio 5 3) | – | – |
| recorded by us, to disk | $(ratio 6 2) | $(ratio 7 3) | $(column 8) / $(column 9) ms | $(column 10) / $(column 11) ns |
END
