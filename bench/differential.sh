#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reads random traces, right and wrong ones, beside babeltrace2 2.0.4, in one thread of low priority,
# and says each new difference with its seed and the least metadata that shows it. What is in
# docs/differences.md is none; how often each of its rows gave the reason is said at the end.
# Of traces of CTF 2, which babeltrace2 2.0.4 cannot read, it reads the copies in CTF 1.8.
#
# Ends with the number of differences, at most 100.
#
#   MINUTES=20 SEED=1 bench/differential.sh [RIGHT GRAMMAR EDITED TIMES DAMAGED VERSIONS CTF2 ODD_CTF2 INDEXES]
set -u
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$work"' EXIT
cd "$here/.." || exit 3
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is not installed" >&2; exit 3; }
JAVA_HOME=$(jdk_home)
export JAVA_HOME
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
mvn -B -ntp -q -pl analysis -am test-compile >"$work/build" 2>&1 || { cat "$work/build" >&2; exit 3; }
cd analysis || exit 3
nice -n 15 "$JAVA_HOME/bin/java" -ea -Xmx300m -XX:+UseSerialGC -XX:ActiveProcessorCount=1 \
    -cp target/test-classes:target/classes:../ctf/target/classes:../tracer/target/classes \
    dev.contrail.analysis.peer.DifferentialFuzz "$((${MINUTES:-20} * 60))" "${SEED:-$RANDOM$RANDOM}" "$@"
