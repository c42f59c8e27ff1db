#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How fast a session daemon sends what has waited for its relay, between two network namespaces: plain,
# by TLS, and acknowledged when it is durable; and on one machine by loopback. Events of a JVM wait
# while no relay runs, then one is started. Prints a line a run: way, events, seconds until the relay
# has acknowledged all, events/s, MB/s of what is stored, bytes an event on the wire, CPU seconds of
# relay and session daemon. Root.
#
#   ROUNDS=3 EVENTS=3000000 bench/catch-up.sh      (five minutes)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-3} events=${EVENTS:-3000000}
jdk=$(jdk_home) || exit 3
tracer=$("$contrail" agent)
samples=$(echo "$here"/../samples/target/samples-*.jar)
far= relay=
trap 'end_relay; end_daemon; ip netns del "$far" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
far_network 10.213.77.1 10.213.77.2
there() { # runs the relay's command in its place, with its own run directory and home
    if [ "$way" = loopback ]; then where=; else where="ip netns exec $far"; fi
    $where env LTTNG_RUNDIR="$work/relay-run" LTTNG_HOME="$work/relay-home" HOME="$work/relay-home" "$contrail" relayd "$@"
}
start_relay() {
    there -d $listen -C "tcp://$address:5342" -D "tcp://$address:5343" -L "tcp://$address:5344" \
        -o "$work/out" --pidfile "$work/relayd.pid" >/dev/null 2>&1 || exit 3
    relay=$(cat "$work/relayd.pid")
}
wire() { # bytes
    if [ "$way" = loopback ]; then awk '/ lo:/ { print $2 }' /proc/net/dev; else cat "/sys/class/net/cb$$/statistics/tx_bytes"; fi
}
machine
for _ in $(seq "$rounds"); do
    for way in loopback plain synced tls; do
        end_daemon
        rm -rf "$work/out" "$work/relay-run" "$work/relay-home" "$work/run"/* "$work/home"
        mkdir -p "$work/out" "$work/relay-run" "$work/relay-home" "$work/home"
        address=10.213.77.2 listen= ack= url=net://$address:5342:5343
        case $way in
            loopback) address=127.0.0.1 url=net://127.0.0.1:5342:5343 ;;
            plain) listen="--plain $address" ;;
            synced) listen="--plain $address" ack=--ack=synced ;;
            tls) url=net://$(there --enrol bench 2>/dev/null | head -n 1)@$address:5342:5343 ;;
        esac
        start_relay
        "$contrail" create waits -U "$url" $ack >/dev/null || exit 3
        "$contrail" enable-channel -u --subbuf-size 256k --num-subbuf 16 chan >/dev/null
        "$contrail" enable-event -u -c chan 'count:*' >/dev/null && "$contrail" start >/dev/null || exit 3
        sleep 1
        end_relay
        rm -f "$work/counts"
        "$jdk/bin/java" -XX:+UseSerialGC "-javaagent:$tracer" -cp "$samples" \
            dev.contrail.samples.count.Counting "$work/counts" 1 "$events" 2000 >/dev/null
        "$contrail" stop --no-wait >/dev/null 2>&1
        daemon=$(daemon_pid)
        before=$(wire) cpu=$(cpu_seconds "$daemon")
        start_relay
        from=$(date +%s%N)
        "$contrail" destroy waits >"$work/destroyed" 2>&1 || cat "$work/destroyed"
        took=$(($(date +%s%N) - from))
        bytes=$(($(wire) - before))
        stored=$(du -sb "$work/out" | cut -f1)
        echo "$way $events $took $bytes $stored $(cpu_seconds "$relay") $(cpu_seconds "$daemon") $cpu" |
            awk '{ s = $3 / 1e9; printf "%s: %d events, %.2f s, %.0f events/s, %.0f MB/s, %.1f bytes an event on the wire (%.1f stored), CPU s: relay %.2f, session daemon %.2f\n", $1, $2, s, $2 / s, $5 / s / 1e6, $4 / $2, $5 / $2, $6, $7 - $8 }'
        end_relay
    done
done
