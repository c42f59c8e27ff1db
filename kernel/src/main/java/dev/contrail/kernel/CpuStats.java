// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// The kernel's account of one CPU's ring.
///
/// @param unread records in the ring
/// @param overrun records overwritten before they were read
/// @param dropped records refused: the ring was full, or writers interrupted each other round it
/// @param read records handed out
/// @param unreadBytes what the records in the ring take
/// @param oldestTicks time of the oldest record, up to a microsecond early; 0 for none
record CpuStats(
        long unread, long overrun, long dropped, long read, long unreadBytes, long oldestTicks) {

    static CpuStats parse(String text) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        return new CpuStats(
                number(values, "entries"),
                number(values, "overrun"),
                number(values, "dropped events") + number(values, "commit overrun"),
                number(values, "read events"),
                number(values, "bytes"),
                nanos(values.getOrDefault("oldest event ts", "0")));
    }

    /// Records written since the instance was made.
    long recorded() {
        return unread + overrun + read;
    }

    /// Records that no reader will see.
    long lost() {
        return overrun + dropped;
    }

    private static long number(Map<String, String> values, String name) throws IOException {
        String value = values.get(name);
        if (value == null || !value.matches("\\d{1,18}")) {
            throw new IOException("ring statistics: " + name + " is " + value + ", want a number");
        }
        return Long.parseLong(value);
    }

    /// `12.345678`, seconds and microseconds.
    private static long nanos(String seconds) {
        String[] parts = seconds.strip().split("\\.");
        if (parts.length != 2 || !(parts[0] + parts[1]).matches("\\d{1,16}")) {
            return 0;
        }
        return Long.parseLong(parts[0]) * 1_000_000_000L + Long.parseLong(parts[1]) * 1000;
    }
}
