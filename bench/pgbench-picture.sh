#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Draws docs/pgbench.svg from results/pgbench.csv: throughput kept against clients, a panel for each
# load, a line for each tool (medians over the rounds).
#
#   bench/pgbench-picture.sh [CSV [SVG]]
set -eu
here=$(dirname "$0")
awk -F, '
function median(list,   n, i, j, t, v) {
    n = split(list, v, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
    return (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2
}
function x(panel, c) { return 62 + panel * 400 + (nc > 1 ? (c - 1) / (nc - 1) : 0) * 320 }
function y(kept) { return 320 - (kept - bottom) / (1 - bottom) * 240 }
/^# / && !subtitle { subtitle = substr($0, 3) }
/^#/ || $1 == "round" || NF < 9 { next }
{
    if (!($2 in loads)) { loads[$2]; load[++nl] = $2 }
    if (!($4 in clients)) { clients[$4]; client[++nc] = $4 }
    if ($3 == "none") base[$1, $2, $4] = $5
    else if (!($3 in tools)) { tools[$3]; tool[++nt] = $3 }
    group = $1 "," $2 "," $3; tx[group] += $5; seen[group] += $9
    n++; g[n] = group; r[n] = $1; l[n] = $2; t[n] = $3; c[n] = $4; tps[n] = $5
}
END {
    # As in pgbench.sh: leave out what something from outside stopped.
    for (i in seen) if (i ~ /contrail/ && seen[i]) { split(i, part, ","); rates[part[2]] = rates[part[2]] " " seen[i] / tx[i] }
    for (i in seen) if (i ~ /contrail/) { split(i, part, ","); if (seen[i] / tx[i] < 0.7 * median(rates[part[2]])) dropped[i] }
    for (i = 1; i <= n; i++) if (!(g[i] in dropped) && t[i] != "none" && base[r[i], l[i], c[i]])
        kept[l[i], t[i], c[i]] = kept[l[i], t[i], c[i]] " " tps[i] / base[r[i], l[i], c[i]]
    bottom = 1
    for (k in kept) { kept[k] = median(kept[k]); if (kept[k] < bottom) bottom = kept[k] }
    bottom = int(bottom * 10) / 10
    split("#2f81f7 #1a7f37 #d1242f #bf8700 #8250df", colour, " ")
    dash["contrail-disk"] = dash["perf-disk"] = " stroke-dasharray=\"6 4\""
    name["contrail-flight"] = "contrail, flight recorder"; name["contrail-disk"] = "contrail, to disk"
    name["perf-flight"] = "perf record --overwrite"; name["perf-disk"] = "perf record, to disk"; name["trace-cmd"] = "trace-cmd record"
    title["select"] = "pgbench, select only"; title["tpcb"] = "pgbench, TPC-B"
    hue["contrail-flight"] = hue["contrail-disk"] = colour[1]; hue["perf-flight"] = hue["perf-disk"] = colour[3]; hue["trace-cmd"] = colour[4]
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 810 430\" font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\" aria-labelledby=\"t\">"
    print "<title id=\"t\">Throughput of PostgreSQL kept while sched_switch and all system calls are recorded</title>"
    print "<style>text { fill: #57606a } .head { fill: #24292f; font-weight: 600 } .grid { stroke: #d0d7de } .line { fill: none; stroke-width: 2.5 }"
    print "@media (prefers-color-scheme: dark) { text { fill: #9198a1 } .head { fill: #f0f6fc } .grid { stroke: #3d444d } }</style>"
    print "<text class=\"head\" x=\"20\" y=\"24\" font-size=\"15\">Throughput kept while sched_switch and all system calls are recorded</text>"
    for (p = 0; p < nl; p++) {
        printf "<text class=\"head\" x=\"%d\" y=\"56\">%s</text>\n", x(p, 1), load[p + 1] in title ? title[load[p + 1]] : load[p + 1]
        for (v = bottom; v < 1.001; v += 0.1) {
            printf "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", x(p, 1), x(p, nc), y(v), y(v)
            printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f %%</text>\n", x(p, 1) - 8, y(v) + 4, v * 100
        }
        for (i = 1; i <= nc; i++) printf "<text x=\"%d\" y=\"340\" text-anchor=\"middle\">%s</text>\n", x(p, i), client[i]
        printf "<text x=\"%d\" y=\"358\" text-anchor=\"middle\">client threads</text>\n", (x(p, 1) + x(p, nc)) / 2
        for (k = 1; k <= nt; k++) {
            points = ""
            for (i = 1; i <= nc; i++) if ((load[p + 1], tool[k], client[i]) in kept) {
                v = kept[load[p + 1], tool[k], client[i]]
                points = points sprintf("%.1f,%.1f ", x(p, i), y(v > 1 ? 1 : v))
            }
            printf "<polyline class=\"line\" stroke=\"%s\"%s points=\"%s\"/>\n", hue[tool[k]], dash[tool[k]], points
        }
    }
    for (k = 1; k <= nt; k++) {
        at = 62 + (k - 1) * 740 / nt
        printf "<line class=\"line\" x1=\"%d\" x2=\"%d\" y1=\"385\" y2=\"385\" stroke=\"%s\"%s/>", at, at + 26, hue[tool[k]], dash[tool[k]]
        printf "<text x=\"%d\" y=\"389\">%s</text>\n", at + 32, name[tool[k]]
    }
    sub(/ \(Debian.*|, fsync=off.*/, "", subtitle)
    sub(/postgres \(PostgreSQL\)/, "PostgreSQL", subtitle)
    printf "<text x=\"20\" y=\"416\" font-size=\"11\">%s. Repeat: bench/pgbench.sh</text>\n</svg>\n", subtitle
}' "${1:-$here/results/pgbench.csv}" >"${2:-$here/../docs/pgbench.svg}"
