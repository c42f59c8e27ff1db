#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks for inputs that break the readers of TSDL, CTF 2 metadata, packets and indexes, guided by
# coverage. Found inputs go on from run to run in ctf/.cifuzz-corpus; one that breaks something is
# kept below ctf/src/test/resources, where every test run replays it.
#
#   MINUTES=30 bench/fuzz.sh [tsdl ctf2 packets index]      (MINUTES=0: 20 seconds each)
set -u
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$work"' EXIT
cd "$here/.." || exit 3
JAVA_HOME=$(jdk_home)
export JAVA_HOME
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
minutes=${MINUTES:-30}
[ $# -gt 0 ] || set -- tsdl ctf2 packets index
status=0
for target in "$@"; do
    end=$(($(date +%s) + minutes * 60))
    while :; do
        JAZZER_FUZZ=1 mvn -B -ntp -pl ctf -am test -Dtest="FormatFuzzTest#$target" \
            -Dsurefire.failIfNoSpecifiedTests=false >ctf/target/fuzz.log 2>&1 || { status=1; break; }
        [ "$(date +%s)" -lt "$end" ] || break
    done
    echo "$target: $(grep -h 'DONE\|== Java' ctf/target/fuzz.log ctf/target/surefire-reports/*FormatFuzzTest*.txt 2>/dev/null | tail -n 1)"
done
exit $status
