#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long a JVM that starts waits for the daemon's answer, while a session with all system calls is
# created, started, snapshotted and destroyed by turns. Writes results/hello.csv and prints its table.
#
#   ROUNDS=20 bench/hello.sh      (half a minute; as root)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-20}
hello=
cleanup() {
    exec 9>&-
    [ -z "$hello" ] || wait "$hello"
    end_daemon
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
tracer_classes "$here"/src/main/java/dev/contrail/bench/link/HelloTime.java
"$contrail" create beside --snapshot >/dev/null && "$contrail" enable-event -u 'no:such' >/dev/null &&
    "$contrail" start >/dev/null || exit 3

say_hello() { # until the pipe has something to read
    "$jdk/bin/java" -cp "$work/classes:$tracer" dev.contrail.bench.link.HelloTime "$work/run/apps.sock" <"$work/end" >"$1" &
    hello=$!
    exec 9>"$work/end"
}
stop_hello() {
    echo end >&9
    wait "$hello" || exit 1
    exec 9>&-
    hello=
}
mkfifo "$work/end"
say_hello "$work/idle"
sleep $((rounds / 2))
stop_hello
say_hello "$work/busy"
for round in $(seq "$rounds"); do
    "$contrail" create "busy-$round" --snapshot >/dev/null &&
        "$contrail" enable-event -k --syscall -a >/dev/null && "$contrail" start >/dev/null &&
        "$contrail" snapshot record >/dev/null && "$contrail" stop >/dev/null &&
        "$contrail" destroy >/dev/null || exit 1
    rm -rf "$work/home/lttng-traces"
done
stop_hello

out=$results/hello.csv
echo "# $(machine); $rounds rounds of create, enable-event -k --syscall -a, start, snapshot record, stop, destroy" >"$out"
echo "while,answer_us,orders_us" >>"$out"
for state in idle busy; do sed "s/^/$state,/; s/ /,/" "$work/$state" >>"$out"; done
sed -n 's/^# //p' "$out"
printf '\n| while the daemon is | hellos | answer, median | p99 | longest | all orders, p99 |\n|---|---|---|---|---|---|\n'
part() { grep "^$1" "$out" | cut -d , -f "$2" | sort -n | awk -v p="$3" '{ v[NR] = $1 } END { i = int(NR * p + 0.999999); printf "%.1f", v[i < 1 ? 1 : i] / 1000 }'; }
for state in idle busy; do
    printf '| %s | %s | %s ms | %s ms | %s ms | %s ms |\n' "$state" "$(grep -c "^$state" "$out")" \
        "$(part $state 2 0.5)" "$(part $state 2 0.99)" "$(part $state 2 1)" "$(part $state 3 0.99)"
done
