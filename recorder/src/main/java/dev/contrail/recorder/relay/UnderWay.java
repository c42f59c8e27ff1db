// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.LostRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Packets that were under way when a connection broke: nobody can know whether the relay has them.
/// Sent again, one may be there twice; given up, it may be there all the same. A relay of ours says
/// which it has, as soon as it can be reached. Any thread.
final class UnderWay {
    private record Packet(StreamKey stream, long sequence, long records) {}

    private final boolean isAgain;
    private final LostRecords lost;
    private Optional<Packet> last = Optional.empty();

    /// Of each stream that a relay of ours has told of, the last packet that was under way to it.
    private final Map<StreamKey, Long> cut = new HashMap<>();

    private long twice;
    private long notLost;

    /// @param isAgain whether a daemon before this one has sent: nobody knows what was under way
    UnderWay(boolean isAgain, LostRecords lost) {
        this.isAgain = isAgain;
        this.lost = lost;
    }

    /// That packet's sending has failed.
    synchronized void failed(StreamKey stream, IndexEntry entry) {
        last = Optional.of(new Packet(stream, entry.sequence(), Math.max(0, entry.recordCount())));
    }

    /// The connection to a relay of ours has broken, and there is no word of that packet.
    synchronized void cut(StreamKey stream, long sequence) {
        cut.merge(stream, sequence, Math::max);
    }

    /// A relay of ours has said what it has of a stream.
    synchronized void resumed(StreamKey stream) {
        cut.put(stream, Long.MIN_VALUE);
    }

    /// Whether the relay may have a packet that is given up.
    synchronized boolean isInDoubt(StreamKey stream, long sequence) {
        Long known = cut.get(stream);
        return known == null ? isAgain : sequence <= known;
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
        long inDoubt = notLost + lost.unsure();
        String second =
                inDoubt == 0
                        ? ""
                        : "%d of the event records that could not be stored were under way when the connection was lost, and may be there"
                                .formatted(inDoubt);
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }
}
