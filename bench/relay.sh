#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a relay takes: producers that send packets in LTTng's protocol as fast as it stores them, to
# ours and to LTTng's relay daemon, one after the other, several rounds. Prints a line a run: relay,
# producers, bytes of a packet, packets/s, MB/s, µs of the relay's CPU a packet, its CPU seconds a GB,
# its memory in MiB; then what 1,000 producers cost that say nothing.
#
#   ROUNDS=3 SECONDS_EACH=4 bench/relay.sh      (six minutes)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-4} any=tcp://127.0.0.1:0
ulimit -n 65536 2>/dev/null
trap 'end_relay; rm -rf "$work"' EXIT
relay_classes
relay=
start_relay() { # ours or lttng
    rm -rf "$work/out"
    mkdir "$work/out"
    control=$(free_port) data=$(free_port) live=$(free_port)
    ports="-C tcp://127.0.0.1:$control -D tcp://127.0.0.1:$data -L tcp://127.0.0.1:$live"
    if [ "$1" = ours ]; then
        "$contrail" relayd -d $ports -o "$work/out" --pidfile "$work/relayd.pid" >/dev/null 2>&1 || exit 3
        relay=$(cat "$work/relayd.pid")
    else
        lttng-relayd $ports -o "$work/out" >/dev/null 2>&1 &
        relay=$!
        sleep 1
    fi
}
memory() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$relay/status"; }
load() { "$jdk/bin/java" -Xss256k -cp "$work/classes" dev.contrail.bench.relay.RelayLoad "$control" "$data" "$@"; }
machine
which=ours
command -v lttng-relayd >/dev/null && which='ours lttng'
for producers in 1 64; do
    for bytes in 4096 262144; do
        for _ in $(seq "$rounds"); do
            for each in $which; do
                start_relay "$each"
                load "$producers" "$bytes" 1 >/dev/null # its code is compiled
                before=$(cpu_seconds "$relay")
                load "$producers" "$bytes" "$seconds" | tail -n 1 >"$work/line"
                after=$(cpu_seconds "$relay")
                read -r packets took <"$work/line"
                awk -v n="$packets" -v s="$took" -v b="$bytes" -v cpu="$(echo "$after $before" | awk '{ print $1 - $2 }')" \
                    -v what="$each $producers $bytes" -v m="$(memory)" \
                    'BEGIN { printf "%s: %d packets/s, %.0f MB/s, %.1f µs a packet, %.2f s a GB, %d MiB\n", what, n / s, n * b / s / 1e6, cpu / n * 1e6, cpu / (n * b / 1e9), m }'
                end_relay
            done
        done
    done
done
for each in $which; do
    start_relay "$each"
    empty=$(memory)
    load 1000 0 20 >"$work/line" &
    for _ in $(seq 100); do grep -q ready "$work/line" && break; sleep 0.1; done
    before=$(cpu_seconds "$relay")
    sleep 10
    echo "$each, 1000 idle producers: $(memory) MiB ($empty without), $(cpu_seconds "$relay" | awk -v b="$before" '{ print $1 - b }') s of CPU in 10 s"
    wait $!
    end_relay
done
