// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.SessionOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// Where packets go that the sender thread itself makes of spills, when its output may be away for
/// long: into the queue, where the oldest gives way when there is no room. Belongs to the sender
/// thread.
final class Spool implements PacketSink {
    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final SessionOutput output;
    private final Delivery delivery;
    private final PacketQueue queue;
    private final QueueEnd end;
    private final StreamPositions positions;
    private final Given given;

    Spool(
            SessionOutput output,
            Delivery delivery,
            PacketQueue queue,
            StreamPositions positions,
            Given given) {
        this.output = output;
        this.delivery = delivery;
        this.queue = queue;
        this.end = queue.secondEnd();
        this.positions = positions;
        this.given = given;
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return output.traceUuid(traceDirectory);
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) {
        return given.packet(stream)
                .or(() -> queue.inherited(stream))
                .or(() -> positions.of(stream));
    }

    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        given.metadata(traceDirectory, text);
    }

    /// Also by one that waits.
    @Override
    public boolean shows(StreamKey stream) {
        return output.shows(stream) || queue.streams().contains(stream);
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        while (!end.hasRoom() && (delivery.sendSome(1) || delivery.makeRoom())) {}
        given.packet(stream, entry);
        try {
            end.put(QueuedPacket.Kind.KEPT_PACKET, stream, entry, packet);
        } catch (IOException full) {
            given.withdraw(stream, entry, Optional.empty());
            output.lose(
                    stream,
                    entry,
                    "No room in %s for what waits to be stored: %s"
                            .formatted(given.stateDirectory(), Reason.of(full)));
        }
    }

    @Override
    public void end(StreamKey stream) {
        given.end(stream);
        try {
            end.putEnd(stream);
        } catch (IOException full) {
            LOG.log(System.Logger.Level.DEBUG, "Cannot end a stream", full);
        }
    }

    /// Gives back what it does not need, when nothing was put for a while.
    void rest() throws IOException {
        end.rest();
    }

    /// The queue and the output are others'.
    @Override
    public void close() {}
}
