// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Packets of a stream without their index, and indexes without their packet. Guarded by the
/// stream's lock.
final class Unjoined {
    /// Packets of a stream that wait for their index, and indexes that wait for their packet: real
    /// producers have one.
    static final int MAX_WAITING = 16384;

    /// Stands for a packet that was not stored.
    static final Place DROPPED = new Place(null, 0, 0);

    private final Map<Long, Place> packets = new LinkedHashMap<>();
    private final Map<Long, SendIndex> indexes = new LinkedHashMap<>();

    /// Where a packet lies.
    record Place(@Nullable StreamPart stored, long offset, long bytes) {
        boolean isDropped() {
            return stored == null;
        }

        StreamPart part() {
            if (stored == null) {
                throw new IllegalStateException("the packet was dropped");
            }
            return stored;
        }

        private void await() {
            if (stored != null) {
                stored.awaitEntry();
            }
        }

        private void awaitNoMore() {
            try {
                if (stored != null) {
                    stored.awaitEntryNoMore();
                }
            } catch (IOException e) {
                RelayLog.failed("close of a stream's file", e);
            }
        }
    }

    boolean hasPacket(long netSeqNum) {
        return packets.containsKey(netSeqNum);
    }

    boolean hasIndex(long netSeqNum) {
        return indexes.containsKey(netSeqNum);
    }

    boolean hasIndexes() {
        return !indexes.isEmpty();
    }

    /// The index of a packet has come.
    ///
    /// @param joined is given the packet's place, if the packet is there
    /// @return whether it is
    boolean join(long netSeqNum, Consumer<Place> joined) {
        Place place = packets.remove(netSeqNum);
        if (place == null) {
            return false;
        }
        joined.accept(place);
        place.awaitNoMore();
        return true;
    }

    @Nullable SendIndex takeIndex(long netSeqNum) {
        return indexes.remove(netSeqNum);
    }

    /// The oldest of too many is forgotten: it stays in the file, without an index entry.
    void put(long netSeqNum, Place place) {
        if (packets.size() == MAX_WAITING) {
            Place oldest = packets.remove(packets.keySet().iterator().next());
            if (oldest != null) {
                oldest.awaitNoMore();
            }
        }
        packets.put(netSeqNum, place);
        place.await();
    }

    /// @return false when there are too many
    boolean put(SendIndex index) {
        if (indexes.size() == MAX_WAITING) {
            return false;
        }
        indexes.put(index.netSeqNum(), index);
        return true;
    }

    /// From where on all that lies in a part has no index.
    long tail(StreamPart part) {
        long begin = part.dataBytes();
        for (Place each : packets.values().stream().toList().reversed()) {
            if (each.stored() != part || each.offset() + each.bytes() != begin) {
                break;
            }
            begin = each.offset();
        }
        return begin;
    }

    /// What lay at the end of a part lies in another one.
    void moved(StreamPart from, long tail, StreamPart to, long begin) {
        for (Map.Entry<Long, Place> each : packets.entrySet()) {
            Place place = each.getValue();
            if (place.stored() == from && place.offset() >= tail) {
                var there = new Place(to, place.offset() - tail + begin, place.bytes());
                each.setValue(there);
                there.await();
                place.awaitNoMore();
            }
        }
    }

    void clear() {
        packets.values().forEach(Place::awaitNoMore);
        packets.clear();
        indexes.clear();
    }
}
