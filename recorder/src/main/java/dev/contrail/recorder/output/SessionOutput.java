// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/// Where a session's trace goes in the end, a directory or a relay: it counts what it could not
/// store, and says why. Owned by one thread, but for what any thread may ask.
public interface SessionOutput extends PacketSink {
    /// Which UUID each trace has. Any thread.
    TraceUuids uuids();

    /// What it could not store. Any thread.
    LostRecords lost();

    @Override
    default UUID traceUuid(String traceDirectory) {
        return uuids().of(traceDirectory);
    }

    @Override
    void metadata(String traceDirectory, String text);

    @Override
    void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet);

    @Override
    void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException;

    /// As [#store], but it may return before the packet is stored: [#unsettled] tells.
    default void send(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        store(stream, entry, packet);
    }

    /// How many of the packets that were sent, the newest, are not stored yet.
    default int unsettled() {
        return 0;
    }

    /// Waits no longer than that until fewer are unsettled.
    default void settle(long nanos) throws IOException {}

    /// How often all that was unsettled has become void: it is to be sent again.
    default long cuts() {
        return 0;
    }

    /// Whether what cannot be stored at the end of recording may be stored later. Any thread.
    default boolean isKept() {
        return false;
    }

    /// Whether it may be away for long: what every ring has given waits in the queue then, where
    /// the oldest gives way when there is no room.
    default boolean isSpooled() {
        return false;
    }

    /// Whether it is there, as far as is known. Any thread.
    default boolean isConnected() {
        return true;
    }

    /// How many viewers it has told of. Any thread.
    default long viewers() {
        return 0;
    }

    /// Where a relay has put it, below its output directory; empty where that is not known. Any
    /// thread.
    default String directoryThere() {
        return "";
    }

    /// Before a session starts: it is there, and takes packets.
    default void prepare() throws IOException {}

    /// From now on, until the next call, what does not change often is looked at once.
    default void beginRound() {}

    /// How often [#beat] is wanted, in nanoseconds; 0 where nobody follows.
    default long beatNanos() {
        return 0;
    }

    /// A packet of that stream is about to come: viewers should know before those of others go on.
    default void announce(StreamKey stream) throws IOException {}

    /// Viewers may go on until then: no packet that comes begins earlier.
    ///
    /// @param ticks of the trace's clock
    default void beat(long ticks) {}

    /// What waits is to be stored now or never.
    default void beginLast() {}

    /// Whether the last packet of a stream may grow after it was stored. Any thread.
    boolean isGrowing();

    /// That packet is given up: its records are counted as lost. Any thread.
    void lose(StreamKey stream, IndexEntry entry);

    /// As [#lose(StreamKey, IndexEntry)], because of something else than this output.
    ///
    /// @param why for the user
    void lose(StreamKey stream, IndexEntry entry, String why);

    /// Says in the traces what could not be stored until now, where no packet has said it.
    void tellLosses();

    /// A stream of an earlier daemon goes on: there may be losses of it that are not told yet. Any
    /// thread.
    default void goesOn(StreamKey stream) {}

    /// How long it has been busy with one thing, such as a packet, in nanoseconds; 0 when it is
    /// not. Any thread.
    long busyNanos();

    /// What it is, for messages. Any thread.
    String place();

    /// How many bytes more fit into the stream's present file; as many as you like without a limit.
    long roomLeft(StreamKey stream);

    /// What went wrong, such as a full disk; empty for nothing. Any thread.
    String problem();

    /// Records of packets that could not be stored. Any thread.
    default long lostRecords() {
        return lost().sum();
    }

    /// Of these, the ones of a channel.
    default long lostRecords(boolean isKernel, String channel) {
        return lost().ofChannel(isKernel, channel);
    }

    /// Records of the kernel's state dump that could not be stored. Any thread.
    default long lostOfStateDump(String channel) {
        return lost().recordsOf("kernel/" + channel + "_" + StreamKey.STATE_DUMP);
    }
}
