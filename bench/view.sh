#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs to read whole traces, beside babeltrace2: processes on one core, CPU time, and the
# slope between a trace and one four times as long, so that start-up drops out; then on all cores.
# Writes results/view.csv and prints its table.
#
#   ROUNDS=5 bench/view.sh      (about eight minutes)
#
# ust5m: 5 million events of one class (u64, s32, text; 27 bytes each) in 2 streams, of our own
# making, and ust20m; kernel8: 8 copies, each with a UUID of its own, of a kernel trace of the
# corpus, when ../shared is there, and kernel8x4: the same traces, each four times as long.
set -u
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rounds=${ROUNDS:-5}
command -v babeltrace2 >/dev/null || { echo "Error: babeltrace2 is not installed" >&2; exit 3; }
reader_classes
make() { "$jdk/bin/java" -Devents="$2" -cp "$work/classes" dev.contrail.bench.reader.DecodeCost "$work/$1" || exit 3; }
make ust5m 5000000
make ust20m 20000000
kernel=$here/../../shared/traces/kernel/many-threads/trace
copies() { # name, how many
    local i uuid
    uuid=$(babeltrace2 -o ctf-metadata "$kernel" | sed -n 's/^\tuuid = "\([0-9a-f-]*\)".*/\1/p' | head -n 1)
    for i in $(seq "$2"); do
        mkdir -p "$work/$1"
        cp -rL "$kernel" "$work/$1/$i"
        chmod -R u+w "$work/$1/$i"
        rm -rf "$work/$1/$i/index"
        OLD=$uuid NEW=$(cat /proc/sys/kernel/random/uuid) perl -0777 -pi -e '
            BEGIN { ($o, $n) = map { ($t = $_) =~ tr/-//d; pack("H*", $t) } @ENV{qw(OLD NEW)} }
            s/\Q$o\E/$n/g; s/\Q$ENV{OLD}\E/$ENV{NEW}/g' "$work/$1/$i"/*
    done
}
pairs="ust5m,ust20m"
if [ -d "$kernel" ]; then
    copies kernel8 8
    for i in $(seq 8); do
        "$jdk/bin/java" -cp "$work/classes" dev.contrail.bench.reader.LongerTrace \
            "$work/kernel8/$i" "$work/kernel8x4/$i" 4 || exit 3
    done
    pairs="$pairs kernel8,kernel8x4"
fi

out=$results/view.csv
echo "# $(machine); $rounds rounds, in turns; $(babeltrace2 --version | head -n 1)" >"$out"
echo "round,reader,sink,trace,events,wall_s,cpu_s,rss_kib" >>"$out"
once() { # reader, sink, trace, command
    local reader=$1 sink=$2 trace=$3
    shift 3
    /usr/bin/time -f "%e %U %S %M" -o "$work/time" "$@" >/dev/null 2>"$work/error" || { cat "$work/error" >&2; exit 1; }
    [ "$round" = 0 ] || awk -v head="$round,$reader,$sink,$trace,$(cat "$work/$trace.events")" \
        '{ printf "%s,%s,%.2f,%s\n", head, $1, $2 + $3, $4 }' "$work/time" >>"$out"
}
for trace in ${pairs//,/ }; do
    "$contrail" convert -c sink.utils.counter -p step=0 "$work/$trace" | awk '/Event mess/ { print $1 }' >"$work/$trace.events"
done
for round in $(seq 0 "$rounds"); do
    for trace in ${pairs//,/ }; do
        for sink in dummy text; do
            once contrail $sink "$trace" taskset -c 0 "$contrail" convert -o $sink "$work/$trace"
            once babeltrace2 $sink "$trace" taskset -c 0 babeltrace2 -o $sink "$work/$trace"
            once contrail-all $sink "$trace" "$contrail" convert -o $sink "$work/$trace"
        done
    done
done

sed -n 's/^# //p' "$out"
of() { # reader, sink, trace, column
    awk -F, -v r="$1" -v s="$2" -v t="$3" -v c="$4" '$2 == r && $3 == s && $4 == t { print $c }' "$out" | median
}
echo
echo "| trace | sink | contrail, CPU (a quarter) | babeltrace2, CPU (a quarter) | contrail, all cores: wall (one core) | memory | steady state: contrail | babeltrace2 | ratio |"
echo "|---|---|---|---|---|---|---|---|---|"
for pair in $pairs; do
    short=${pair%,*} long=${pair#*,}
    for sink in dummy text; do
        echo "$short $(cat "$work/$short.events") $(cat "$work/$long.events") \
            $(of contrail $sink "$short" 7) $(of contrail $sink "$long" 7) \
            $(of babeltrace2 $sink "$short" 7) $(of babeltrace2 $sink "$long" 7) \
            $(of contrail-all $sink "$long" 6) $(of contrail $sink "$long" 6) $(of contrail $sink "$long" 8) $long" |
            awk -v sink=$sink '{
                ours = ($3 - $2) / ($5 - $4) / 1e6; theirs = ($3 - $2) / ($7 - $6) / 1e6
                printf "| %s | %s | %.2f s (%.2f s) | %.2f s (%.2f s) | %.2f s (%.2f s) | %.0f MiB | %.1f Mev/s | %.2f Mev/s | %.1f × |\n",
                    $11, sink, $5, $4, $7, $6, $8, $9, $10 / 1024, ours, theirs, ours / theirs
            }'
    done
done
