#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a recorded kernel event costs the program that causes it: in contrail's flight recorder against
# a bare tracefs instance with the same clock, sizes and events (all system calls), written by hand.
# One thread on one CPU makes a cheap system call, two events each; CPU time of that thread. Writes
# results/kernel-event-cost.csv, a line a run, and prints its table.
#
#   ROUNDS=9 CHUNKS=200 bench/kernel-event-cost.sh      (as root; about a minute)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-9} chunks=${CHUNKS:-200}
[ "$(id -u)" = 0 ] || { echo "Error: kernel tracing needs root" >&2; exit 3; }
bare=/sys/kernel/tracing/instances/contrail-bench-$$
cleanup() {
    [ ! -d "$bare" ] || { echo 0 >"$bare/events/enable"; rmdir "$bare"; }
    end_daemon
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
jdk=$(jdk_home)
mkdir "$work/classes"
"$jdk/bin/javac" -d "$work/classes" "$here"/src/main/java/dev/contrail/bench/kernel/*.java || exit 3

{ "$contrail" create cost --snapshot &&
    "$contrail" enable-channel -k --subbuf-size 64k --num-subbuf 64 all &&
    "$contrail" enable-event -k --syscall -a -c all; } >/dev/null || exit 3
mkdir "$bare" && echo mono >"$bare/trace_clock" && echo 64 >"$bare/buffer_subbuf_size_kb" &&
    echo 4096 >"$bare/buffer_size_kb" && echo 1 >"$bare/options/overwrite" || exit 3

out=$results/kernel-event-cost.csv
echo "# $(machine); $rounds rounds, in turns; raw_syscalls, clock mono, 4 MiB a CPU in sub-buffers of 64 KiB, overwriting" >"$out"
echo "round,recorder,median_ns_per_call,best_tenth_ns_per_call" >>"$out"
for round in $(seq "$rounds"); do
    set -- none bare contrail
    for _ in $(seq $((round % 3))); do set -- "${@:2}" "$1"; done
    for recorder in "$@"; do
        case $recorder in
            bare) echo 1 >"$bare/events/raw_syscalls/enable" ;;
            contrail) "$contrail" start cost >/dev/null || exit 3 ;;
        esac
        sleep 1 # contrail's start reads the state of the machine, on the CPU beside
        nanos=$(taskset -c 0 "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$work/classes" \
            dev.contrail.bench.kernel.SystemCallLoad cost "$chunks") || exit 3
        case $recorder in
            bare) echo 0 >"$bare/events/raw_syscalls/enable" ;;
            contrail) "$contrail" stop cost >/dev/null ;;
        esac
        echo "$round,$recorder,${nanos/ /,}" >>"$out"
    done
done

sed -n 's/^# //p' "$out"
of() { awk -F, -v r="$1" -v c="$2" '$2 == r { print $c }' "$out" | median; }
printf '\n| recorder | ns per call | ns per event | against bare | best tenth: ns per event | against bare |\n|---|---|---|---|---|---|\n'
for recorder in bare contrail; do
    echo "$recorder $(of none 3) $(of bare 3) $(of $recorder 3) $(of none 4) $(of bare 4) $(of $recorder 4)" |
        awk '{ printf "| %s | %.0f | %.0f | %.3f | %.0f | %.3f |\n", $1, $4, ($4 - $2) / 2, ($4 - $2) / ($3 - $2), ($7 - $5) / 2, ($7 - $5) / ($6 - $5) }'
done
printf '| none | %s | – | – | – | – |\n' "$(of none 3)"
