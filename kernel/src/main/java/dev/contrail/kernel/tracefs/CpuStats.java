// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import dev.contrail.posix.ProcFiles;
import java.io.IOException;

/// The kernel's account of one CPU's ring.
///
/// @param unread records in the ring
/// @param overrun records overwritten before they were read
/// @param dropped records refused: the ring was full, or writers interrupted each other round it
/// @param read records handed out
/// @param unreadBytes what the records in the ring take
/// @param oldestTicks time of the oldest record, up to a microsecond early; 0 for none
public record CpuStats(
        long unread, long overrun, long dropped, long read, long unreadBytes, long oldestTicks) {

    /// Read at each drain: so no regular expressions.
    static CpuStats parse(String text) throws IOException {
        String lines = "\n" + text;
        return new CpuStats(
                number(lines, "entries"),
                number(lines, "overrun"),
                number(lines, "dropped events") + number(lines, "commit overrun"),
                number(lines, "read events"),
                number(lines, "bytes"),
                nanos(value(lines, "oldest event ts")));
    }

    /// Records written since the instance was made.
    public long recorded() {
        return unread + overrun + read;
    }

    /// Records that no reader will see.
    public long lost() {
        return overrun + dropped;
    }

    private static long number(String lines, String name) throws IOException {
        long number = ProcFiles.number(value(lines, name));
        if (number < 0) {
            throw new IOException(
                    "ring statistics: %s is '%s', want a number"
                            .formatted(name, value(lines, name)));
        }
        return number;
    }

    /// What stands after `name:`, empty when there is no such line.
    private static String value(String lines, String name) {
        int from = lines.indexOf("\n" + name + ":");
        if (from < 0) {
            return "";
        }
        from += name.length() + 2;
        int end = lines.indexOf('\n', from);
        return lines.substring(from, end < 0 ? lines.length() : end).strip();
    }

    /// `12.345678`, seconds and microseconds; 0 for anything else.
    private static long nanos(String untrusted) {
        int point = untrusted.indexOf('.');
        long seconds = ProcFiles.number(untrusted.substring(0, Math.max(0, point)));
        long micros = ProcFiles.number(untrusted.substring(point + 1));
        boolean isTime = seconds >= 0 && seconds < 1L << 31 && micros >= 0 && micros < 1_000_000;
        return isTime ? seconds * 1_000_000_000L + micros * 1000 : 0;
    }
}
