// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.wire.CString;
import dev.contrail.wire.push.PushMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The last packet of each stream that has come on connections before the present one: what the
/// relay sends again is known by it. Used by one thread.
final class ReceivedPackets {
    private record Name(CString path, CString channel) {}

    /// A packet.
    ///
    /// @param endTicks tells it from one of that number in a later stream of that name
    record Last(long number, long endTicks, long discarded, long sequence) {
        static Last of(PushMessage.PacketBegun packet) {
            return new Last(
                    packet.number(),
                    packet.endTicks(),
                    packet.discardedEvents(),
                    packet.sequence());
        }

        /// Whether another has come with it, or before it.
        boolean has(Last other) {
            return Long.compareUnsigned(other.number, number) <= 0
                    && Long.compareUnsigned(other.endTicks, endTicks) <= 0;
        }

        IndexEntry entry() {
            return new IndexEntry(0, 0, 0, endTicks, -1, discarded, 0, IndexEntry.NONE, sequence);
        }
    }

    private final Map<Name, Last> all = new HashMap<>();

    /// Streams that have not yet begun on the present connection.
    private final Set<Name> awaited = new HashSet<>();

    private int connections;

    /// Another connection begins.
    void next() {
        connections++;
        awaited.addAll(all.keySet());
    }

    /// A stream has begun on the present connection.
    void begun(PushMessage.StreamBegun stream) {
        awaited.remove(new Name(stream.path(), stream.channel()));
    }

    /// Whether one that was there before has not.
    boolean isAwaiting() {
        return !awaited.isEmpty();
    }

    /// How many connections there were before.
    int connections() {
        return connections;
    }

    void add(PushMessage.StreamBegun stream, Last last) {
        all.put(new Name(stream.path(), stream.channel()), last);
    }

    Optional<Last> of(PushMessage.StreamBegun stream) {
        return Optional.ofNullable(all.get(new Name(stream.path(), stream.channel())));
    }
}
