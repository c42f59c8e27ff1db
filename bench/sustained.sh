#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whether a relay keeps up: 64 producers, each with the packets of 10,000 events of 30 bytes a second (73
# of 4 KiB), in LTTng's protocol, into tracefiles of 1 MiB that are written by turns, ours and LTTng's.
# Prints what was acknowledged, whether the last files hold the last packets without a gap, and the
# relay's CPU and memory.
#
#   MINUTES=10 bench/sustained.sh      (twenty minutes)
set -u
. "$(dirname "$0")/lib.sh"
minutes=${MINUTES:-10}
relay=
trap 'kill "$relay" 2>/dev/null; sleep 1; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
relay_classes
machine
which=ours
command -v lttng-relayd >/dev/null && which='ours lttng'
for each in $which; do
    rm -rf "$work/out"
    mkdir "$work/out"
    control=$(free_port) data=$(free_port)
    ports="-C tcp://127.0.0.1:$control -D tcp://127.0.0.1:$data -L tcp://127.0.0.1:$(free_port) -o $work/out"
    if [ "$each" = ours ]; then
        "$contrail" relayd -d $ports --pidfile "$work/relayd.pid" >/dev/null 2>&1 || exit 3
        relay=$(cat "$work/relayd.pid")
    else
        lttng-relayd $ports >/dev/null 2>&1 &
        relay=$!
        sleep 1
    fi
    before=$(cpu_seconds "$relay")
    "$jdk/bin/java" -Xss256k -cp "$work/classes" dev.contrail.bench.relay.RelayLoad \
        "$control" "$data" 64 4096 $((minutes * 60)) 73 1048576 | tail -n 1 >"$work/line"
    read -r packets took <"$work/line"
    echo "$(cpu_seconds "$relay") $before $took" | awk -v what="$each" -v n="$packets" -v m="$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$relay/status")" \
        '{ printf "%s: %d packets in %.0f s acknowledged, %.1f %% of a core, %d MiB\n", what, n, $3, 100 * ($1 - $2) / $3, m }'
    python3 - "$work/out" "$packets" <<'P'
import glob, os, struct, sys
gaps, stored, last = 0, 0, 0
streams = {}
for path in glob.glob(sys.argv[1] + "/**/*.idx", recursive=True):
    bytes = open(path, "rb").read()
    size = struct.unpack(">I", bytes[12:16])[0]
    numbers = [struct.unpack(">Q", bytes[at + 64 : at + 72])[0] for at in range(16, len(bytes), size)]
    streams.setdefault(os.path.dirname(path), []).extend(numbers)
for numbers in streams.values():
    numbers.sort()
    gaps += sum(b - a != 1 for a, b in zip(numbers, numbers[1:]))
    stored += len(numbers)
    last += numbers[-1] + 1
print("%d streams: %d packets in their last files, %d gaps; sent by their last numbers %d of %s" % (len(streams), stored, gaps, last, sys.argv[2]))
P
    kill "$relay"
    for _ in $(seq 50); do [ -d "/proc/$relay" ] || break; sleep 0.1; done
done
