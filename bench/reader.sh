#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs to decode the events of a trace of our own making: 5 million records of one class
# (u64, s32, text; 27 bytes each) in 2 streams. Decoding only: no merge, no text, pages present.
# Generated code and interpreter, mapped file and heap buffer, one core. Writes results/reader.csv
# and prints its table.
#
#   FORKS=5 bench/reader.sh      (about a minute)
set -u
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
forks=${FORKS:-5}
reader_classes
decode() { taskset -c 0 "$jdk/bin/java" -cp "$work/classes" dev.contrail.bench.reader.DecodeCost "$work/ust5m" "$@"; }
decode || exit 3

out=$results/reader.csv
echo "# $(machine); $forks JVMs of each kind, in turns, 7 rounds each, the last 4 count" >"$out"
echo "fork,decoder,bytes,mev_per_s" >>"$out"
for fork in $(seq "$forks"); do
    for bytes in mapped heap; do
        for decoder in generated interpreter; do
            decode $decoder $bytes | tail -n 4 | sed "s/^/$fork,$decoder,$bytes,/" >>"$out"
        done
    done
done

sed -n 's/^# //p' "$out"
row() { # decoder, bytes
    awk -F, -v d="$1" -v b="$2" '$2 == d && $3 == b { print $4 }' "$out" | median |
        awk -v title="$1, $2" '{ printf "| %s | %.1f | %.2f |\n", title, $1, $1 * 27 / 1000 }'
}
echo
echo "| one core | million events per CPU second | GB/s |"
echo "|---|---|---|"
for bytes in mapped heap; do
    row generated $bytes
    row interpreter $bytes
done
