// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.relay.stream.StoredStream;
import java.util.HashSet;
import java.util.Set;

/// Whether all that a producer has sent has come: it asks of each stream, and then whether there
/// are streams that it has not asked of. Guarded by the session's lock.
final class DataPending {
    private final SessionStreams streams;
    private final Set<Long> asked = new HashSet<>();

    DataPending(SessionStreams streams) {
        this.streams = streams;
    }

    /// From now on is noted which streams are asked about.
    void begin() {
        asked.clear();
    }

    /// Whether packets up to that one are waited for.
    boolean isPending(StoredStream stream, long lastNetSeqNum) {
        asked.add(stream.handle());
        return stream.isPending(lastNetSeqNum);
    }

    /// Nothing of a metadata stream is ever waited for.
    void quiescent(long untrustedHandle) {
        if (streams.find(untrustedHandle).isPresent()) {
            asked.add(untrustedHandle);
        }
    }

    /// Whether a stream that is open was not asked about.
    boolean end() {
        return streams.has(each -> !asked.contains(each.handle()) && !each.isClosed());
    }
}
