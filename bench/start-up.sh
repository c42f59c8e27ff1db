#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long a command takes, a daemon to be ready, and what the agent adds to a JVM's start; beside
# the real lttng where that runs. Writes results/start-up.csv and prints its table.
#
#   ROUNDS=21 bench/start-up.sh      (about two minutes)
#
# As peer, as root: lttng-tools, unshare. Its daemon gets mount and network namespaces of its own.
set -u
if [ "$(id -u)" = 0 ] && command -v lttng-sessiond >/dev/null && [ "${1:-}" != --inside ] &&
    unshare -m -n true 2>/dev/null; then
    exec unshare -m -n "$0" --inside
fi
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-21}
peer() { (unset LTTNG_RUNDIR; exec "$@"); }
end_peer() {
    [ -z "$has_peer" ] || ! [ -f /var/run/lttng/lttng-sessiond.pid ] || {
        pid=$(cat /var/run/lttng/lttng-sessiond.pid)
        kill "$pid" 2>/dev/null
        while [ -d "/proc/$pid" ]; do sleep 0.1; done
    }
}
trap 'end_daemon; end_peer; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
has_peer=
if [ "${1:-}" = --inside ]; then
    ip link set lo up && mkdir -p /var/run/lttng && mount -t tmpfs none /var/run/lttng && has_peer=yes
fi
jdk=$(jdk_home)
tracer=$("$contrail" agent)
mkdir "$work/classes"
printf 'class Hello { public static void main(String[] a) { System.out.println("hello"); } }\n' >"$work/classes/Hello.java"
"$jdk/bin/javac" -d "$work/classes" "$work/classes/Hello.java" || exit 3
# What any agent costs: java.lang.instrument and, with it, a part of the JDK's own start-up archive.
mkdir "$work/empty"
printf 'class Empty { public static void premain(String options) {} }\n' >"$work/empty/Empty.java"
"$jdk/bin/javac" -d "$work/empty" "$work/empty/Empty.java" && printf 'Premain-Class: Empty\n' >"$work/empty/manifest" &&
    "$jdk/bin/jar" -c -f "$work/empty.jar" -m "$work/empty/manifest" -C "$work/empty" Empty.class || exit 3

out=$results/start-up.csv
echo "# $(machine); $rounds rounds, in turns; $(lttng --version 2>/dev/null)" >"$out"
echo "round,what,wall_ms,cpu_ms" >>"$out"
TIMEFORMAT='%R %U %S'
timed() { # name, command
    local name=$1 line
    shift
    line=$({ time "$@" >/dev/null 2>"$work/error"; } 2>&1) || { cat "$work/error" >&2; exit 1; }
    [ "$round" = 0 ] || echo "$line" | awk -v head="$round,$name" '{ printf "%s,%.0f,%.0f\n", head, $1 * 1000, ($2 + $3) * 1000 }' >>"$out"
}
for round in $(seq 0 5); do
    timed "contrail create (starts the daemon)" "$contrail" create one --snapshot
    end_daemon
    if [ -n "$has_peer" ]; then
        timed "lttng create (starts the daemon)" peer lttng create one --snapshot
        peer lttng -q destroy -a
        end_peer
    fi
done
"$contrail" create one --snapshot >/dev/null || exit 3
"$contrail" enable-event -u 'no:such' >/dev/null && "$contrail" start >/dev/null
[ -z "$has_peer" ] || peer lttng -q create one --snapshot
for round in $(seq 0 "$rounds"); do
    timed "contrail list" "$contrail" list
    [ -z "$has_peer" ] || timed "lttng list" peer lttng list
    timed "hello world" "$jdk/bin/java" -cp "$work/classes" Hello
    timed "hello world with an agent that does nothing" "$jdk/bin/java" "-javaagent:$work/empty.jar" -cp "$work/classes" Hello
    timed "hello world with the agent (daemon running)" "$jdk/bin/java" "-javaagent:$tracer" -cp "$work/classes" Hello
    LTTNG_RUNDIR=$work/nobody timed "hello world with the agent (no daemon)" "$jdk/bin/java" "-javaagent:$tracer" -cp "$work/classes" Hello
done

sed -n 's/^# //p' "$out"
printf '\n| what | wall | CPU |\n|---|---|---|\n'
grep -v '^#\|^round' "$out" | cut -d , -f 2- | sed 's/,\([0-9]*\),\([0-9]*\)$/|\1|\2/' | awk -F'|' '!($1 in seen) { seen[$1]; print $1 }' |
    while read -r what; do
        of() { grep -F ",$what," "$out" | awk -F, -v back="$1" '{ print $(NF - back) }' | median; }
        printf '| %s | %.0f ms | %.0f ms |\n' "$what" "$(of 1)" "$(of 0)"
    done
