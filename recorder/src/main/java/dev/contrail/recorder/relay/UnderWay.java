// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import java.util.Optional;

/// Packets that were under way when a connection broke: nobody can know whether the relay has them.
/// Sent again, one may be there twice; given up, it may be there all the same. Any thread.
final class UnderWay {
    private record Packet(StreamKey stream, long sequence, long records) {}

    private Optional<Packet> last = Optional.empty();
    private long twice;
    private long notLost;

    /// That packet's sending has failed.
    synchronized void failed(StreamKey stream, IndexEntry entry) {
        last = Optional.of(new Packet(stream, entry.sequence(), Math.max(0, entry.recordCount())));
    }

    /// The relay has that packet.
    synchronized void stored(StreamKey stream, IndexEntry entry) {
        if (is(stream, entry)) {
            twice += last.orElseThrow().records;
            last = Optional.empty();
        }
    }

    /// That packet was given up.
    synchronized void lost(StreamKey stream, IndexEntry entry) {
        if (is(stream, entry)) {
            notLost += last.orElseThrow().records;
            last = Optional.empty();
        }
    }

    private boolean is(StreamKey stream, IndexEntry entry) {
        return last.isPresent()
                && last.get().sequence == entry.sequence()
                && last.get().stream.equals(stream);
    }

    /// What the user should know; empty for nothing.
    synchronized String text() {
        String first =
                twice == 0
                        ? ""
                        : "%d event records were under way when the connection was lost, and may be there twice, in packets of one number"
                                .formatted(twice);
        String second =
                notLost == 0
                        ? ""
                        : "%d of the event records that could not be stored were under way when the connection was lost, and may be there"
                                .formatted(notLost);
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }
}
