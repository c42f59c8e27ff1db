# SPDX-License-Identifier: Apache-2.0
# Sourced by the measuring scripts: a private daemon, what machine this is, medians.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
contrail=${CONTRAIL:-$here/../contrail}
results=${RESULTS:-$here/results}
work=$(mktemp -d "${TMPDIR:-/tmp}/contrail-bench.XXXXXX")
chmod 755 "$work"
mkdir -p "$results" "$work/run" "$work/home"
export LTTNG_RUNDIR=$work/run LTTNG_HOME=$work/home LC_ALL=C

# Build first, so that no measured command does.
"$contrail" version >/dev/null || exit 3
export CONTRAIL_NO_BUILD=1

daemon_pid() { cat "$work/run/sessiond.pid" 2>/dev/null; }

# Ends our daemon and removes what it leaves; called by each script's trap.
end_daemon() {
    local pid session
    pid=$(daemon_pid)
    [ -n "$pid" ] || return 0
    # A daemon leaves its sessions to its successor: destroy them first.
    "$contrail" list 2>/dev/null | sed -n 's/^ *[0-9]*) \([^ ]*\) .*/\1/p' | while read -r session; do
        "$contrail" destroy "$session" >/dev/null 2>&1
    done
    kill "$pid" 2>/dev/null
    for _ in $(seq 50); do [ -d "/proc/$pid" ] || return 0; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null
}

jdk_home() {
    local home
    for home in "${CONTRAIL_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        grep -qs '^JAVA_VERSION="\(2[5-9]\|[3-9]\)' "$home/release" && { echo "$home"; return; }
    done
    echo "Error: no JDK 25 found" >&2
    return 1
}

# One line: what was measured where.
machine() {
    printf '%s, %s CPUs, %s MiB, Linux %s, JDK %s, %s\n' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" "$(uname -r)" \
        "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$(jdk_home)/release")" "$(date -u +%F)"
}

# The median of the numbers on standard input.
median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# CPU seconds of a process and its children, dead (and waited for) or alive.
cpu_seconds() {
    local children
    children=$(cat /proc/"$1"/task/*/children 2>/dev/null)
    # The name may hold blanks: count fields after the last parenthesis.
    for pid in $children; do sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | awk '{ print $12 + $13 }'; done |
        awk -v own="$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '{ print $12 + $13 + $14 + $15 }')" \
            -v hz="$(getconf CLK_TCK)" '{ own += $1 } END { printf "%.2f\n", own / hz }'
}

# Compiles the programs that make and read traces, beside ctf, for `"$jdk/bin/java" -cp "$work/classes"`.
reader_classes() {
    jdk=$(jdk_home) || exit 3
    mkdir "$work/classes"
    (cd "$work/classes" && "$jdk/bin/jar" xf "$here"/../ctf/target/ctf-*.jar dev)
    "$jdk/bin/javac" -cp "$work/classes" -d "$work/classes" "$here"/src/main/java/dev/contrail/bench/reader/*.java || exit 3
}

# Compiles the programs in these files, which record and use $libraries, for `"$jdk/bin/java" -cp "$work/classes:$tracer"`.
tracer_classes() {
    jdk=$(jdk_home) || exit 3
    tracer=$("$contrail" agent) || exit 3
    mkdir "$work/classes"
    "$jdk/bin/javac" -parameters -cp "$tracer${libraries:+:$libraries}" -d "$work/classes" "$@" || exit 3
}

# Compiles the producers of relays, beside ctf and wire, for `"$jdk/bin/java" -cp "$work/classes"`.
relay_classes() {
    jdk=$(jdk_home) || exit 3
    mkdir "$work/classes"
    local room
    for room in ctf wire; do (cd "$work/classes" && "$jdk/bin/jar" xf "$here"/../$room/target/$room-*-SNAPSHOT.jar dev); done
    "$jdk/bin/javac" -cp "$work/classes" -d "$work/classes" "$here"/src/main/java/dev/contrail/bench/relay/*.java || exit 3
}

# Makes the network namespace $far, which has the second address, and this one the first; for a trap:
# `ip netns del "$far"`. Root.
far_network() {
    far=contrail-bench-$$
    ip netns add "$far" && ip link add "cb$$" type veth peer name far netns "$far" &&
        ip address add "$1/30" dev "cb$$" && ip link set "cb$$" up &&
        ip -n "$far" address add "$2/30" dev far && ip -n "$far" link set far up && ip -n "$far" link set lo up || exit 3
}

# Ends the relay daemon $relay, if there is one.
end_relay() {
    [ -z "$relay" ] && return
    kill "$relay" 2>/dev/null
    for _ in $(seq 100); do [ -d "/proc/$relay" ] || break; sleep 0.1; done
    relay=
}

# A port that is free now.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
