#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How the conversion of kernel records grows with its threads: the made-up rings of 64 CPUs, converted
# over and over by one thread and by more, to nowhere and to files in memory. Writes
# results/converters.csv and prints its table.
#
#   ROUNDS=5 THREADS="1 2" SECONDS_EACH=6 bench/converters.sh      (about two minutes)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5} threads=${THREADS:-1 2} seconds=${SECONDS_EACH:-6}
memory=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$work" "$memory"' EXIT
trap 'exit 130' INT TERM
jdk=$(jdk_home)
path=$(ls "$here"/../{kernel,recorder,posix,tracer,ctf,wire}/target/*-SNAPSHOT.jar | tr '\n' ':')
mkdir "$work/classes"
"$jdk/bin/javac" -cp "$path" -d "$work/classes" "$here"/../kernel/src/test/java/dev/contrail/kernel/ConverterScale.java || exit 3
scale() { "$jdk/bin/java" -Xmx512m -XX:+UseSerialGC -cp "$work/classes:$path" dev.contrail.kernel.ConverterScale "$@"; }

out=$results/converters.csv
echo "# $(machine); $rounds rounds, in turns; 64 made-up CPUs" >"$out"
echo "round,to,threads,million_records_per_s" >>"$out"
for round in $(seq "$rounds"); do
    for n in $threads; do
        echo "$round,nowhere,$n,$(scale "$n" 64 "$seconds")" | tee -a "$out" >&2
        echo "$round,memory,$n,$(scale "$n" 64 "$seconds" "$memory")" | tee -a "$out" >&2
        rm -rf "${memory:?}"/*
    done
done

sed -n 's/^# //p' "$out"
printf '\n| threads | nowhere, million records/s | to files in memory |\n|---|---|---|\n'
for n in $threads; do
    row="| $n |"
    for to in nowhere memory; do
        row="$row $(awk -F, -v t="$to" -v n="$n" '$2 == t && $3 == n { print $4 }' "$out" | median) |"
    done
    echo "$row"
done
