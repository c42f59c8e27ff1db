#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a session that records sched_switch and all system calls to disk loses at a given rate, with
# 4 MiB a CPU: right after the start of its daemon, and warm. Writes results/kernel-rate.csv, a line a
# run, and prints its table.
#
#   ROUNDS=5 RATE=200000 SECONDS_EACH=10 bench/kernel-rate.sh      (as root; about two minutes)
#
# RATE is what our load emits, in events a second; the rest of the machine adds its own.
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5} rate=${RATE:-200000} seconds=${SECONDS_EACH:-10}
[ "$(id -u)" = 0 ] || { echo "Error: kernel tracing needs root" >&2; exit 3; }
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
jdk=$(jdk_home)
mkdir "$work/classes"
"$jdk/bin/javac" -d "$work/classes" "$here"/src/main/java/dev/contrail/bench/kernel/*.java || exit 3

account() { # recorded and discarded until now
    "$contrail" status | tr -d , | sed -n 's/.* \([0-9]*\) recorded.* \([0-9]*\) discarded.*/\1 \2/p' | tail -n 1
}
daemon_nanos() { cat "/proc/$(daemon_pid)"/task/*/schedstat | awk '{ n += $1 } END { printf "%.0f\n", n }'; }

out=$results/kernel-rate.csv
echo "# $(machine); $rounds daemons; $rate events/s of our own for $seconds s, sched_switch and all system calls to disk, 64 sub-buffers of 64 KiB a CPU" >"$out"
echo "round,daemon,emitted_by_load,load_ms,recorded,discarded,daemon_cpu_ns_per_event" >>"$out"
for round in $(seq "$rounds"); do
    { "$contrail" create rate -o "$work/out" &&
        "$contrail" enable-channel -k --subbuf-size 64k --num-subbuf 64 all &&
        "$contrail" enable-event -k sched_switch -c all && "$contrail" enable-event -k --syscall -a -c all &&
        "$contrail" start; } >/dev/null || exit 3
    before="0 0"
    for daemon in fresh warm; do
        cpu=$(daemon_nanos)
        emitted=$("$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$work/classes" \
            dev.contrail.bench.kernel.SystemCallLoad rate "$rate" "$seconds") || exit 3
        cpu=$(($(daemon_nanos) - cpu))
        after=$(account)
        echo "$round $daemon $emitted $after $before $cpu" |
            awk '{ printf "%s,%s,%s,%s,%d,%d,%.0f\n", $1, $2, $3, $4, $5 - $7, $6 - $8, $9 / ($5 - $7) }' | tee -a "$out" >&2
        before=$after
    done
    "$contrail" destroy rate >/dev/null
    rm -rf "$work/out"
    end_daemon
done

sed -n 's/^# //p' "$out"
printf '\n| daemon | recorded events/s | recorded, all rounds | discarded, all rounds | daemon, CPU per event |\n|---|---|---|---|---|\n'
for daemon in fresh warm; do
    awk -F, -v d="$daemon" '$2 == d { n += $5; lost += $6; ms += $4 } END { printf "| %s | %.0f | %d | %d |", d, n * 1000 / ms, n, lost }' "$out"
    printf ' %s ns |\n' "$(awk -F, -v d="$daemon" '$2 == d { print $7 }' "$out" | median)"
done
