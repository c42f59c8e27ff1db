#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Races in the ring: the jcstress tests in about two minutes. Status 1 when a test failed.
#
#   bench/stress.sh            quick, two iterations (MODE=sanity: 20 s; quick: 4 min; default, tough)
#   bench/stress.sh Commit     only the tests whose name has it
set -u
cd "$(dirname "$0")/.." || exit 3
for home in "${CONTRAIL_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    grep -qs '^JAVA_VERSION="\(2[5-9]\|[3-9]\)' "$home/release" && break
done
[ -x "$home/bin/java" ] || { echo "Error: no JDK 25 found" >&2; exit 3; }

tracer=$(ls tracer/target/tracer-*-SNAPSHOT.jar 2>/dev/null | head -n 1)
if [ -z "$tracer" ] || [ ! -f bench/target/classes/META-INF/TestList ] || [ ! -d bench/target/jcstress ]; then
    echo "Building the stress tests…" >&2
    JAVA_HOME=$home mvn -q -B -ntp -pl bench -am -Dmaven.test.skip=true package >&2 || exit 3
    tracer=$(ls tracer/target/tracer-*-SNAPSHOT.jar | head -n 1)
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/contrail-stress.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# Copies: jcstress starts many JVMs, and a build may replace the jars meanwhile.
mkdir "$work/lib" "$work/rings" && cp -r bench/target/classes "$work/classes" && cp bench/target/jcstress/*.jar "$tracer" "$work/lib" || exit 3
path="$work/classes:$(ls "$work"/lib/*.jar | paste -sd :)"
# Two of quick's five iterations, both actors compiled alike, to stay within two minutes on two CPUs.
[ -n "${MODE:-}" ] && iterations= || iterations="-iters 2 -sc false"
(cd "$work" && CONTRAIL_RING_DIRECTORY=$work/rings exec "$home/bin/java" -cp "$path" org.openjdk.jcstress.Main \
    -m "${MODE:-quick}" $iterations -r "$work/report" ${1:+-t "$1"}) >"$work/log" 2>&1
status=$?
grep -E '^ *(Results|RESULTS|OK|FAILED|ERROR|FAIL|TIMEOUT)|Exception|\[(FAILED|ERROR|TIMEOUT)\]|FORBIDDEN' "$work/log" | sort | uniq -c | sort -rn | head -n 40
summary=$(grep -o '[0-9,]* planned; [0-9,]* passed, [0-9,]* failed, [0-9,]* soft errs, [0-9,]* hard errs' "$work/log" | tail -n 1)
echo "jcstress (${MODE:-quick}): ${summary:-no summary}"
case $summary in
    *" 0 failed, 0 soft errs, 0 hard errs") [ "$status" = 0 ] ;;
    *) tail -n 60 "$work/log"; exit 1 ;;
esac
