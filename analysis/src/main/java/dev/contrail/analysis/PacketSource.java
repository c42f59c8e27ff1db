// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.file.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The packets of one stream, in order, wherever they come from: files, memory, the ring of a
/// program that has died, a program or a network that goes on sending.
///
/// The reader asks for a packet when it is done with the one before, so that one of them is in
/// memory. One thread at a time uses a source, and closes it in the end. A source whose packets are
/// all known beforehand is [ListedPackets]: its stream can be cut into slices of time, which
/// several threads read.
///
/// ```java
/// var packets = new MemoryPackets("lines", List.of(packet), List.of(entry));
/// if (packets.next() instanceof PacketSource.Packet(ByteBuffer bytes, _, _, _, _, _)) {
///     System.out.println(bytes.remaining());
/// }
/// ```
public interface PacketSource extends AutoCloseable {
    /// What a reader gets that asks for the next packet.
    sealed interface Arrival {}

    /// The next packet.
    ///
    /// @param bytes from position to limit, as many of the packet as there are; the source's, and
    ///   unchanged until its next call
    /// @param place where it comes from, as a path of a file, for messages, as are `number`, of the
    ///   packet in that place, and `offsetBytes`, where it begins there
    /// @param availableBytes from the packet's begin to the end of that place: what a packet takes
    ///   that does not tell its size
    /// @param extent when the packet says that it is longer than `bytes`: as it was while it was so
    ///   long, and as it shall be read; empty when the rest is missing
    record Packet(
            ByteBuffer bytes,
            String place,
            long number,
            long offsetBytes,
            long availableBytes,
            Optional<IndexEntry> extent)
            implements Arrival {}

    /// A packet that cannot be read. The next one perhaps can.
    ///
    /// @param what and where, in one line
    record Unreadable(String what) implements Arrival {}

    /// No packet now, but a promise: none will come that has an event record before this time. What
    /// other streams have until then need not wait for this one.
    ///
    /// @param untilTicks of the stream's clock, unsigned
    record Quiet(long untilTicks) implements Arrival {}

    /// No packet now. The reader asks again a tenth of a second later.
    record NotYet() implements Arrival {}

    /// No packet will come any more.
    record End() implements Arrival {}

    /// Moves to the next packet. May wait for it, as long as an interrupt ends that.
    ///
    /// @throws IOException when neither this packet nor what is after it can be had
    Arrival next() throws IOException;

    /// Gives back what the source holds, the bytes of the present packet among it. May be called
    /// again.
    @Override
    default void close() throws IOException {}
}
