// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Writes a trace: declare stream and event classes, append event records to streams, close.
///
/// Every packet gets, before the fields that a stream class declares, those that tell readers where
/// it belongs: magic number, UUID, stream class and instance, sizes, begin and end, sequence
/// number, discarded events. Every event record gets its id and, when [StreamClass#clock] names a
/// clock, its time. The classes that are handed in declare only what comes besides; members of
/// their packet header and event header come after ours, and readers do not show them.
///
/// Metadata is on disk before the packets that need it, a packet before its entry in
/// `index/NAME.idx`. Files are the owner's alone. One thread at a time for a writer and its
/// streams.
///
/// ```java
/// try (CtfWriter writer = CtfWriter.create(folder, trace)) {
///     CtfStream stream = writer.stream(new StreamClass(0, "monotonic"), "channel_0");
///     stream.append(tick, clock.ticks(), 42, "text");
/// }
/// ```
public final class CtfWriter implements AutoCloseable {
    /// Packets grow to this size unless [#create] is told otherwise; 16 of LTTng's pages.
    public static final int PACKET_BYTES = 64 << 10;

    private final DeclaredClasses classes;
    private final int packetBytes;
    private final List<CtfStream> streams = new ArrayList<>();

    private CtfWriter(DeclaredClasses classes, int packetBytes) {
        this.classes = classes;
        this.packetBytes = packetBytes;
    }

    /// Begins a trace in the format of its model.
    ///
    /// @param folder made when it is not there; must not hold a trace
    /// @param trace without a UUID it gets a random one
    /// @throws java.nio.file.FileAlreadyExistsException when there is a trace already
    public static CtfWriter create(Path folder, TraceClass trace) throws IOException {
        return create(folder, trace, trace.version(), PACKET_BYTES);
    }

    /// Begins a trace.
    ///
    /// @param version what is written; classes are declared, and values appended, as the model of
    ///   `trace` has them
    /// @param packetBytes where packets end; a larger event record gets a packet of its own
    /// @throws IllegalArgumentException when the trace cannot be declared so
    public static CtfWriter create(
            Path folder, TraceClass trace, CtfVersion version, int packetBytes) throws IOException {
        return create(folder, trace, version, packetBytes, Map.of());
    }

    /// As before, with attributes, which only CTF 2 has.
    ///
    /// @param attributes of the trace class and of any class, member or option that will be
    ///   declared, by their identity, see [Metadata#attributes]
    public static CtfWriter create(
            Path folder,
            TraceClass trace,
            CtfVersion version,
            int packetBytes,
            Map<Object, JsonValue> attributes)
            throws IOException {
        return new CtfWriter(new DeclaredClasses(folder, trace, version, attributes), packetBytes);
    }

    /// Begins a trace that lies in no folder: its packets go to the [PacketOutput]s of its streams,
    /// and what is declared is [#declared].
    ///
    /// ```java
    /// CtfWriter writer = CtfWriter.inMemory(trace, CtfWriter.PACKET_BYTES);
    /// writer.declare(List.of(streamClass), List.of(tick));
    /// Metadata metadata = writer.declared();
    /// CtfStream stream = writer.stream(streamClass, 0, (packet, entry) -> received.add(entry));
    /// ```
    ///
    /// @param packetBytes where packets end; a larger event record gets a packet of its own
    /// @throws IllegalArgumentException when the trace cannot be declared so
    public static CtfWriter inMemory(TraceClass trace, int packetBytes) {
        try {
            return new CtfWriter(
                    new DeclaredClasses(null, trace, trace.version(), Map.of()), packetBytes);
        } catch (IOException e) {
            throw new AssertionError("nothing was written", e);
        }
    }

    /// What the trace declares, as readers have it. Nothing can be declared after that: whoever has
    /// it can read all packets to come.
    public Metadata declared() {
        return classes.end();
    }

    /// Declares classes that are not yet declared. Several at once cost less than one by one, and a
    /// class that comes after event records ends the packets that are open.
    ///
    /// @param streams with the id of a clock class when their event records have times
    /// @param events of stream classes declared now or before
    /// @throws IllegalArgumentException when a class contradicts another or refers to a field that
    ///   is not there; nothing is declared then
    /// @throws IllegalStateException after [#declared]
    public void declare(List<StreamClass> streams, List<EventClass> events) throws IOException {
        classes.declare(streams, events);
    }

    /// Begins a stream, numbered after the others of its class.
    ///
    /// @param name of its file
    /// @param packetContext values of the packet context's own fields, in their order, see
    ///   [CtfStream#packetContext]
    public CtfStream stream(StreamClass streamClass, String name, Object... packetContext)
            throws IOException {
        long before = streams.stream().filter(each -> each.classId() == streamClass.id()).count();
        CtfStream stream = stream(streamClass, before, name);
        stream.packetContext(Arrays.asList(packetContext));
        return stream;
    }

    /// Begins a stream.
    ///
    /// @param instanceId tells it from others of its class
    /// @param name of its file
    /// @throws java.nio.file.FileAlreadyExistsException when there is such a file, or its index
    public CtfStream stream(StreamClass streamClass, long instanceId, String name)
            throws IOException {
        WrittenFolder folder = classes.folder();
        if (folder == null) {
            throw new IllegalStateException(
                    "a trace in memory has no stream files: `" + name + "`");
        }
        WrittenFolder.check(name);
        classes.declare(streamClass);
        return begin(streamClass, instanceId, folder.stream(name));
    }

    /// Begins a stream whose packets lie in no file.
    ///
    /// @param instanceId tells it from others of its class
    public CtfStream stream(StreamClass streamClass, long instanceId, PacketOutput output)
            throws IOException {
        classes.declare(streamClass);
        return begin(streamClass, instanceId, output);
    }

    private CtfStream begin(StreamClass streamClass, long instanceId, PacketOutput output) {
        var stream = new CtfStream(classes, streamClass.id(), instanceId, packetBytes, output);
        streams.add(stream);
        return stream;
    }

    /// Ends all streams: what is appended is written.
    @Override
    public void close() throws IOException {
        WrittenFolder folder = classes.folder();
        try (folder) {
            for (CtfStream stream : streams) {
                stream.close();
            }
        }
    }
}
