#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks for inputs that break the readers of TSDL, CTF 2 metadata, packets and indexes, and of what
# is said to and by a relay, guided by coverage, each for so many minutes in a JVM of its own. Inputs
# that reached something new go on from run to run in ROOM/.cifuzz-corpus, which begins with those
# that FoundInputsTest and FoundMessagesTest replay; one that breaks something is said with its file:
# it belongs below ROOM/src/test/resources, where every test run replays it. After minutes
# results/fuzz-TARGET.txt says which branches and lines were reached, file by file, and the inputs
# that reach all of them replace those that are replayed.
#
# Ends with the number of targets that broke.
#
#   MINUTES=30 bench/fuzz.sh [TARGET…]      (MINUTES=0: 20 seconds each)
set -u
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$work"' EXIT
cd "$here/.." || exit 3
JAVA_HOME=$(jdk_home)
export JAVA_HOME
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
seconds=$((${MINUTES:-30} * 60))
[ "$seconds" -gt 0 ] || seconds=20
[ $# -gt 0 ] || set -- tsdl ctf2 packets index relayServer relayClient liveServer liveClient
mvn -B -ntp -q -pl ctf,wire -am test-compile >"$work/build" 2>&1 &&
    mvn -B -ntp -q -pl ctf dependency:build-classpath -Dmdep.includeScope=test \
        -Dmdep.outputFile="$work/libraries" >>"$work/build" 2>&1 || { cat "$work/build" >&2; exit 3; }
fuzz() { # options and folders, for the present target
    "$JAVA_HOME/bin/java" -cp "$room/target/classes:$room/target/test-classes:$(cat "$work/libraries")" \
        --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -XX:+EnableDynamicAgentLoading \
        com.code_intelligence.jazzer.Jazzer --target_class="$class" --target_method="$target" \
        --reproducer_path="$work" "$@"
}
status=0
for target in "$@"; do
    case $target in
        relay* | live*) room=wire class=dev.contrail.wire.MessageFuzzTest ;;
        *) room=ctf class=dev.contrail.ctf.decode.FormatFuzzTest ;;
    esac
    corpus=$here/../$room/.cifuzz-corpus
    inputs=$here/../$room/src/test/resources/${class//.//}Inputs
    found=$inputs/../FoundInputs/$target.zip.gz
    mkdir -p "$inputs/$target" "$(dirname "$found")"
    if [ ! -d "$corpus/$target" ] && mkdir -p "$corpus/$target" && [ -f "$found" ]; then
        gzip -dc "$found" >"$work/found.zip" && (cd "$corpus/$target" && "$JAVA_HOME/bin/jar" -xf "$work/found.zip")
    fi
    fuzz --coverage_report="$work/lines" -artifact_prefix="$corpus/found-$target-" -max_total_time="$seconds" \
        -print_final_stats=1 "$corpus/$target" "$inputs/$target" >"$work/log" 2>&1 || {
        status=$((status + 1))
        grep -A 40 '== Java Exception' "$work/log" || tail -n 40 "$work/log"
    }
    echo "$target: $(grep -c . <(find "$corpus/$target" -type f)) inputs kept; $(grep -o 'cov: [0-9]* ft: [0-9]*' "$work/log" | tail -n 1)" \
        "(branches and features); $(sed -n 's/^Done \(.*\) second.*/\1 s/p; s/^stat::number_of_executed_units: *\(.*\)/\1 runs/p' "$work/log" | tail -n 1)"
    [ "$seconds" = 20 ] && continue
    grep -v 'Test\.java\|: 0/' "$work/lines" >"$results/fuzz-$target.txt"
    [ "$status" = 0 ] || continue
    mkdir "$work/least"
    fuzz -merge=1 "$work/least" "$corpus/$target" "$inputs/$target" >>"$work/log" 2>&1 &&
        "$JAVA_HOME/bin/jar" -c0Mf "$work/least.zip" -C "$work/least" . &&
        gzip -9nc "$work/least.zip" >"$found"
    rm -r "$work/least"
done
exit $status
