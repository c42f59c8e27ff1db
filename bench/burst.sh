#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a burst costs and loses: COUNT one-byte copies by dd, four events each, recorded to disk by a
# daemon that has just started, by a flight recorder in memory, by perf record and, where the kernel
# lets it, by trace-cmd, in turns with a dd that nobody records. Where two CPUs share a core, one that
# has anything to do slows the other: so also by a flight recorder beside a loop that only counts.
# Writes results/burst.csv, a line a run, and prints its table.
#
#   ROUNDS=10 COUNT=600000 bench/burst.sh        (as root; about four minutes)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-10} count=${COUNT:-600000}
[ "$(id -u)" = 0 ] || { echo "Error: kernel tracing needs root" >&2; exit 3; }
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

copy() { # milliseconds that dd takes
    local before
    before=$(date +%s%N)
    dd if=/dev/zero of=/dev/null bs=1 count="$count" 2>/dev/null
    echo $((($(date +%s%N) - before) / 1000000))
}
busy_copy() {
    local loop ms
    nice -n 19 bash -c 'while :; do :; done' &
    loop=$!
    ms=$(copy)
    kill "$loop"
    wait "$loop" 2>/dev/null
    echo "$ms"
}
contrail_burst() { # what copies, create options: milliseconds, recorded, lost
    local ms copying=$1
    shift
    "$contrail" create "$@" >/dev/null && "$contrail" enable-event -k --syscall -a >/dev/null &&
        "$contrail" start >/dev/null || return
    ms=$("$copying")
    "$contrail" stop >/dev/null 2>&1
    "$contrail" status 2>/dev/null | tr -d , |
        sed -n "s/.* \([0-9]*\) recorded.* \([0-9]*\) discarded.*/$ms,\1,\2/p" | tail -n 1
    "$contrail" destroy -a >/dev/null
    end_daemon
}
perf_burst() {
    local before ms
    before=$(date +%s%N)
    perf record -q -a -m 1024 -e raw_syscalls:sys_enter -e raw_syscalls:sys_exit -o "$work/perf.data" -- \
        dd if=/dev/zero of=/dev/null bs=1 count="$count" 2>/dev/null >/dev/null
    ms=$((($(date +%s%N) - before) / 1000000))
    perf report -i "$work/perf.data" --stats 2>/dev/null |
        awk -v ms="$ms" '/SAMPLE events:/ && !n { n = $3 } /LOST events:/ { l = $3 } /LOST_SAMPLES events:/ && !l { l = $3 } END { print ms "," n + 0 "," l + 0 }'
    rm -f "$work/perf.data"
}
trace_cmd_burst() {
    local before ms
    before=$(date +%s%N)
    trace-cmd record -q -b 4096 -e raw_syscalls -o "$work/trace.dat" \
        dd if=/dev/zero of=/dev/null bs=1 count="$count" >/dev/null 2>&1 || { echo "refused,,"; return; }
    ms=$((($(date +%s%N) - before) / 1000000))
    echo "$ms,,$(trace-cmd report -i "$work/trace.dat" 2>/dev/null | sed -n 's/.*\[\([0-9]*\) EVENTS DROPPED\].*/\1/p' | awk '{ n += $1 } END { print n + 0 }')"
    rm -f "$work"/trace.dat*
}

out=$results/burst.csv
echo "# $(machine); $rounds rounds; dd of $count one-byte copies, all system calls, default buffers; perf record -m 1024 (4 MiB a CPU)" >"$out"
echo "round,recorder,dd_ms,recorded,lost" >>"$out"
for round in $(seq "$rounds"); do
    echo "$round,nobody,$(copy),," | tee -a "$out" >&2
    rm -rf "$work/out"
    echo "$round,disk,$(contrail_burst copy disk -o "$work/out")" | tee -a "$out" >&2
    echo "$round,memory,$(contrail_burst copy memory --snapshot)" | tee -a "$out" >&2
    echo "$round,memory beside a loop,$(contrail_burst busy_copy memory --snapshot)" | tee -a "$out" >&2
    command -v perf >/dev/null && echo "$round,perf,$(perf_burst)" | tee -a "$out" >&2
    command -v trace-cmd >/dev/null && echo "$round,trace-cmd,$(trace_cmd_burst)" | tee -a "$out" >&2
done

sed -n 's/^# //p' "$out"
milliseconds() { awk -F, -v r="$1" '$2 == r && $3 + 0 > 0 { print $3 }' "$out" | median; }
nobody=$(milliseconds nobody) memory=$(milliseconds memory)
printf '\n| recorder | dd, median ms | of nobody | of memory | runs that lost nothing | lost at worst |\n|---|---|---|---|---|---|\n'
printf '| nobody | %s | | | | |\n' "$nobody"
for recorder in memory 'memory beside a loop' disk perf trace-cmd; do
    ms=$(milliseconds "$recorder")
    [ -n "$ms" ] || { echo "| $recorder | refused | | | | |"; continue; }
    awk -F, -v r="$recorder" -v ms="$ms" -v nobody="$nobody" -v memory="$memory" '
        $2 == r { n++; clean += $5 == 0; part = $4 + $5 ? $5 / ($4 + $5) : 0; if (part > worst) worst = part }
        END { printf "| %s | %s | %.2f × | %.2f × | %d of %d | %.4f %% |\n", r, ms, ms / nobody, ms / memory, clean, n, 100 * worst }' "$out"
done
