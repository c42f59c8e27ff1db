#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From an event of LTTng's own tracer (liblttng-ust, 300 events/s, or RATE) to its line on a viewer's
# output, through LTTng's relay daemon and through ours, several rounds by turns, for several live
# timers. Prints a line a run: timer in µs, relay and viewer, lines, p50 and p99 in ms. LTTng's session
# daemon runs in namespaces of its own. Root, gcc, lttng-tools, liblttng-ust-dev, babeltrace2.
#
#   ROUNDS=3 TIMERS='1000000 200000 50000' SECONDS_EACH=12 RATE=300 bench/live-lttng.sh      (eight minutes)
set -u
if [ -z "${CONTRAIL_BENCH_INSIDE:-}" ]; then
    CONTRAIL_BENCH_INSIDE=1 exec unshare -m -n -p --fork --mount-proc "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-3} timers=${TIMERS:-1000000 200000 50000} seconds=${SECONDS_EACH:-12} rate=${RATE:-300}
mount -t tmpfs none /run && ip link set lo up || exit 3
export HOME=$work/home
relay= program= sessiond=
end_run() {
    lttng destroy -a >/dev/null 2>&1
    for each in $program $sessiond $relay; do kill "$each" 2>/dev/null; done
    for each in $program $sessiond $relay; do
        for _ in $(seq 50); do [ -d "/proc/$each" ] || break; sleep 0.1; done
    done
    relay= program= sessiond=
}
trap 'end_run; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cat >"$work/ticks.c" <<'C'
#include <lttng/tracef.h>
#include <stdlib.h>
#include <time.h>
int main(int argc, char **argv)
{
    struct timespec pause = {0, 1000000000L / atol(argv[1])};
    for (long i = 0;; i++) {
        lttng_ust_tracef("%ld", i);
        nanosleep(&pause, NULL);
    }
}
C
gcc -O2 -o "$work/ticks" "$work/ticks.c" -llttng-ust -ldl || exit 3
machine
for _ in $(seq "$rounds"); do
    for timer in $timers; do
        for which in lttng ours; do
            rm -rf "$work/out"
            mkdir "$work/out"
            if [ "$which" = ours ]; then
                "$contrail" relayd -d -o "$work/out" --pidfile "$work/relayd.pid" >/dev/null 2>&1 || exit 3
                relay=$(cat "$work/relayd.pid")
            else
                lttng-relayd -o "$work/out" -L tcp://127.0.0.1:5344 >/dev/null 2>&1 &
                relay=$!
            fi
            lttng-sessiond --no-kernel >/dev/null 2>&1 &
            sessiond=$!
            sleep 2
            lttng create live "--live=$timer" -U net://127.0.0.1 >/dev/null &&
                lttng enable-event -u 'lttng_ust_tracef:*' >/dev/null && lttng start >/dev/null || exit 3
            "$work/ticks" "$rate" &
            program=$!
            sleep 2
            url=net://127.0.0.1/host/$(hostname)/live
            timeout $((seconds + 2)) stdbuf -oL babeltrace2 --clock-seconds -i lttng-live "$url" 2>/dev/null |
                python3 "$here/latency.py" "$timer $which babeltrace2" "$seconds"
            if [ "$which" = ours ]; then
                timeout $((seconds + 2)) "$contrail" view --clock-seconds "$url" 2>/dev/null |
                    python3 "$here/latency.py" "$timer ours ours" "$seconds"
            fi
            end_run
        done
    done
done
