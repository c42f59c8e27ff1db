#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long it takes until the first event of a trace is on the screen, and how much memory reading
# all of it takes, beside babeltrace2, as traces grow: 1 MiB, 100 MiB, 2 GiB in 2 streams, the last
# also in packets of 4 KiB; 100 MiB in 1, 32 and 200 streams. Writes results/open.csv and prints its
# table.
#
#   ROUNDS=5 bench/open.sh      (about ten minutes, 5 GiB of files)
#
# Memory is the most anonymous pages seen in /proc (every 20 ms) while a sink without output reads
# the trace, on one core and on all; heap limits are the launcher's own.
set -u
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rounds=${ROUNDS:-5}
command -v babeltrace2 >/dev/null || { echo "Error: babeltrace2 is not installed" >&2; exit 3; }
reader_classes
traces=""
make() { # name, MiB, streams, bytes of a packet
    local events=$(($2 * 1024 * 1024 / 27))
    "$jdk/bin/java" -Devents=$((events / $3 * $3)) -Dstreams="$3" -Dpacket="$4" -cp "$work/classes" \
        dev.contrail.bench.reader.DecodeCost "$work/$1" || exit 3
    traces="$traces $1"
}
make 1MiB 1 2 65536
make 100MiB 100 2 262144
make 2GiB 2048 2 262144
make 2GiB-4KiB 2048 2 4096
make 1-stream 100 1 65536
make 32-streams 100 32 65536
make 200-streams 100 200 65536

out=$results/open.csv
echo "# $(machine); $rounds rounds, in turns; $(babeltrace2 --version | head -n 1)" >"$out"
echo "round,reader,trace,first_event_ms,one_core_kib,all_cores_kib" >>"$out"
first() { # command: milliseconds until its first line
    local begin line
    begin=$(date +%s%N)
    read -r line < <(exec "$@" 2>/dev/null)
    [ -n "$line" ] || { echo "no event: $*" >&2; exit 1; }
    echo $((($(date +%s%N) - begin) / 1000000))
}
memory() { # command: its most anonymous pages, KiB
    local most=0 now pid
    "$@" >/dev/null 2>&1 &
    pid=$!
    while now=$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        [ "$now" -le "$most" ] || most=$now
        sleep 0.02
    done
    wait "$pid" || { echo "failed: $*" >&2; exit 1; }
    echo "$most"
}
for round in $(seq 0 "$rounds"); do
    for trace in $traces; do
        for reader in contrail babeltrace2; do
            command=$reader
            [ $reader = babeltrace2 ] || command=$contrail
            ms=$(first "$command" convert "$work/$trace") || exit 1
            one=$(memory taskset -c 0 "$command" convert -o dummy "$work/$trace") || exit 1
            all=$one
            [ $reader = babeltrace2 ] || all=$(memory "$command" convert -o dummy "$work/$trace") || exit 1
            [ "$round" = 0 ] || echo "$round,$reader,$trace,$ms,$one,$all" >>"$out"
        done
    done
done

sed -n 's/^# //p' "$out"
of() { # reader, trace, column
    awk -F, -v r="$1" -v t="$2" -v c="$3" '$2 == r && $3 == t { print $c }' "$out" | median
}
echo
echo "| trace | first event: contrail | babeltrace2 | memory, one core: contrail | babeltrace2 | contrail, all cores |"
echo "|---|---|---|---|---|---|"
for trace in $traces; do
    printf "| %s | %.0f ms | %.0f ms | %.0f MiB | %.0f MiB | %.0f MiB |\n" "$trace" \
        "$(of contrail "$trace" 4)" "$(of babeltrace2 "$trace" 4)" \
        "$(of contrail "$trace" 5 | awk '{ print $1 / 1024 }')" "$(of babeltrace2 "$trace" 5 | awk '{ print $1 / 1024 }')" \
        "$(of contrail "$trace" 6 | awk '{ print $1 / 1024 }')"
done
