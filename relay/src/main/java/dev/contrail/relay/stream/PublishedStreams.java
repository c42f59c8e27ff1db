// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The streams of a session that viewers may see, in the order in which they were shown. Guarded by
/// its own lock; viewers remember up to which number they were told.
public final class PublishedStreams {
    /// Closed streams of a session that viewers can still begin to read.
    static final int MAX_CLOSED = 4096;

    private final TreeMap<Long, StoredStream> streams = new TreeMap<>();
    private final Changes changes = new Changes();
    private volatile long last;

    /// @param number of the last one
    /// @param streams by their numbers
    public record Told(long number, SequencedMap<Long, StoredStream> streams) {}

    /// Shows them to viewers, metadata first.
    public synchronized void add(List<StoredStream> more) {
        var next = new ArrayList<StoredStream>();
        more.stream().filter(MetadataStream.class::isInstance).forEach(next::add);
        more.stream().filter(DataStream.class::isInstance).forEach(next::add);
        for (StoredStream each : next) {
            streams.put(last + 1, each);
            last++;
        }
        if (streams.size() > 2 * MAX_CLOSED) {
            int tooMany =
                    (int) streams.values().stream().filter(StoredStream::isClosed).count()
                            - MAX_CLOSED;
            var iterator = streams.values().iterator();
            while (tooMany > 0 && iterator.hasNext()) {
                if (iterator.next().isClosed()) {
                    iterator.remove();
                    tooMany--;
                }
            }
        }
    }

    /// Tells when viewers may have something new, of these streams or more of them.
    public Changes changes() {
        return changes;
    }

    /// The number of the last one.
    public long last() {
        return last;
    }

    /// Whether there are some after that number.
    public boolean hasAfter(long number) {
        return last > number;
    }

    /// Those after a number, at most so many.
    public synchronized Told after(long number, int most) {
        var found = new LinkedHashMap<Long, StoredStream>();
        long until = number;
        for (Map.Entry<Long, StoredStream> each : streams.tailMap(number, false).entrySet()) {
            if (found.size() == most) {
                return new Told(until, found);
            }
            found.put(each.getKey(), each.getValue());
            until = each.getKey();
        }
        return new Told(last, found);
    }

    /// How many are open.
    public synchronized long openCount() {
        return streams.values().stream().filter(each -> !each.isClosed()).count();
    }
}
