#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a session that records a JVM to disk loses at a given rate, with default buffers and a daemon that
# has just started. Writes results/jvm-rate.csv, a line a run, and prints its table.
#
#   ROUNDS=5 RATES="100 200" SECONDS_EACH=10 THREADS=2 bench/jvm-rate.sh        (about three minutes)
#
# RATES are megabytes of records a second.
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5} rates=${RATES:-100 200} seconds=${SECONDS_EACH:-10} threads=${THREADS:-2}
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tracer_classes "$here"/src/main/java/dev/contrail/bench/event/SteadyRate.java

out=$results/jvm-rate.csv
echo "# $(machine); $rounds daemons; records of 221 bytes by $threads threads for $seconds s to disk, default buffers" >"$out"
echo "round,wanted_mb_s,emitted,emitted_mb_s,recorded,discarded,daemon_cpu_ms" >>"$out"
for round in $(seq "$rounds"); do
    for rate in $rates; do
        { "$contrail" sessiond --background --no-kernel && "$contrail" create rate -o "$work/out" &&
            "$contrail" enable-event -u 'steady:*' && "$contrail" start; } >/dev/null 2>&1 || exit 3
        emitted=$("$jdk/bin/java" -XX:+UseSerialGC -cp "$tracer:$work/classes" \
            dev.contrail.bench.event.SteadyRate "$threads" "$rate" "$seconds") || exit 3
        "$contrail" stop >/dev/null 2>&1
        cpu=$(sed 's/.*) //' "/proc/$(daemon_pid)/stat" | awk -v hz="$(getconf CLK_TCK)" '{ print ($12 + $13) * 1000 / hz }')
        "$contrail" status 2>/dev/null | tr -d , |
            sed -n "s/.* \([0-9]*\) recorded.* \([0-9]*\) discarded.*/$round,$rate,${emitted/ /,},\1,\2,$cpu/p" |
            tail -n 1 | tee -a "$out" >&2
        "$contrail" destroy rate >/dev/null
        rm -rf "$work/out"
        end_daemon
    done
done

sed -n 's/^# //p' "$out"
printf '\n| wanted, MB/s | emitted, MB/s | runs that lost nothing | lost, all runs | daemon, CPU a second |\n|---|---|---|---|---|\n'
for rate in $rates; do
    awk -F, -v r="$rate" -v s="$seconds" '$2 == r { n++; clean += $6 == 0; all += $3; lost += $6; mb += $4; cpu += $7 }
        END { printf "| %s | %.0f | %d of %d | %.2f %% | %.0f ms |\n", r, mb / n, clean, n, 100 * lost / all, cpu / n / s }' "$out"
done
