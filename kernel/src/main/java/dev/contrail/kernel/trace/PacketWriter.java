// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.kernel.convert.ChannelEvents;
import dev.contrail.kernel.convert.Converter;
import dev.contrail.kernel.schema.SyscallNumbers;
import dev.contrail.kernel.statedump.StateDump;
import dev.contrail.recorder.domain.PacketSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// Makes one CTF packet of a stretch of one kernel sub-buffer. Owned by the consumer thread.
public final class PacketWriter {
    private final Supplier<ChannelEvents> events;
    private final Function<UUID, String> metadata;
    private final Converter converter;

    /// @param events the channel's event classes at the time of asking
    /// @param metadata the metadata of a trace at the time of asking
    public PacketWriter(
            Supplier<ChannelEvents> events,
            Function<UUID, String> metadata,
            SyscallNumbers numbers) {
        this.events = events;
        this.metadata = metadata;
        this.converter = new Converter(numbers);
    }

    /// Stores the records between two positions of a sub-buffer, if the channel selects any.
    ///
    /// @param startTicks the sub-buffer's base time, or what the call before returned
    /// @param storedTicks records up to this time are stored already
    /// @param lost records lost in the stream until now
    /// @return time after the stretch
    public long write(
            PacketSink sink,
            CpuStream stream,
            MemorySegment in,
            long from,
            long to,
            long startTicks,
            long storedTicks,
            long lost)
            throws IOException {
        converter.begin(stream.lastTicks());
        converter.convert(in, from, to, startTicks, storedTicks, events.get());
        long ticks = converter.ticks();
        if (converter.count() > 0) {
            long first = converter.firstTicks();
            ByteBuffer packet = converter.packet();
            IndexEntry entry =
                    stream.entry(
                            packet.limit(),
                            first,
                            converter.lastTicks(),
                            converter.count(),
                            lost + converter.damaged());
            send(sink, stream, entry, packet);
        }
        return ticks;
    }

    /// Before a first packet that says that records were lost, one that says that none was: without
    /// it readers know that there was a loss, and not how large.
    public void begin(PacketSink sink, CpuStream stream, long ticks, long lost) throws IOException {
        if (lost > 0 && stream.isEmpty()) {
            writeEmpty(sink, stream, ticks, 0);
        }
    }

    /// Makes a stream known to who follows the trace, by an empty packet.
    ///
    /// @param ticks before its first record
    public void announce(PacketSink sink, CpuStream stream, long ticks) throws IOException {
        if (!sink.shows(stream.key())) {
            writeEmpty(sink, stream, ticks, stream.discarded());
        }
    }

    /// Stores a packet without records, to carry a count of lost ones.
    public void writeEmpty(PacketSink sink, CpuStream stream, long ticks, long lost)
            throws IOException {
        converter.begin(stream.lastTicks());
        ByteBuffer packet = converter.packet();
        long time = Math.max(ticks, stream.lastTicks());
        IndexEntry entry = stream.entry(packet.limit(), time, time, 0, lost);
        send(sink, stream, entry, packet);
    }

    /// Stores the packets of a state dump.
    ///
    /// @return how many records it has
    public long writeDump(PacketSink sink, CpuStream stream, StateDump dump) throws IOException {
        long records = 0;
        for (StateDump.Part part : dump.parts()) {
            ByteBuffer packet = ByteBuffer.allocate(Converter.HEADER_BYTES + part.records().length);
            packet.put(Converter.HEADER_BYTES, part.records());
            IndexEntry entry =
                    stream.entry(
                            packet.limit(),
                            part.firstTicks(),
                            part.lastTicks(),
                            part.recordCount(),
                            0);
            send(sink, stream, entry, packet);
            records += part.recordCount();
        }
        return records;
    }

    /// What counts the records of the last packet.
    public Converter converter() {
        return converter;
    }

    /// Metadata is asked for after the event classes were used, so it declares them all.
    private void send(PacketSink sink, CpuStream stream, IndexEntry entry, ByteBuffer packet)
            throws IOException {
        UUID uuid = sink.traceUuid(KernelTrace.DIRECTORY);
        sink.metadata(KernelTrace.DIRECTORY, metadata.apply(uuid));
        PacketStart.write(packet, uuid, entry);
        packet.putInt(stream.cpu());
        sink.packet(stream.key(), entry, packet.rewind());
        stream.stored(entry);
    }
}
