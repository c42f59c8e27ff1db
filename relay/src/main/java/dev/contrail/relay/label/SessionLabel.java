// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.label;

import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import java.nio.file.Path;
import java.util.List;

/// A session that has ended: what its producer said of it, and which packets of which streams lie
/// in which files. The index of a file does not know the numbers of its packets, nor does it say
/// how many came that could not be stored. Of one with a journal that has not ended, what its
/// producer said.
///
/// @param request of which only what viewers are told is remembered
/// @param streams of data, in the order in which viewers were told of them
public record SessionLabel(
        CreateSession request, List<Chunk> chunks, List<Trace> traces, List<Stream> streams) {
    public SessionLabel {
        chunks = List.copyOf(chunks);
        traces = List.copyOf(traces);
        streams = List.copyOf(streams);
        for (Trace each : traces) {
            check(each.metadata().chunk(), chunks);
        }
        for (Stream each : streams) {
            check(each.trace(), traces);
            for (Part part : each.parts()) {
                check(part.chunk(), chunks);
            }
        }
    }

    /// Of a session that has begun: how far it comes, its journal says.
    public static SessionLabel begun(CreateSession request) {
        return new SessionLabel(request, List.of(), List.of(), List.of());
    }

    /// Whether it does not say what there is.
    public boolean isOfBeginning() {
        return streams.isEmpty();
    }

    private static void check(int index, List<?> of) {
        if (index < 0 || index >= of.size()) {
            throw new IllegalArgumentException("%d of %d".formatted(index, of.size()));
        }
    }

    /// A trace chunk's directory below the session's; empty for that itself.
    ///
    /// @param later where it was still to be moved when this was written, or the same
    public record Chunk(String place, String later) {}

    /// Streams that the same metadata describes.
    ///
    /// @param path as its producer said it
    /// @param generation how many traces of the session have had that path before
    public record Trace(CString path, int generation, Metadata metadata) {}

    /// @param file below its chunk's directory
    /// @param wholeBytes that viewers may have
    public record Metadata(int chunk, Path file, long wholeBytes) {}

    /// A stream of data.
    ///
    /// @param lastNumber of its last packet; all ones when there was none
    /// @param droppedPackets that could not be stored
    /// @param parts its files, the oldest first
    public record Stream(
            int trace, CString channel, long lastNumber, long droppedPackets, List<Part> parts) {
        public Stream {
            parts = List.copyOf(parts);
        }
    }

    /// A file of a stream.
    ///
    /// @param file below its chunk's directory
    /// @param bytes of whole packets
    /// @param entries in its index
    /// @param runs the numbers of its packets
    public record Part(int chunk, Path file, long bytes, long entries, List<Run> runs) {
        public Part {
            runs = List.copyOf(runs);
            if (bytes < 0 || entries < 0 || (entries == 0) != runs.isEmpty()) {
                throw new IllegalArgumentException("%d entries".formatted(entries));
            }
            for (int i = 0; i < runs.size(); i++) {
                long begin = runs.get(i).entry();
                boolean isInOrder = i == 0 ? begin == 0 : begin > runs.get(i - 1).entry();
                if (!isInOrder || begin >= entries) {
                    throw new IllegalArgumentException("a run from entry " + begin);
                }
            }
        }
    }

    /// Packets whose numbers count by one.
    ///
    /// @param entry of the first one in the index
    /// @param number that it has
    public record Run(long entry, long number) {}
}
