#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What viewers cost a relay: one session of one JVM at some 10,000 events/s, a live timer of 200 ms, and
# 0, 1, 20 and 50 viewers, babeltrace2 and ours by turns (1 is ours). Prints a line a run: viewers, the
# relay's CPU in percent of a core, its memory in MiB, and how many viewers were still there.
#
#   ROUNDS=3 SECONDS_EACH=15 VIEWERS='0 1 20 50' bench/viewers.sh      (eight minutes)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-15} numbers=${VIEWERS:-0 1 20 50} any=tcp://127.0.0.1:0
jdk=$(jdk_home) || exit 3
tracer=$("$contrail" agent)
samples=$(echo "$here"/../samples/target/samples-*.jar)
started= program=
end_run() {
    for each in $started $program; do kill "$each" 2>/dev/null; done
    wait $started $program 2>/dev/null
    started= program=
    end_daemon
    [ ! -f "$work/relayd.pid" ] || kill "$(cat "$work/relayd.pid")" 2>/dev/null
    sleep 1
}
trap 'end_run; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
port() { cat "$LTTNG_RUNDIR/relayd/$1.port"; }
machine
for _ in $(seq "$rounds"); do
    for number in $numbers; do
        "$contrail" relayd -d -C $any -D $any -L $any -o "$work/out" --pidfile "$work/relayd.pid" >/dev/null 2>&1 || exit 3
        "$contrail" create watched --live=200000 -U "net://127.0.0.1:$(port control):$(port data)" >/dev/null &&
            "$contrail" enable-event -u 'count:*' >/dev/null && "$contrail" start >/dev/null || exit 3
        head -c 16 /dev/zero >"$work/counts"
        "$jdk/bin/java" -XX:+UseSerialGC "-javaagent:$tracer" -cp "$samples" \
            dev.contrail.samples.count.Counting "$work/counts" 1 0 50000 >/dev/null 2>&1 &
        program=$!
        sleep 3
        url=$("$contrail" view "net://127.0.0.1:$(port live)" | sed -n 's,\([^ ]*/watched\) .*,\1,p')
        for i in $(seq "$number"); do
            if [ $((i % 2)) = 1 ]; then
                "$contrail" view -o dummy "$url" >/dev/null 2>&1 &
            else
                babeltrace2 -i lttng-live "$url" -c sink.utils.dummy >/dev/null 2>&1 &
            fi
            started="$started $!"
        done
        sleep $((5 + number / 3))
        relay=$(cat "$work/relayd.pid")
        before=$(cpu_seconds "$relay") events=$(od -An -t u8 -N 8 "$work/counts")
        sleep "$seconds"
        after=$(cpu_seconds "$relay") events=$(($(od -An -t u8 -N 8 "$work/counts") - events))
        left=0
        for each in $started; do [ ! -d "/proc/$each" ] || left=$((left + 1)); done
        echo "$before $after" | awk -v n="$number" -v s="$seconds" -v e="$events" -v left="$left" \
            -v m="$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$relay/status")" \
            '{ printf "%d viewers (%d at the end): %.0f events/s, relay %.1f %% of a core, %d MiB\n", n, left, e / s, 100 * ($2 - $1) / s, m }'
        end_run
    done
done
