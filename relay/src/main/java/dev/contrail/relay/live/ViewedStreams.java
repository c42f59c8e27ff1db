// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The streams that a viewer was told of, by the numbers that it knows them by: its own ones, which
/// mean nothing to producers or other viewers.
final class ViewedStreams {
    private final Map<Long, ViewedStream> streams = new HashMap<>();
    private long last;

    long add(ViewedStream stream) {
        last++;
        streams.put(last, stream);
        return last;
    }

    void remove(long id) {
        streams.remove(id);
    }

    Optional<ViewedStream> find(long untrustedId) {
        return Optional.ofNullable(streams.get(untrustedId));
    }
}
