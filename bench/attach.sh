#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long it takes to get into a busy JVM, and the longest that one of its threads then stands still:
# while nothing happens, while contrail attaches, while log records and calls of a method are wanted,
# and no more. Writes results/attach.csv and prints its table.
#
#   ROUNDS=5 bench/attach.sh      (one minute)
set -u
. "$(dirname "$0")/lib.sh"
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rounds=${ROUNDS:-5}
jdk=$(jdk_home) || exit 3
mkdir "$work/classes"
"$jdk/bin/javac" -d "$work/classes" "$here/src/main/java/dev/contrail/bench/link/StallWatch.java" || exit 3
"$contrail" sessiond --background --no-kernel >/dev/null || exit 3

out=$results/attach.csv
echo "# $(machine); $rounds rounds, a load of $(nproc) threads" >"$out"
echo "round,what,millis,stall_micros" >>"$out"
step() { # what, command
    echo >&"$to"
    read -r _ <&"$from"
    local begin end stall
    begin=$(date +%s%N)
    "${@:2}" >/dev/null || exit 3
    end=$(date +%s%N)
    echo >&"$to"
    read -r stall <&"$from"
    echo "$round,$1,$(((end - begin) / 1000000)),$stall" >>"$out"
}
for round in $(seq "$rounds"); do
    coproc watch { exec "$jdk/bin/java" -XX:+EnableDynamicAgentLoading -cp "$work/classes" dev.contrail.bench.link.StallWatch "$(nproc)"; }
    to=${watch[1]} from=${watch[0]} pid=$watch_PID
    sleep 3
    "$contrail" create attach --snapshot >/dev/null
    "$contrail" enable-event -j -a >/dev/null
    "$contrail" enable-event -u 'jvm:*' >/dev/null
    step nothing sleep 1
    step attach "$contrail" attach "$pid"
    step start "$contrail" start
    step method "$contrail" enable-event -u --method dev.contrail.bench.link.StallWatch.piece
    step stop "$contrail" stop
    "$contrail" destroy >/dev/null
    exec {to}>&-
    wait "$pid"
done

sed -n 's/^# //p' "$out"
value() { awk -F, -v w="$1" -v c="$2" '$2 == w { print $c }' "$out" | median; }
row() { # title, what
    echo "$(value "$2" 3) $(value "$2" 4)" | awk -v title="$1" 'NF == 2 { printf "| %s | %d ms | %.1f ms |\n", title, $1, $2 / 1000 }'
}
echo
echo "| while | the command | longest stall of a thread |"
echo "|---|---|---|"
row "nothing happens, for a second" nothing
row "contrail attaches" attach
row "a session of all log records starts" start
row "a method's calls are wanted as well" method
row "the session stops" stop
