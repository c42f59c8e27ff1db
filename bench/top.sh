#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What `contrail top` of this machine costs while it shows 200,000 events/s, on the full screen and as
# tables, and what one frame costs. Writes results/top.csv, a line a run, and prints its table.
#
#   ROUNDS=5 RATE=200000 SECONDS_EACH=10 bench/top.sh      (as root; needs tmux; about three minutes)
#
# RATE is what our load emits, in events a second; the rest of the machine adds its own.
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5} rate=${RATE:-200000} seconds=${SECONDS_EACH:-10} frames=300
[ "$(id -u)" = 0 ] || { echo "Error: kernel tracing needs root" >&2; exit 3; }
command -v tmux >/dev/null || { echo "Error: tmux is not installed" >&2; exit 3; }
end_window() { tmux -S "$work/tmux" kill-server 2>/dev/null; }
trap 'end_window; sleep 2; end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
jdk=$(jdk_home)
mkdir "$work/classes"
"$jdk/bin/javac" -d "$work/classes" "$here"/src/main/java/dev/contrail/bench/kernel/*.java || exit 3

nanos() { cat "/proc/$1"/task/*/schedstat | awk '{ n += $1 } END { printf "%.0f\n", n }'; }
top_pid() { "$contrail" list | sed -n 's/.*contrail-top-\([0-9]*\) .*/\1/p'; }
load() {
    "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$work/classes" \
        dev.contrail.bench.kernel.SystemCallLoad rate "$rate" "$1"
}
window() { # a terminal of 160 columns and 50 lines
    tmux -f /dev/null -S "$work/tmux" new-session -d -x 160 -y 50 "$@"
}
await_top() {
    for _ in $(seq 200); do
        pid=$(top_pid)
        [ -z "$pid" ] || return 0
        sleep 0.1
    done
    exit 3
}

out=$results/top.csv
echo "# $(machine); $rounds rounds; $rate events/s of our own for $seconds s, after as long to warm up" >"$out"
echo "round,output,emitted_by_load,load_ms,top_cpu_ns,daemon_cpu_ns" >>"$out"
for round in $(seq "$rounds"); do
    for output in screen batch; do
        command="$contrail top"
        [ "$output" = screen ] || command="$contrail top --batch"
        window "$command"
        await_top
        load "$seconds" >/dev/null
        top=$(nanos "$pid") daemon=$(nanos "$(daemon_pid)")
        emitted=$(load "$seconds") || exit 3
        top=$(($(nanos "$pid") - top)) daemon=$(($(nanos "$(daemon_pid)") - daemon))
        echo "$round,$output,$(echo $emitted | tr ' ' ,),$top,$daemon" | tee -a "$out" >&2
        if [ "$output" = screen ]; then
            sleep 2
            before=$(nanos "$pid")
            for _ in $(seq "$frames"); do
                tmux -S "$work/tmux" send-keys Down Up
                sleep 0.02
            done
            echo "$round,frames,$((2 * frames)),0,$(($(nanos "$pid") - before)),0" | tee -a "$out" >&2
        fi
        kill "$pid"
        while [ -d "/proc/$pid" ]; do sleep 0.1; done
        end_window
    done
done

sed -n 's/^# //p' "$out"
printf '\n| output | events/s | `top`: of one CPU | of the daemon |\n|---|---|---|---|\n'
for output in screen batch; do
    awk -F, -v o="$output" '$2 == o { print $5 / $4 / 1e4 }' "$out" | median >"$work/top"
    awk -F, -v o="$output" '$2 == o { print $6 / $4 / 1e4 }' "$out" | median >"$work/daemon"
    awk -F, -v o="$output" '$2 == o { n += $3; ms += $4 } END { printf "| %s | %.0f |", o, n * 1000 / ms }' "$out"
    printf ' %.1f %% | %.1f %% |\n' "$(cat "$work/top")" "$(cat "$work/daemon")"
done
printf '\nOne frame after a key: %.2f ms of CPU time\n' \
    "$(awk -F, '$2 == "frames" { print $5 / $3 / 1e6 }' "$out" | median)"
