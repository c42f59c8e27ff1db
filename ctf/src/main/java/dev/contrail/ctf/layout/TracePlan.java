// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All layouts of a trace, ready for packets to be decoded and encoded. Immutable, shared by all
/// streams.
public final class TracePlan {
    /// Bytes that header and context may take when their size depends on their values.
    private static final int MAX_START_BYTES = 1 << 16;

    private final Metadata metadata;
    private final String file;
    private final Map<Long, StreamPlan> streams = new HashMap<>();
    private final boolean isCtf2;
    private final boolean hasMagic;
    private final boolean hasInstanceId;
    private final boolean hasStreamId;
    private final FieldLayout packetHeader;
    private final @Nullable FieldLayout uuid;

    private final LayoutCompiler compiler;
    private final StreamRoles streamRoles;

    private TracePlan(String file, Metadata metadata) throws CtfException {
        this.metadata = metadata;
        this.file = file;
        TraceClass trace = metadata.trace();
        this.isCtf2 = trace.version() == CtfVersion.CTF_2;
        this.compiler = new LayoutCompiler(file, trace.version());
        this.streamRoles = new StreamRoles(file, trace.clocks());
        packetHeader = compiler.compile(Scope.PACKET_HEADER, trace.packetHeader(), "trace");
        var roles = new HashMap<Role, FieldLayout>();
        if (isCtf2) {
            Roles.giveAsDeclared(packetHeader, Scope.PACKET_HEADER, roles);
            hasMagic = roles.containsKey(Role.MAGIC);
            uuid = roles.get(Role.METADATA_UUID);
        } else {
            Roles.give(packetHeader, "stream_id", Role.STREAM_CLASS_ID, roles);
            Roles.give(packetHeader, "stream_instance_id", Role.STREAM_INSTANCE_ID, roles);
            hasMagic = isMagicFirst();
            uuid = uuidField().orElse(null);
        }
        hasStreamId = roles.containsKey(Role.STREAM_CLASS_ID);
        hasInstanceId = roles.containsKey(Role.STREAM_INSTANCE_ID);
        if (metadata.streams().size() > 1 && !hasStreamId) {
            throw new CtfException(
                    file, "several stream classes, but no stream class id in packets to tell them");
        }
        for (StreamClass stream : metadata.streams()) {
            StreamPlan plan = stream(stream);
            streams.put(stream.id(), plan);
        }
        for (EventClass event : metadata.events()) {
            event(event);
        }
        streams.values().forEach(StreamPlan::end);
    }

    /// Compiles what the metadata declares.
    ///
    /// @param file how messages call the metadata
    /// @throws CtfException when a length or tag refers to nothing, or stream and clock do not fit
    public static TracePlan of(String file, Metadata metadata) throws CtfException {
        return new TracePlan(file, metadata);
    }

    public Metadata metadata() {
        return metadata;
    }

    public boolean isCtf2() {
        return isCtf2;
    }

    /// Whether packets begin with a magic number, the packet header's first member.
    public boolean hasMagic() {
        return hasMagic;
    }

    /// Whether packets say which stream class they belong to.
    public boolean hasStreamId() {
        return hasStreamId;
    }

    /// The packet header's array or BLOB of 16 bytes that is the trace's UUID, if there is one.
    public Optional<FieldLayout> uuid() {
        return Optional.ofNullable(uuid);
    }

    /// Whether packets say which stream of their class they belong to.
    public boolean hasInstanceId() {
        return hasInstanceId;
    }

    /// Whether a packet can be told from other bytes: it has a magic number and a UUID.
    public boolean isPacketRecognizable() {
        return hasMagic && uuid != null;
    }

    /// Whether the four bytes at `index` are the magic number in the trace's byte order.
    public boolean isMagic(ByteBuffer bytes, int index) {
        FieldLayout magic = packetHeader.parts[0];
        int value = magic.isReversed ? Integer.reverse(LttngSchema.MAGIC) : LttngSchema.MAGIC;
        int wanted = magic.isBigEndian ? value : Integer.reverseBytes(value);
        boolean isBigEndianBuffer = bytes.order() == ByteOrder.BIG_ENDIAN;
        int found = bytes.getInt(index);
        return (isBigEndianBuffer ? found : Integer.reverseBytes(found)) == wanted;
    }

    /// How many bytes from a packet's begin hold its header and context.
    public int startBytes() {
        long bits = packetHeader.mostBits;
        long most = 0;
        for (StreamPlan stream : streams.values()) {
            most = Math.max(most, stream.packetContext.mostBits);
        }
        boolean isBounded = bits < MAX_START_BYTES * 8L && most < MAX_START_BYTES * 8L - bits;
        return isBounded ? (int) ((bits + most + 7) / 8) : MAX_START_BYTES;
    }

    /// The layout of the packet header: without members where none is declared.
    public FieldLayout headerLayout() {
        return packetHeader;
    }

    /// The layout of the packet header, if it is declared.
    public Optional<FieldLayout> packetHeader() {
        return packetHeader.ifDeclared();
    }

    /// Where decoders and encoders keep lengths and selectors.
    public KeyFinder keys() {
        return compiler.keys();
    }

    /// The first stream class of a trace whose packets do not name one: there is no other.
    public Optional<StreamPlan> onlyStream() {
        return streams.values().stream().findFirst();
    }

    /// The plan of a stream class, if it is declared.
    public Optional<StreamPlan> stream(long id) {
        return Optional.ofNullable(streams.get(id));
    }

    private StreamPlan stream(StreamClass stream) throws CtfException {
        String where = "stream " + Long.toUnsignedString(stream.id());
        var plan =
                new StreamPlan(
                        stream,
                        compiler.compile(Scope.PACKET_CONTEXT, stream.packetContext(), where),
                        compiler.compile(Scope.EVENT_HEADER, stream.eventHeader(), where),
                        compiler.compile(Scope.COMMON_CONTEXT, stream.eventContext(), where));
        if (isCtf2) {
            streamRoles.giveRoles(plan);
        } else {
            streamRoles.giveByNames(plan, where);
        }
        return plan;
    }

    private void event(EventClass event) throws CtfException {
        String where = "event `" + CtfException.shortened(event.name()) + "`";
        StreamPlan stream =
                stream(event.streamId())
                        .orElseThrow(() ->
                                new CtfException(file, where + ": its stream is not declared"));
        compiler.enter(Scope.PACKET_HEADER, packetHeader);
        compiler.enter(Scope.PACKET_CONTEXT, stream.packetContext);
        compiler.enter(Scope.EVENT_HEADER, stream.eventHeader);
        compiler.enter(Scope.COMMON_CONTEXT, stream.commonContext);
        var plan =
                new EventPlan(
                        event,
                        stream.events().size(),
                        compiler.compile(Scope.SPECIFIC_CONTEXT, event.context(), where),
                        compiler.compile(Scope.PAYLOAD, event.fields(), where));
        if (!isCtf2) {
            streamRoles.collectClock(stream, plan.specificContext(), where);
            streamRoles.collectClock(stream, plan.payload(), where);
        }
        stream.add(plan);
        if (stream.events().size() > 1 && !stream.roles.containsKey(Role.EVENT_CLASS_ID)) {
            throw new CtfException(
                    file, where + ": several event classes, but no event class id in records");
        }
    }

    private boolean isMagicFirst() {
        return Roles.member(packetHeader, "magic")
                .filter(magic -> magic == packetHeader.parts[0])
                .filter(magic -> magic.kind == Kind.INTEGER && magic.sizeBits == 32)
                .isPresent();
    }

    private Optional<FieldLayout> uuidField() {
        if (metadata.trace().uuid().equals(TraceClass.NO_UUID)) {
            return Optional.empty();
        }
        return Roles.member(packetHeader, "uuid")
                .filter(field -> field.kind == Kind.ARRAY && field.length == 16)
                .filter(field -> field.parts[0].kind == Kind.INTEGER)
                .filter(field -> field.parts[0].sizeBits == 8);
    }
}
