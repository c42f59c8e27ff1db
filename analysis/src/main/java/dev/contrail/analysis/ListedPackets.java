// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.file.IndexEntry;
import java.util.List;

/// A source whose packets are all known before they are read, and can be read again from any of
/// them on.
public interface ListedPackets extends PacketSource {
    /// What is known of the packets: sizes, times, what was discarded; in order. Any thread.
    List<IndexEntry> entries();

    /// Whether a packet can be read without reading those before it.
    default boolean isSeekable() {
        return true;
    }

    /// Some of the packets, from the first on, for another reader. Any thread may call this, and
    /// use what it gets while other threads use the source.
    ///
    /// @param from the number of the first, an index of [#entries]
    /// @param to after the last
    ListedPackets part(int from, int to);
}
