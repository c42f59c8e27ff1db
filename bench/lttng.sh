#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command under the real LTTng, which records all java.util.logging events in memory: HOME
# COMMAND... To be started in mount and network namespaces of its own (unshare -m -n), as root. Used
# by event-cost.sh and web.sh.
set -u
unset LTTNG_RUNDIR
export LTTNG_HOME=$1
ip link set lo up && mkdir -p /var/run/lttng && mount -t tmpfs none /var/run/lttng &&
    lttng-sessiond --daemonize --no-kernel >/dev/null 2>&1 || exit 3
trap 'lttng -q destroy -a; kill "$(cat /var/run/lttng/lttng-sessiond.pid)"' EXIT
{ lttng create bench --snapshot && lttng enable-event -j -a && lttng start; } >/dev/null 2>&1 || exit 3
"${@:2}"
