#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a daemon costs while nothing happens, and how long a single event then takes to the disk: a
# session that records a JVM's events and log and, as root, the starts of programs. Writes
# results/quiet.csv, a line an event, and prints its table.
#
#   EVENTS=50 SECONDS_EACH=30 bench/quiet.sh      (as root; about two minutes)
set -u
. "$(dirname "$0")/lib.sh"
events=${EVENTS:-50} seconds=${SECONDS_EACH:-30}
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tracer_classes "$here"/src/main/java/dev/contrail/bench/event/QuietEvent.java

domains=jvm
{ "$contrail" create quiet -o "$work/out" && "$contrail" enable-event -u 'quiet:*' && "$contrail" enable-event -j -a; } >/dev/null || exit 3
if [ "$(id -u)" = 0 ] && "$contrail" enable-event -k sched_process_exec >/dev/null 2>&1; then domains="jvm kernel"; fi
"$contrail" start >/dev/null || exit 3

daemon_nanos() { cat "/proc/$(daemon_pid)"/task/*/schedstat | awk '{ n += $1 } END { printf "%.0f\n", n }'; }

out=$results/quiet.csv
echo "# $(machine); $events events of each domain, 0.3 to 0.7 s apart; $seconds s of nothing" >"$out"
echo "domain,ms_to_disk" >>"$out"
idle_from="$work/idle"
mkfifo "$idle_from"
"$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$tracer:$work/classes" dev.contrail.bench.event.QuietEvent \
    "$work/out" "$events" $domains <"$idle_from" >>"$out" &
program=$!
exec 9>"$idle_from"
sleep 15 # what a start costs is over
before=$(daemon_nanos)
sleep "$seconds"
idle=$(($(daemon_nanos) - before))
echo go >&9
exec 9>&-
wait "$program"
echo "idle,$idle" | awk -F, -v s="$seconds" '{ printf "# idle: %.3f %% of a CPU\n", $2 / s / 1e7 }' >>"$out"

sed -n 's/^# //p' "$out"
printf '\n| event of | to disk, median | longest |\n|---|---|---|\n'
for domain in $domains; do
    printf '| %s | %s ms | %s ms |\n' "$domain" "$(awk -F, -v d="$domain" '$1 == d { print $2 }' "$out" | median)" \
        "$(awk -F, -v d="$domain" '$1 == d && $2 > m { m = $2 } END { print m }' "$out")"
done
