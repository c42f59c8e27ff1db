# SPDX-License-Identifier: Apache-2.0
"""Reads a live viewer's lines with --clock-seconds, and says how late they came: `NAME SECONDS`."""
import os, sys, time
seconds, late, rest, begin = float(sys.argv[2]), [], b"", time.time()
while time.time() - begin < seconds:
    read = os.read(0, 65536)
    now = time.time()
    if not read:
        break
    *lines, rest = (rest + read).split(b"\n")
    for line in lines:
        if line.startswith(b"[") and now - begin > 3:  # after the start
            late.append(now - float(line[1 : line.index(b"]")]))
late.sort()
if late:
    at = lambda part: 1000 * late[int(len(late) * part)]
    print("%s %d lines p50 %.0f p99 %.0f" % (sys.argv[1], len(late), at(0.5), at(0.99)))
