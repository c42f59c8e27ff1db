// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Packets that were under way when a connection broke: nobody can know whether the relay has them.
/// Sent again, one may be there twice; given up, it may be there all the same. A relay of ours says
/// which it has, as soon as it can be reached. Any thread.
final class UnderWay {
    private record Packet(StreamKey stream, long sequence, long records) {}

    private Optional<Packet> last = Optional.empty();

    /// Of each stream the last packet that was under way to a relay of ours.
    private final Map<StreamKey, Long> cut = new HashMap<>();

    /// Of those, and before them, the ones that were given up, until that relay has said what it
    /// has.
    private final List<Packet> givenUp = new ArrayList<>();

    private long twice;
    private long notLost;

    /// That packet's sending has failed.
    synchronized void failed(StreamKey stream, IndexEntry entry) {
        last = Optional.of(new Packet(stream, entry.sequence(), Math.max(0, entry.recordCount())));
    }

    /// The connection to a relay of ours has broken, and there is no word of that packet.
    synchronized void cut(StreamKey stream, long sequence) {
        cut.merge(stream, sequence, Math::max);
    }

    /// A relay of ours says up to where it has a stream.
    ///
    /// @return how many records were given up, and are there
    synchronized long resumed(StreamKey stream, long sequence) {
        cut.remove(stream);
        long there = 0;
        for (Packet each : givenUp) {
            if (each.stream.equals(stream) && each.sequence <= sequence) {
                there += each.records;
            }
        }
        givenUp.removeIf(each -> each.stream.equals(stream));
        return there;
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
        if (entry.sequence() <= cut.getOrDefault(stream, Long.MIN_VALUE)) {
            givenUp.add(new Packet(stream, entry.sequence(), Math.max(0, entry.recordCount())));
        }
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
        long inDoubt = notLost + givenUp.stream().mapToLong(Packet::records).sum();
        String second =
                inDoubt == 0
                        ? ""
                        : "%d of the event records that could not be stored were under way when the connection was lost, and may be there"
                                .formatted(inDoubt);
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }
}
