#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long a snapshot takes: the command, and in the daemon the CPU time of all and the copy alone,
# for buffers of 1, 16 and 256 MiB (sub-buffer size × count × CPUs; one JVM). Recording goes on meanwhile. Writes
# results/snapshot-time.csv and prints its table. The copy is timed by the daemon's JDK (JFR's method
# trace, JEP 520).
#
#   ROUNDS=5 SIZES="1 16 256" bench/snapshot-time.sh      (one minute; the kernel's part as root)
set -u
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5} sizes=${SIZES:-1 16 256}
filling=
cleanup() {
    exec 9>&-
    end_daemon
    wait
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
tracer_classes "$here"/src/main/java/dev/contrail/bench/event/{FillRing,HotEvents}.java

filter='dev.contrail.kernel.KernelRing::capture;dev.contrail.recorder.jvm.ring.JvmRing::capture'
"$contrail" sessiond >"$work/daemon.log" 2>&1 &
until "$contrail" --no-sessiond list >/dev/null 2>&1; do sleep 0.1; [ -d /proc/$! ] || { cat "$work/daemon.log"; exit 3; }; done
"$jdk/bin/jcmd" "$(daemon_pid)" JFR.configure "repositorypath=$work/jfr" >/dev/null
"$jdk/bin/jcmd" "$(daemon_pid)" JFR.start "method-trace=$filter" >/dev/null || exit 3

domains=
[ "$(id -u)" = 0 ] && domains=kernel
domains="$domains jvm"
per_cpu_kib() { echo $(($1 * 1024 / $(nproc))); }
for size in $sizes; do
    part=$((size >= 16 ? 1024 : 64)) # KiB of a sub-buffer
    if [ "${domains#kernel}" != "$domains" ]; then
        "$contrail" create "kernel-$size" --snapshot >/dev/null &&
            "$contrail" enable-channel -k --subbuf-size "${part}k" --num-subbuf $(($(per_cpu_kib "$size") / part)) all >/dev/null &&
            "$contrail" enable-event -k --syscall -a -c all >/dev/null && "$contrail" start >/dev/null || exit 3
    fi
    "$contrail" create "jvm-$size" --snapshot >/dev/null &&
        "$contrail" enable-channel -u --subbuf-size 32k --num-subbuf $((size * 32 / $(nproc))) all >/dev/null &&
        "$contrail" enable-event -u 'hot:*' -c all >/dev/null && "$contrail" start >/dev/null || exit 3
done

# More than fits, of the smallest records: an enter or exit takes 24 bytes of the kernel's ring at least.
largest=${sizes##* }
for cpu in $(seq 0 $(($(nproc) - 1))); do
    taskset -c "$cpu" dd if=/dev/zero of=/dev/null bs=1 count=$(($(per_cpu_kib "$largest") * 1024 / 24 / 4 * 3 / 2)) 2>/dev/null &
    filling="$filling $!"
done
mkfifo "$work/open"
CONTRAIL_RING_SIZE=1073741824 "$jdk/bin/java" -cp "$work/classes:$tracer" dev.contrail.bench.event.FillRing \
    $((largest * 1048576 / 28 * 3 / 2)) <"$work/open" >"$work/filled" &
exec 9>"$work/open"
wait $filling
until grep -q FULL "$work/filled"; do sleep 0.1; done

# CPU nanoseconds of all threads of the daemon.
daemon_nanos() { cat "/proc/$(daemon_pid)"/task/*/schedstat | awk '{ n += $1 } END { printf "%.0f\n", n }'; }

out=$results/snapshot-time.csv
echo "# $(machine); $rounds rounds, the sizes in turns, after one round of warm-up" >"$out"
echo "round,domain,mib,wall_ms,daemon_cpu_ms,trace_mib" >>"$out"
order=
for round in $(seq 0 "$rounds"); do
    for size in $sizes; do
        for domain in $domains; do
            cpu=$(daemon_nanos)
            from=$(date +%s%N)
            "$contrail" snapshot record -s "$domain-$size" >/dev/null || exit 1
            to=$(date +%s%N)
            cpu=$(($(daemon_nanos) - cpu))
            order="$order $domain-$size"
            bytes=$(du -sb "$work/home/lttng-traces" | cut -f 1)
            find "$work/home/lttng-traces" -mindepth 2 -delete
            [ "$round" = 0 ] || echo "$round $domain $size $((to - from)) $cpu $bytes" |
                awk '{ printf "%s,%s,%s,%.1f,%.1f,%.1f\n", $1, $2, $3, $4 / 1e6, $5 / 1e6, $6 / 1048576 }' >>"$out"
        done
    done
done
for session in $sizes; do
    for domain in $domains; do
        "$contrail" set-session "$domain-$session" >/dev/null
        echo "# $domain-$session: $("$contrail" status | tail -n 1)" >>"$out"
    done
done
"$jdk/bin/jcmd" "$(daemon_pid)" JFR.dump "filename=$work/copies.jfr" >/dev/null
# Each capture in the order of the snapshots; one snapshot of one domain has one.
"$jdk/bin/jfr" print --events jdk.MethodTrace "$work/copies.jfr" | sed -n 's/^ *duration = \([0-9.]*\) \(.*\)$/\1 \2/p' |
    awk -v order="$order" -v per=$(echo $sizes | wc -w) -v domains=$(echo $domains | wc -w) '
        BEGIN { split(order, name, " ") }
        { ms = $1 * ($2 == "s" ? 1e3 : $2 == "us" ? 1e-3 : $2 == "ns" ? 1e-6 : 1); round = int((NR - 1) / (per * domains)) }
        round > 0 { sub("-", ",", name[NR]); printf "copy,%s,%.3f\n", name[NR], ms }' >>"$out"

sed -n 's/^# //p' "$out"
printf '\n| domain | buffers | trace | command, wall | daemon, CPU | of it the copy, wall |\n|---|---|---|---|---|---|\n'
of() { awk -F, -v d="$domain" -v s="$size" -v c="$1" '$2 == d && $3 == s && $1 != "copy" { print $c }' "$out" | median; }
for domain in $domains; do
    for size in $sizes; do
        copy=$(awk -F, -v d="$domain" -v s="$size" '$1 == "copy" && $2 == d && $3 == s { print $4 }' "$out" | median)
        printf '| %s | %s MiB | %.1f MiB | %.0f ms | %.0f ms | %s ms |\n' "$domain" "$size" "$(of 6)" "$(of 4)" "$(of 5)" "${copy:-–}"
    done
done
