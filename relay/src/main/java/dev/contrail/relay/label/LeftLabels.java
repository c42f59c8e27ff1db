// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.label;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// The labels that a relay before this one has left.
public final class LeftLabels {
    /// All together: those of the oldest sessions are not read.
    static final long MAX_BYTES = 16L << 20;

    private LeftLabels() {}

    /// A label, and where it lies.
    public record Left(Path file, SessionLabel label) {
        private static final Comparator<Left> BY_AGE =
                Comparator.<Left>comparingLong(each -> each.label().request().createdSeconds())
                        .thenComparingLong(each -> each.label().request().sessionId())
                        .thenComparing(Left::file);
    }

    /// Reads those of the sessions that were created last, the oldest first. What is damaged is
    /// said, and passed over.
    ///
    /// @param most how many
    public static List<Left> read(List<Path> files, int most) {
        var read = new TreeMap<Left, Long>(Left.BY_AGE);
        long bytes = 0;
        long tooMany = 0;
        for (Path each : files) {
            try {
                var left = new Left(each, LabelFile.read(each));
                long its = Files.size(each);
                read.put(left, its);
                bytes += its;
            } catch (IOException e) {
                RelayLog.warn("viewers cannot read a session that has ended: " + Reason.of(e));
            }
            while (read.size() > most || bytes > MAX_BYTES) {
                bytes -= read.pollFirstEntry().getValue();
                tooMany++;
            }
        }
        if (tooMany > 0) {
            RelayLog.warn(
                    "viewers can read the last %d sessions that have ended; %d are only on the disk"
                            .formatted(read.size(), tooMany));
        }
        return List.copyOf(read.keySet());
    }
}
