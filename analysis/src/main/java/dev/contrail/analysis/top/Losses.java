// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was lost on the way, by stream.
final class Losses {
    private record Key(String host, String stream) {}

    private static final int EVENTS = 0;
    private static final int PACKETS = 1;
    private static final int UNCOUNTED = 2;

    private static final Key OTHERS = new Key("(others)", "(others)");

    private final Map<Key, long[]> streams = new LinkedHashMap<>();
    private final long[] all = new long[3];
    private final int most;

    /// @param most streams that are counted one by one
    Losses(int most) {
        this.most = most;
    }

    /// @param count 0 when it is not known
    void add(String host, String stream, long count, boolean isPackets) {
        var key = new Key(host, stream.substring(stream.lastIndexOf('/') + 1));
        boolean isRoom = streams.size() < most || streams.containsKey(key);
        long[] sums = streams.computeIfAbsent(isRoom ? key : OTHERS, _ -> new long[3]);
        int kind = count == 0 ? UNCOUNTED : isPackets ? PACKETS : EVENTS;
        long amount = count == 0 ? 1 : count;
        sums[kind] += amount;
        all[kind] += amount;
    }

    List<Table.Row> rows(Wanted wanted) {
        var rows = new ArrayList<Table.Row>();
        streams.forEach((key, sums) -> {
            if (wanted.isHost(key.host)) {
                rows.add(
                        new Table.Row(
                                key.host,
                                key.stream,
                                sums[EVENTS],
                                sums[PACKETS],
                                sums[UNCOUNTED]));
            }
        });
        return rows;
    }

    long events() {
        return all[EVENTS];
    }

    long packets() {
        return all[PACKETS];
    }

    long uncounted() {
        return all[UNCOUNTED];
    }
}
