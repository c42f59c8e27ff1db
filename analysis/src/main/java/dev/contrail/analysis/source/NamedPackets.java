// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.ListedPackets;
import dev.contrail.analysis.PacketSource;
import java.io.IOException;

/// The packets of a source that other people have written: whatever it throws is an [IOException]
/// that names it.
record NamedPackets(String className, PacketSource packets) implements PacketSource {
    /// Those that are in memory cannot fail.
    static PacketSource of(String className, PacketSource packets) {
        return packets instanceof ListedPackets ? packets : new NamedPackets(className, packets);
    }

    @Override
    public Arrival next() throws IOException {
        try {
            return packets.next();
        } catch (IOException | RuntimeException e) {
            throw named(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            packets.close();
        } catch (IOException | RuntimeException e) {
            throw named(e);
        }
    }

    private IOException named(Exception e) {
        return new IOException(className + ": " + e, e);
    }
}
