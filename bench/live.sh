#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From an event to its line on a viewer's output: our viewer and babeltrace2 on our relay, for several
# live timers, at 300 events/s. Prints a line a run: timer in µs, viewer, lines, p50 and p99 in ms.
#
#   TIMERS='1000000 200000 50000 10000' SECONDS_EACH=9 bench/live.sh      (two minutes)
set -u
. "$(dirname "$0")/lib.sh"
timers=${TIMERS:-1000000 200000 50000 10000} seconds=${SECONDS_EACH:-9} any=tcp://127.0.0.1:0
jdk=$(jdk_home)
root=$here/..
trap 'end_daemon; kill "$(cat "$work/relayd.pid")"; sleep 1; rm -rf "$work"' EXIT
"$contrail" relayd -d -C $any -D $any -L $any --pidfile "$work/relayd.pid" >/dev/null || exit 3
port() { cat "$LTTNG_RUNDIR/relayd/$1.port"; }
for timer in $timers; do
    "$contrail" create "t$timer" "--live=$timer" -U "net://127.0.0.1:$(port control):$(port data)" >/dev/null
    "$contrail" enable-event -u 'count:*' >/dev/null
    "$contrail" start >/dev/null
    head -c 16 /dev/zero >"$work/counts"
    "$jdk/bin/java" -javaagent:"$(ls "$root"/tracer/target/tracer-*-SNAPSHOT.jar)" \
        -cp "$(ls "$root"/samples/target/samples-*-SNAPSHOT.jar):$(ls "$root"/tracer/target/tracer-*-SNAPSHOT.jar)" \
        dev.contrail.samples.count.Counting "$work/counts" 1 0 3300000 >/dev/null 2>&1 &
    program=$!
    sleep 2
    url=$("$contrail" view "net://127.0.0.1:$(port live)" | sed -n "s,\([^ ]*/t$timer\) .*,\1,p")
    timeout $((seconds + 2)) "$contrail" view --clock-seconds "$url" 2>/dev/null |
        python3 "$here/latency.py" "$timer ours" "$seconds"
    timeout $((seconds + 2)) stdbuf -oL babeltrace2 --clock-seconds -i lttng-live "$url" 2>/dev/null |
        python3 "$here/latency.py" "$timer babeltrace2" "$seconds"
    kill $program
    "$contrail" destroy "t$timer" >/dev/null
done
