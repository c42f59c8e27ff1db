#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the tracer an artifact for other builds, dev.contrail:tracer: jar, sources, Javadoc, and a pom
# that needs no other. It goes into this user's local repository, where Maven and Gradle's mavenLocal()
# find it, or into REPOSITORY: a directory, or ID::URL as Maven's deploy plugin has it.
#
#   bench/artifact.sh [REPOSITORY]      (half a minute; the first time Maven fetches its plugins)
#
# It builds a copy of the sources: no jar that a program has open is touched.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

home=
for candidate in "${CONTRAIL_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -z "$home" ] && grep -qs '^JAVA_VERSION="25' "$candidate/release" && [ -x "$candidate/bin/javadoc" ]; then
        home=$candidate
    fi
done
if [ -z "$home" ]; then
    echo "Error: no JDK 25 found (looked at CONTRAIL_JAVA_HOME, JAVA_HOME, /usr/lib/jvm)." >&2
    exit 3
fi
export JAVA_HOME="$home"
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"

case ${1:-} in
    '') goal=(install) ;;
    *::*) goal=(deploy -Dmaven.install.skip=true "-DaltDeploymentRepository=$1") ;;
    *)
        mkdir -p "$1"
        goal=(deploy -Dmaven.install.skip=true "-DaltDeploymentRepository=contrail::file://$(cd "$1" && pwd -P)")
        ;;
esac

work=$(mktemp -d "${TMPDIR:-/tmp}/contrail-artifact.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/tracer"
cp "$here/../pom.xml" "$work"
cp -R "$here/../tracer/pom.xml" "$here/../tracer/src" "$work/tracer"
mvn -q -B -f "$work/tracer/pom.xml" -Prelease -Dmaven.test.skip=true "${goal[@]}"
