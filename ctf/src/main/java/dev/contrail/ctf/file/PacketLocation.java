// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

/// A packet in a stream file.
///
/// @param offsetBytes where the packet begins in its file
public record PacketLocation(long offsetBytes, IndexEntry entry) {

    /// Bytes of the packet, padding included.
    public long sizeBytes() {
        return entry.packetBits() / 8;
    }

    /// Where the next packet of the file begins.
    public long endBytes() {
        return offsetBytes + sizeBytes();
    }
}
