#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Database requests against client threads, with and without a recorder of sched_switch and all
# system calls. Writes results/pgbench.csv, a line a run, and prints its table.
#
#   ROUNDS=5 SECONDS_EACH=2 CLIENTS="1 2 4 8 16" bench/pgbench.sh      (as root; about 11 minutes)
#   bench/pgbench.sh --table      the table again, from the file
#
# Needs PostgreSQL (initdb, pgbench; user postgres) and, as peers, perf and trace-cmd.
set -u
table() { # results/pgbench.csv to Markdown
    awk -F, '
    function median(key,   n, i, j, t, v) {
        n = split(values[key], v, " ")
        for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
        return n ? (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2 : 0
    }
    /^#/ || $1 == "round" || NF < 9 { next }
    {
        run = $1 "," $2 "," $4; kept = $2 "," $3 "," $4
        if (!($2 in loads)) { loads[$2]; load[++nl] = $2 }
        if (!($3 in tools)) { tools[$3]; tool[++nt] = $3 }
        if (!($4 in clients)) { clients[$4]; client[++nc] = $4 }
        if ($3 == "none") { tps0[run] = $5; cpu0[run] = $6 }
        group = $1 "," $2 "," $3; tx[group] += $5; seen[group] += $9
        n++; g[n] = group; r[n] = run; k[n] = kept; tps[n] = $5; cpu[n] = $6; own[n] = $7; lost[$2 "," $3] += $8; ev[$2 "," $3] += $9
    }
    END {
        # A recorder that something from outside stopped shows in its events a transaction.
        for (i in seen) if (i ~ /contrail/ && seen[i]) { split(i, part, ","); values["e," part[2]] = values["e," part[2]] " " seen[i] / tx[i] }
        for (i in seen) if (i ~ /contrail/) {
            split(i, part, ",")
            if (seen[i] / tx[i] < 0.7 * median("e," part[2])) { dropped[i]; note = note " " i " (" seen[i] " events);" }
        }
        for (i = 1; i <= n; i++) {
            if (g[i] in dropped) continue
            values["t," k[i]] = values["t," k[i]] " " tps[i]
            values["c," k[i]] = values["c," k[i]] " " (cpu[i] + own[i])
            if (!tps0[r[i]]) continue
            values["rt," k[i]] = values["rt," k[i]] " " tps[i] / tps0[r[i]]
            values["rc," k[i]] = values["rc," k[i]] " " (cpu[i] + own[i]) / cpu0[r[i]]
        }
        for (l = 1; l <= nl; l++) {
            printf "\n**%s** — transactions/s (throughput kept; CPU per transaction, recorder included, as a multiple of none)\n\n| clients |", load[l]
            for (t = 1; t <= nt; t++) printf " %s |", tool[t]
            printf "\n|---|"; for (t = 1; t <= nt; t++) printf "---|"
            for (c = 1; c <= nc; c++) {
                printf "\n| %s |", client[c]
                for (t = 1; t <= nt; t++) {
                    key = load[l] "," tool[t] "," client[c]
                    if (tool[t] == "none") printf " %.0f (%.0f µs) |", median("t," key), median("c," key)
                    else printf " %.0f (%.2f; %.2f) |", median("t," key), median("rt," key), median("rc," key)
                    all["rt" t l] = all["rt" t l] + median("rt," key) / nc
                    all["rc" t l] = all["rc" t l] + median("rc," key) / nc
                }
            }
            printf "\n| mean |"
            for (t = 1; t <= nt; t++) printf tool[t] == "none" ? " |" : " %.2f; %.2f |", all["rt" t l], all["rc" t l]
            printf "\n| lost / events |"
            for (t = 1; t <= nt; t++) { key = load[l] "," tool[t]; printf tool[t] == "none" ? " |" : (ev[key] ? " %d / %d |" : " – |"), lost[key], ev[key] }
            print ""
        }
        if (note) printf "\nLeft out, because recording stopped in the middle:%s\n", note
    }' "$1"
}
if [ "${1:-}" = --table ]; then
    file=$(dirname "$0")/results/pgbench.csv
    sed -n 's/^# //p' "$file"
    table "$file"
    exit
fi
. "$(dirname "$0")/lib.sh"

rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-2} clients=${CLIENTS:-1 2 4 8 16}
loads=${LOADS:-select tpcb} tools=${TOOLS:-none contrail-flight contrail-disk perf-flight perf-disk trace-cmd}
out=$results/pgbench.csv
[ "$(id -u)" = 0 ] || { echo "Error: kernel tracing needs root" >&2; exit 3; }

bin=$(dirname "$(readlink -f "$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb | tail -n 1)")")
as_postgres() { (cd / && setpriv --reuid postgres --regid postgres --clear-groups "$@"); }
recorder=
cleanup() {
    [ -z "$recorder" ] || kill -INT "$recorder" 2>/dev/null
    end_daemon
    [ ! -d "$work/pg" ] || as_postgres "$bin/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

install -d -o postgres "$work/pg"
as_postgres "$bin/initdb" -D "$work/pg/data" -A trust >/dev/null || exit 3
as_postgres "$bin/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w -o "-c listen_addresses='' \
    -c unix_socket_directories=$work/pg -c fsync=off -c shared_buffers=512MB -c autovacuum=off \
    -c max_wal_size=4GB" start >/dev/null || { cat "$work/pg/log"; exit 3; }
export PGHOST=$work/pg PGUSER=postgres
postmaster=$(head -n 1 "$work/pg/data/postmaster.pid")
"$bin/pgbench" -q -i -s 16 postgres >/dev/null 2>&1 || exit 3

events="-e sched:sched_switch -e raw_syscalls:sys_enter -e raw_syscalls:sys_exit"
session() { # name, options of create
    { "$contrail" create "$@" && "$contrail" enable-event -s "$1" -k sched_switch &&
        "$contrail" enable-event -s "$1" -k --syscall -a; } >/dev/null || exit 3
}
session flight --snapshot
if ! refusal=$(cd "$work" && timeout 20 trace-cmd record $events -o tc.dat true 2>&1); then
    trace_cmd_says="trace-cmd is refused here: $(echo "$refusal" | sed "s/^ *//" | paste -sd " ")"
    tools=${tools/trace-cmd/}
    rmdir /sys/kernel/tracing/instances/trace-cmd 2>/dev/null
fi

start() { # the recorder $1; sets $recorder to the process whose CPU time counts
    case $1 in
        none) recorder= ;;
        contrail-*)
            [ "$1" != contrail-disk ] || session disk -o "$work/disk"
            "$contrail" start "${1#contrail-}" >/dev/null || exit 3
            recorder=$(daemon_pid) ;;
        perf-*)
            # 1024 pages a CPU: 4 MiB, as much as contrail's channel0 has.
            perf record -a -m 1024 $([ "$1" = perf-disk ] || echo --overwrite) $events -o "$work/perf.data" >"$work/perf.log" 2>&1 &
            recorder=$!
            until [ "$(ls "/proc/$recorder/fd" 2>/dev/null | wc -l)" -gt 8 ] || ! [ -d "/proc/$recorder" ]; do sleep 0.05; done
            sleep 0.6 ;;
        trace-cmd)
            (cd "$work" && exec trace-cmd record -C mono -b 4096 $events -o tc.dat) >"$work/tc.log" 2>&1 &
            recorder=$!
            sleep 1.5 ;;
    esac
}
lost_and_events() { # of the contrail session $1, since its creation: what status says
    "$contrail" set-session "$1" >/dev/null
    "$contrail" status | tr -d , | sed -n 's/.* \([0-9]*\) recorded.* \([0-9]*\) discarded.*/\2 \1/p' | tail -n 1
}
stop() { # the recorder $1; sets lost and seen for the runs since start
    lost=0 seen=0
    case $1 in
        none) ;;
        contrail-*)
            "$contrail" stop "${1#contrail-}" >/dev/null
            set -- "$1" $(lost_and_events "${1#contrail-}")
            if [ "$1" = contrail-disk ]; then
                lost=${2:-0} seen=${3:-0}
                "$contrail" destroy disk >/dev/null
                rm -rf "$work/disk"
            else # one session for all rounds
                lost=$((${2:-0} - lost_before)) seen=$((${3:-0} - seen_before))
                lost_before=${2:-0} seen_before=${3:-0}
            fi ;;
        *)
            kill -INT "$recorder"
            wait "$recorder"
            # Counting what perf lost takes longer than the run: only of the last round.
            if [ "$1" = perf-disk ] && [ "$round" = "$rounds" ]; then
                set -- $(perf report --stats -i "$work/perf.data" 2>/dev/null |
                    awk '/LOST_SAMPLES|LOST events/ { l += $3 } /SAMPLE events/ && !/LOST/ { s = $3 } END { print l + 0, s + 0 }')
                lost=${1:-0} seen=${2:-0}
            elif [ "$1" = trace-cmd ]; then
                lost=$(awk '/overrun:|dropped events:/ { l += $NF } END { print l + 0 }' "$work/tc.log")
            fi
            rm -f "$work"/perf.data* "$work"/tc.dat* ;;
    esac
    recorder=
}
lost_before=0 seen_before=0

{
    echo "# $(machine), $("$bin/postgres" --version), fsync=off, scale 16, simple protocol, Unix socket; $rounds rounds of $seconds s; $(perf --version 2>/dev/null)"
    [ -z "${trace_cmd_says:-}" ] || echo "# $trace_cmd_says"
    echo "round,load,tool,clients,tps,cpu_us_per_transaction,recorder_cpu_us_per_transaction,lost,events"
} >"$out"
for round in $(seq "$rounds"); do
    for load in $loads; do
        [ "$load" = select ] && option=-S || option=
        # Each round begins with another tool.
        set -- $tools
        for _ in $(seq $(((round - 1) % $#))); do set -- "${@:2}" "$1"; done
        for tool in "$@"; do
            "$bin/psql" -q postgres -c 'truncate pgbench_history' -c 'vacuum pgbench_branches, pgbench_tellers' >/dev/null
            # What the one before left to the disk shall not count, nor shall cold caches.
            sync
            "$bin/pgbench" -n $option -c 2 -j 2 -T 1 postgres >/dev/null 2>&1
            start "$tool"
            lines=
            for n in $clients; do
                cpu=$(cpu_seconds "$postmaster")
                [ -z "$recorder" ] || own=$(cpu_seconds "$recorder")
                TIMEFORMAT='pgbench_cpu %U %S'
                { time "$bin/pgbench" -n $option -c "$n" -j $((n < 2 ? 1 : 2)) -T "$seconds" postgres; } >"$work/pgbench.out" 2>&1
                [ -z "$recorder" ] && own=0 || own=$(echo "$(cpu_seconds "$recorder") $own" | awk '{ print $1 - $2 }')
                sleep 0.05
                lines+=$(awk -v head="$round,$load,$tool,$n" -v before="$cpu" -v after="$(cpu_seconds "$postmaster")" -v own="$own" '
                    /^tps/ { tps = $3 } /actually processed/ { split($6, a, "/"); count = a[1] } /^pgbench_cpu/ { client = $2 + $3 }
                    END { if (count) printf "%s,%.0f,%.2f,%.2f", head, tps, (after - before + client) * 1e6 / count, own * 1e6 / count }' "$work/pgbench.out")$'\n'
            done
            stop "$tool"
            # What was lost belongs to the runs since start together: it stands in the first line.
            echo -n "$lines" | awk -v tail=",$lost,$seen" 'NF { print $0 (NR == 1 ? tail : ",0,0") }' >>"$out"
        done
    done
    echo "round $round of $rounds: $(date -u +%T), disk $(du -sh "$work" | cut -f 1)" >&2
done
sed -n 's/^# //p' "$out"
table "$out"
