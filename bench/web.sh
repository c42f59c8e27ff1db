#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a web application (Tomcat, two log lines a request to a file) keeps of its throughput, and pays
# in CPU, while it is recorded: by contrail in memory (logs; logs, failures and JFR's default events),
# by JFR's profile 'profile', by LTTng's Java agent (logs), by OpenTelemetry's agent. Writes
# results/web.csv and prints its table.
#
#   ROUNDS=5 SECONDS_EACH=10 bench/web.sh      (twelve minutes)
#
# Peers, each left out when missing: lttng-tools and liblttng-ust-agent-java (root, unshare), and the
# OpenTelemetry agent, which the build of guests fetches.
set -u
jni=$(dirname "$(ls /usr/lib/*/jni/liblttng-ust-jul-jni.so 2>/dev/null | head -n 1)" 2>/dev/null)
agent=/usr/share/java/lttng-ust-agent-jul.jar:/usr/share/java/lttng-ust-agent-common.jar

# Starts the shop and asks it: DIRECTORY SECONDS JAVA CLASSPATH HANDLER [OPTION...]
if [ "${1:-}" = --load ]; then
    directory=$2 seconds=$3 java=$4 classes=$5 handler=$6
    shift 6
    mkdir -p "$directory"
    "$java" "$@" -Xmx512m -cp "$classes" dev.contrail.bench.web.WebShop "$directory" ${handler:+"$handler"} >"$directory/port" 2>"$directory/said" &
    shop=$!
    # OpenTelemetry prints its spans there too.
    port() { grep -m 1 -x '[0-9]*' "$directory/port"; }
    for _ in $(seq 600); do [ -n "$(port)" ] && break; sleep 0.1; done
    "$java" -Xmx256m -cp "$classes" dev.contrail.bench.web.WebLoad "$(port)" "$shop" 8 "$seconds"
    kill "$shop"
    wait "$shop" 2>/dev/null
    rm -rf "$directory"
    exit 0
fi

. "$(dirname "$0")/lib.sh"
trap 'end_daemon; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rounds=${ROUNDS:-5}
seconds=${SECONDS_EACH:-10}
recorded=$here/target/recorded
[ -d "$recorded" ] || { echo "Error: $recorded is missing: build with mvn package" >&2; exit 3; }
libraries=$(printf '%s:' "$recorded"/tomcat-*.jar)
tracer_classes "$here"/src/main/java/dev/contrail/bench/web/*.java
java=$jdk/bin/java
classes=$work/classes:$libraries
otel=$here/../guests/target/agents/opentelemetry-javaagent.jar

out=$results/web.csv
echo "# $(machine); $rounds rounds of $seconds s with 8 connections, in turns; $(lttng --version 2>/dev/null)" >"$out"
echo "round,what,requests,cpu,p50,p99" >>"$out"
load() { # what, handler, options of the JVM
    echo "$round,$1,$("$0" --load "$work/shop" "$seconds" "$java" "$classes" "${@:2}" | tr ' ' ,)" | tee -a "$out" >&2
}
ours() { # what, session, rules
    "$contrail" create "$1" --snapshot >/dev/null
    "$contrail" enable-event -j -a >/dev/null
    [ "$1" = logs ] || { "$contrail" enable-event -u 'jvm:*' && "$contrail" enable-event -u --jfr default; } >/dev/null
    "$contrail" start >/dev/null
    load "$1" '' "-javaagent:$tracer"
    "$contrail" status | sed -n 's/^ *\(.*discarded\)/# '"$1"': \1/p' >>"$out"
    "$contrail" destroy >/dev/null
}
"$contrail" sessiond --background --no-kernel >/dev/null || exit 3
for round in $(seq "$rounds"); do
    LTTNG_RUNDIR=$work/nobody load none ''
    ours logs
    ours all
    LTTNG_RUNDIR=$work/nobody load jfr '' -XX:StartFlightRecording:settings=profile,maxsize=16m -Xlog:jfr*=off
    if [ -n "$jni" ] && [ "$(id -u)" = 0 ] && command -v lttng-sessiond >/dev/null; then
        line=$(unshare -m -n "$here/lttng.sh" "$work" "$0" --load "$work/shop" "$seconds" "$java" "$classes:$agent" \
            org.lttng.ust.agent.jul.LttngLogHandler "-Djava.library.path=$jni" --enable-native-access=ALL-UNNAMED)
        echo "$round,lttng,${line// /,}" | tee -a "$out" >&2
    fi
    [ ! -f "$otel" ] || LTTNG_RUNDIR=$work/nobody load otel '' "-javaagent:$otel" -Dotel.traces.exporter=console \
        -Dotel.metrics.exporter=none -Dotel.logs.exporter=none
done

sed -n 's/^# //p' "$out" | sort -u
value() { awk -F, -v w="$1" -v c="$2" '$2 == w { print $c }' "$out" | median; }
row() { # title, what
    echo "$(value "$2" 3) $(value none 3) $(value "$2" 4) $(value none 4) $(value "$2" 5) $(value "$2" 6)" |
        awk -v title="$1" 'NF == 6 { printf "| %s | %.0f | %.2f | %.0f | %.2f | %d / %d |\n", title, $1, $1 / $2, $3, $3 / $4, $5, $6 }'
}
echo
echo "| recorded | requests/s | kept | CPU of the server, us a request | x none | latency p50 / p99, us |"
echo "|---|---|---|---|---|---|"
row "nothing" none
row "contrail: logs" logs
row "contrail: logs, failures and JFR's default" all
row "JFR's profile" jfr
row "LTTng's Java agent: logs" lttng
row "OpenTelemetry's agent: spans to its console exporter" otel
