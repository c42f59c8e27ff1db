#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long it takes to connect to a relay in another network namespace until it has answered the first
# request: plain, by TLS and token with nothing known of an earlier connection, and resumed. Prints a
# line a way and round: the median of some hundred connections. Root.
#
#   ROUNDS=3 TIMES=300 bench/connect.sh      (half a minute)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-3} times=${TIMES:-300} address=10.213.77.6
far= relay=
trap 'end_relay; ip netns del "$far" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
far_network 10.213.77.5 "$address"
there() { ip netns exec "$far" env LTTNG_RUNDIR="$work/relay-run" LTTNG_HOME="$work/relay-home" HOME="$work/relay-home" "$contrail" relayd "$@"; }
start_relay() { # its options
    there -d "$@" -C "tcp://$address:0" -D "tcp://$address:0" -L "tcp://$address:0" \
        -o "$work/out" --pidfile "$work/relayd.pid" >/dev/null 2>&1 || exit 3
    relay=$(cat "$work/relayd.pid")
    port=$(cat "$work/relay-run/relayd/live.port")
}
connect() { "$jdk/bin/java" -XX:+UseSerialGC -cp "$work/classes" dev.contrail.bench.relay.ConnectTime "$address" "$port" "$times" "$@" || exit 3; }
relay_classes
mkdir -p "$work/relay-run" "$work/relay-home"
machine
token=$(there --enrol bench 2>/dev/null | head -n 1)
for _ in $(seq "$rounds"); do
    start_relay --plain $address
    connect
    end_relay
    start_relay
    connect "$token"
    end_relay
done
