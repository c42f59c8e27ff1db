#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the daemon holds while thousands of short JVMs come and go: resident memory, descriptors,
# mappings and threads, and whether each of their events is accounted for. A disk session and a
# flight recorder run beside each other. Writes results/churn.csv and prints its table; ends with 1
# when an event is missing.
#
#   JVMS=3000 SECONDS_IN_ALL=3600 bench/churn.sh
set -u
. "$(dirname "$0")/lib.sh"
jvms=${JVMS:-3000} seconds=${SECONDS_IN_ALL:-3600} events=100
rings=$(mktemp -d /dev/shm/contrail-bench.XXXXXX)
trap 'end_daemon; wait; rm -rf "$work" "$rings"' EXIT
trap 'exit 130' INT TERM
jdk=$(jdk_home)
tracer=$("$contrail" agent)
samples=$(echo "$here"/../samples/target/samples-*.jar)
export CONTRAIL_RING_DIRECTORY=$rings
"$contrail" create disk -o "$work/trace" >/dev/null && "$contrail" enable-event -u 'count:*' >/dev/null &&
    "$contrail" enable-event -j -a >/dev/null && "$contrail" start >/dev/null &&
    "$contrail" create flight --snapshot >/dev/null && "$contrail" enable-event -u 'count:*' >/dev/null &&
    "$contrail" enable-event -j -a >/dev/null && "$contrail" start >/dev/null || exit 3
daemon=$(daemon_pid)
out=$results/churn.csv
echo "# $(machine); $jvms JVMs of $events events in $seconds s; a disk session and a flight recorder, each with -u and -j" >"$out"
echo "jvms,resident_mib,descriptors,mappings,threads,rings" >>"$out"
look() {
    echo "$1,$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$daemon/status"),$(ls "/proc/$daemon/fd" | wc -l),$(wc -l <"/proc/$daemon/maps"),$(ls "/proc/$daemon/task" | wc -l),$(find "$rings" -name "*.ring" | grep -c ring)" >>"$out"
}
look 0
from=$(date +%s%N)
for n in $(seq "$jvms"); do
    "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-javaagent:$tracer" -cp "$samples" \
        dev.contrail.samples.count.Counting "$work/count" 1 "$events" 0 >/dev/null || exit 1
    [ $((n % 100)) != 0 ] || look "$n"
    ahead=$(((n * seconds * 1000 / jvms) - ($(date +%s%N) - from) / 1000000))
    [ "$ahead" -lt 1 ] || sleep "$((ahead / 1000)).$(printf %03d $((ahead % 1000)))"
done
sleep 5
look "$jvms"
"$contrail" stop disk >/dev/null
account() { "$contrail" status 2>/dev/null | sed -n 's/,//g; s/.*User space: .*; \([0-9]*\) recorded.*/\1/p'; }
"$contrail" set-session flight >/dev/null
recorded=$(account)
stored=$("$contrail" convert "$work/trace" | grep -c 'count:tick')
echo "# emitted $((jvms * events)); flight recorder: $recorded recorded; disk: $stored stored" >>"$out"
sed -n 's/^# //p' "$out"
printf '\n| JVMs so far | resident, MiB | descriptors | mappings | threads | rings of ended JVMs |\n|---|---|---|---|---|---|\n'
grep '^[0-9]' "$out" | awk -F, -v every=$((jvms / 10)) '$1 % every == 0 { printf "| %s | %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5, $6 }'
[ "$stored" = $((jvms * events)) ] && [ "$recorded" = $((jvms * events)) ]
