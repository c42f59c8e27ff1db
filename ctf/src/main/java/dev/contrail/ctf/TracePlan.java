// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldLayout.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All layouts of a trace, ready for [PacketDecoder]s. Immutable, shared by all streams.
public final class TracePlan {
    private static final ClockClass IMPLICIT_CLOCK =
            new ClockClass("default", "", "", 1_000_000_000L, 0, 0, 0, false);

    /// Bytes that header and context may take when their size depends on their values.
    private static final int MAX_START_BYTES = 1 << 16;

    private final Metadata metadata;
    private final String file;
    private final Map<Long, StreamPlan> streams = new HashMap<>();
    final boolean hasMagic;
    final boolean hasInstanceId;
    final boolean hasStreamId;

    /// Null when no packet header is declared.
    final FieldLayout packetHeader;

    /// The packet header's array of 16 bytes that is the trace's UUID; null for none.
    final FieldLayout uuid;

    private final LayoutCompiler compiler;

    private TracePlan(String file, Metadata metadata) throws CtfException {
        this.metadata = metadata;
        this.file = file;
        this.compiler = new LayoutCompiler(file);
        TraceClass trace = metadata.trace();
        packetHeader = layout(Scope.PACKET_HEADER, trace.packetHeader(), "trace");
        var roles = new HashSet<Role>();
        give(packetHeader, "stream_id", Role.STREAM_CLASS_ID, roles);
        give(packetHeader, "stream_instance_id", Role.STREAM_INSTANCE_ID, roles);
        hasStreamId = roles.contains(Role.STREAM_CLASS_ID);
        hasInstanceId = roles.contains(Role.STREAM_INSTANCE_ID);
        hasMagic = isMagicFirst();
        uuid = uuid();
        if (metadata.streams().size() > 1 && !hasStreamId) {
            throw new CtfException(file, "several stream classes, but no `stream_id` to tell them");
        }
        for (StreamClass stream : metadata.streams()) {
            StreamPlan plan = stream(stream);
            streams.put(stream.id(), plan);
        }
        for (EventClass event : metadata.events()) {
            event(streams.get(event.streamId()), event);
        }
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
        boolean isBigEndian = packetHeader.parts[0].isBigEndian;
        int wanted = isBigEndian ? LttngSchema.MAGIC : Integer.reverseBytes(LttngSchema.MAGIC);
        boolean isBigEndianBuffer = bytes.order() == ByteOrder.BIG_ENDIAN;
        int found = bytes.getInt(index);
        return (isBigEndianBuffer ? found : Integer.reverseBytes(found)) == wanted;
    }

    /// How many bytes from a packet's begin are enough to [PacketDecoder#begin] it.
    public int startBytes() {
        long bits = packetHeader == null ? 0 : packetHeader.mostBits;
        long most = 0;
        for (StreamPlan stream : streams.values()) {
            most = Math.max(most, stream.packetContext == null ? 0 : stream.packetContext.mostBits);
        }
        boolean isBounded = bits < MAX_START_BYTES * 8L && most < MAX_START_BYTES * 8L - bits;
        return isBounded ? (int) ((bits + most + 7) / 8) : MAX_START_BYTES;
    }

    int registerCount() {
        return compiler.registerCount();
    }

    StreamPlan onlyStream() {
        return streams.size() == 1 ? streams.values().iterator().next() : null;
    }

    /// The plan of a stream class, if it is declared.
    public Optional<StreamPlan> stream(long id) {
        return Optional.ofNullable(streams.get(id));
    }

    private FieldLayout layout(Scope scope, StructureClass structure, String where)
            throws CtfException {
        return structure.isAbsent() ? null : compiler.compile(scope, structure, where);
    }

    private StreamPlan stream(StreamClass stream) throws CtfException {
        String where = "stream " + Long.toUnsignedString(stream.id());
        var plan =
                new StreamPlan(
                        stream,
                        layout(Scope.PACKET_CONTEXT, stream.packetContext(), where),
                        layout(Scope.EVENT_HEADER, stream.eventHeader(), where),
                        layout(Scope.COMMON_CONTEXT, stream.eventContext(), where));
        FieldLayout context = plan.packetContext;
        give(context, "packet_size", Role.PACKET_SIZE, plan.roles);
        give(context, "content_size", Role.CONTENT_SIZE, plan.roles);
        give(context, "timestamp_begin", Role.BEGIN, plan.roles);
        FieldLayout end = give(context, "timestamp_end", Role.END, plan.roles);
        FieldLayout discarded = give(context, "events_discarded", Role.DISCARDED, plan.roles);
        FieldLayout sequence = give(context, "packet_seq_num", Role.SEQUENCE, plan.roles);
        plan.discardedBits = discarded == null ? 64 : discarded.sizeBits;
        plan.sequenceBits = sequence == null ? 64 : sequence.sizeBits;
        giveAll(plan.eventHeader, "id", Role.EVENT_CLASS_ID, plan.roles);
        mapTime(plan, where);
        if (end != null) {
            end.movesClock = false;
        }
        hide(context);
        return plan;
    }

    /// Hides structures that have lost all their members to meanings.
    private static void hide(FieldLayout layout) {
        if (layout == null) {
            return;
        }
        boolean isAllHidden = layout.parts.length > 0;
        for (FieldLayout part : layout.parts) {
            hide(part);
            isAllHidden &= part.isHidden;
        }
        if (layout.kind == Kind.STRUCTURE) {
            layout.isHidden = isAllHidden;
        }
    }

    /// Finds the clock, after mapping the well-known fields that no `map` was given.
    private void mapTime(StreamPlan plan, String where) throws CtfException {
        FieldLayout context = plan.packetContext;
        mapTime(plan, member(context, "timestamp_begin"), where);
        mapTime(plan, member(context, "timestamp_end"), where);
        mapAll(plan, plan.eventHeader, where);
        collectClock(plan, context, where);
        collectClock(plan, plan.eventHeader, where);
        collectClock(plan, plan.commonContext, where);
    }

    private void mapAll(StreamPlan plan, FieldLayout layout, String where) throws CtfException {
        if (layout == null) {
            return;
        }
        for (int i = 0; i < layout.parts.length; i++) {
            if (layout.kind == Kind.STRUCTURE && fullName(layout, i).equals("timestamp")) {
                mapTime(plan, layout.parts[i], where);
            }
            mapAll(plan, layout.parts[i], where);
        }
    }

    private void mapTime(StreamPlan plan, FieldLayout field, String where) throws CtfException {
        if (field == null
                || field.kind != Kind.INTEGER
                || field.isSigned
                || !clockOf(field).isEmpty()) {
            return;
        }
        var clocks = metadata.trace().clocks();
        if (clocks.size() > 1) {
            throw new CtfException(
                    file, where + ": a time stamp without `map`, though there are several clocks");
        }
        ClockClass clock = clocks.isEmpty() ? IMPLICIT_CLOCK : clocks.getFirst();
        field.movesClock = true;
        field.isHidden = true;
        use(plan, clock, where);
    }

    private static String clockOf(FieldLayout field) {
        return switch (field.fieldClass) {
            case IntegerClass integer -> integer.clock();
            case EnumerationClass enumeration -> enumeration.container().clock();
            case FieldClass _ -> "";
        };
    }

    private void collectClock(StreamPlan plan, FieldLayout layout, String where)
            throws CtfException {
        if (layout == null) {
            return;
        }
        String name = layout.kind == Kind.INTEGER ? clockOf(layout) : "";
        if (!name.isEmpty()) {
            for (ClockClass clock : metadata.trace().clocks()) {
                if (clock.name().equals(name)) {
                    use(plan, clock, where);
                }
            }
        }
        for (FieldLayout part : layout.parts) {
            collectClock(plan, part, where);
        }
    }

    private void use(StreamPlan plan, ClockClass clock, String where) throws CtfException {
        if (plan.clock != null && plan.clock != clock) {
            throw new CtfException(
                    file,
                    "%s: time stamps of two clocks, `%s` and `%s`"
                            .formatted(where, plan.clock.name(), clock.name()));
        }
        plan.clock = clock;
    }

    private void event(StreamPlan stream, EventClass event) throws CtfException {
        String where = "event `" + TsdlLexer.shortened(event.name()) + "`";
        enter(Scope.PACKET_HEADER, packetHeader);
        enter(Scope.PACKET_CONTEXT, stream.packetContext);
        enter(Scope.EVENT_HEADER, stream.eventHeader);
        enter(Scope.COMMON_CONTEXT, stream.commonContext);
        var plan =
                new EventPlan(
                        event,
                        layout(Scope.SPECIFIC_CONTEXT, event.context(), where),
                        layout(Scope.PAYLOAD, event.fields(), where));
        collectClock(stream, plan.specificContext, where);
        collectClock(stream, plan.payload, where);
        stream.events.put(event.id(), plan);
        boolean isOnly = stream.events.size() == 1;
        if (!isOnly && !stream.roles.contains(Role.EVENT_CLASS_ID)) {
            throw new CtfException(file, where + ": several event classes, but no `id` in records");
        }
        stream.onlyEvent = isOnly ? plan : null;
    }

    private void enter(Scope scope, FieldLayout root) {
        if (root != null) {
            compiler.enter(scope, root);
        }
    }

    private static String fullName(FieldLayout structure, int index) {
        return ((StructureClass) structure.fieldClass).members().get(index).name();
    }

    private static FieldLayout member(FieldLayout structure, String name) {
        if (structure != null) {
            for (int i = 0; i < structure.parts.length; i++) {
                if (fullName(structure, i).equals(name)) {
                    return structure.parts[i];
                }
            }
        }
        return null;
    }

    /// Gives a meaning to a member that is an unsigned integer.
    private static FieldLayout give(
            FieldLayout structure, String name, Role role, Set<Role> given) {
        FieldLayout field = member(structure, name);
        if (field == null || field.kind != Kind.INTEGER || field.isSigned) {
            return null;
        }
        field.role = role.ordinal();
        field.isHidden = true;
        given.add(role);
        return field;
    }

    /// Gives a meaning to members of that name at any depth; the last decoded one wins.
    private static void giveAll(FieldLayout layout, String name, Role role, Set<Role> given) {
        if (layout == null) {
            return;
        }
        if (layout.kind == Kind.STRUCTURE) {
            give(layout, name, role, given);
        }
        for (FieldLayout part : layout.parts) {
            giveAll(part, name, role, given);
        }
    }

    private boolean isMagicFirst() {
        FieldLayout magic = member(packetHeader, "magic");
        return magic != null
                && magic == packetHeader.parts[0]
                && magic.kind == Kind.INTEGER
                && magic.sizeBits == 32;
    }

    private FieldLayout uuid() {
        FieldLayout field = member(packetHeader, "uuid");
        boolean isUuid =
                field != null
                        && field.kind == Kind.ARRAY
                        && field.length == 16
                        && field.parts[0].kind == Kind.INTEGER
                        && field.parts[0].sizeBits == 8
                        && !metadata.trace().uuid().equals(TraceClass.NO_UUID);
        return isUuid ? field : null;
    }
}
