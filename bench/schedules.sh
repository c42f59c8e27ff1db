#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Explores schedules of the daemon's locks and queues: each program `…Schedule` among recorder's
# tests runs again and again under Fray, which decides at each lock, queue and atomic value who goes
# on. Ends with the number of programs of which one run did not hold, or did not end; what Fray says
# of it is below bench/target/schedules/NAME, with a recording that it can replay. Status 4: Fray is
# not to be had. Plain memory is not explored: that is bench/stress.sh.
#
#   ITERATIONS=200 bench/schedules.sh [NAME...]      such as Worker, for WorkerSchedule
set -u
cd "$(dirname "$0")/.." || exit 3
for home in "${CONTRAIL_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    grep -qs '^JAVA_VERSION="25' "$home/release" && break
done
[ -x "$home/bin/jlink" ] || { echo "Error: no JDK 25 found" >&2; exit 3; }
[ "$(uname -m)" = x86_64 ] || { echo "Fray's agent is for x86-64 only" >&2; exit 4; }
export JAVA_HOME=$home
work=$PWD/bench/target/schedules

if [ -z "${CONTRAIL_NO_BUILD:-}" ] || [ ! -d recorder/target/test-classes ]; then
    mvn -q -B -ntp -pl recorder -am test-compile >&2 || exit 3
fi
if [ ! -x "$work/java/bin/java" ]; then
    echo "Preparing a run-time image for Fray…" >&2
    rm -rf "$work" && mkdir -p "$work"
    mvn -q -B -ntp -f bench/schedules/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
        -DoutputDirectory="$work/lib" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; exit 4; }
    (cd "$work" && "$home/bin/jar" xf lib/fray-jvmti-linux-*.jar libjvmti.so) || exit 3
    path=$(ls "$work"/lib/*.jar | grep -v 'agent\|jvmti' | paste -sd :)
    "$home/bin/jlink" "-J-javaagent:$(ls "$work"/lib/fray-instrumentation-jdk-*.jar)" "-J--module-path=$path" \
        -J--add-modules=org.pastalab.fray.instrumentation.jdk "-J--class-path=$path" --fray-instrumentation \
        --add-modules=java.base,java.instrument,java.logging,java.management,java.rmi,jdk.net,jdk.unsupported \
        --output="$work/java" >"$work/log" 2>&1 || { cat "$work/log" >&2; rm -rf "$work/java"; exit 3; }
fi

path=$(ls "$work"/lib/*.jar | grep -v 'agent\|jvmti' | paste -sd :)
rooms=$(ls -d "$PWD"/{recorder,ctf,wire,tracer}/target/classes | paste -sd :)
status=0
for source in $(cd recorder/src/test/java && find . -name '*Schedule.java' | sort); do
    class=${source#./} class=${class%.java} name=${class##*/} name=${name%Schedule}
    [ $# = 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
    rm -rf "${work:?}/$name"
    "$work/java/bin/java" -ea "-javaagent:$(ls "$work"/lib/fray-instrumentation-agent-*.jar)" "-agentpath:$work/libjvmti.so" \
        --enable-native-access=ALL-UNNAMED -cp "$path:$rooms:$PWD/recorder/target/test-classes" \
        --add-opens=java.base/{java.lang,java.lang.reflect,java.io,java.util,java.util.concurrent.atomic,sun.nio.ch}=ALL-UNNAMED \
        org.pastalab.fray.core.MainKt --run-config cli --clazz "${class//\//.}" --method main --scheduler pos \
        --iter "${ITERATIONS:-200}" --timeout 300 -o "$work/$name" >"$work/log" 2>&1
    if grep -q 'Run finished\. Total iter:' "$work/$name/fray.log" && ! grep -q '\[INFO\]: Error' "$work/$name/fray.log"; then
        echo "$name: $(sed -n 's/.*Run finished\. Total iter: \([0-9]*\), Elapsed time: \([0-9]*\)ms.*Covered timelines: \([0-9]*\).*/\1 runs, \3 different, \2 ms/p' "$work/$name/fray.log")"
    else
        status=$((status + 1))
        echo "$name: does not hold"
        tail -n 60 "$work/$name/fray.log" 2>/dev/null || cat "$work/log"
    fi
done
exit $status
