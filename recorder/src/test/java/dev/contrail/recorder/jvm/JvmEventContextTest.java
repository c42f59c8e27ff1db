// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.ctf.tsdl.TsdlWriter;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.Cell;
import dev.contrail.tracer.ring.write.EventContext;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// From an application's ring, whose records have a context, to the reader of a trace.
class JvmEventContextTest {
    private static final long SESSION = 0xc047;
    private static final int CHANNEL = 3;
    private static final int EVENT_ID = 5;
    private static final UUID TRACE = UUID.randomUUID();
    private static final ClockClass CLOCK =
            ClockClass.monotonic("2cfc1350-7fff-4fac-9d78-043751401ef9", 5);

    private static final class Counter implements EventContext {
        private long next = 70;

        @Override
        public List<EventField> fields() {
            return List.of(
                    new EventField("count", FieldType.S64), new EventField("half", FieldType.S16));
        }

        @Override
        public int put(int at) {
            Memory.putLong(at, next);
            Memory.putShort(at + 8, (short) (-next / 2));
            next++;
            return at + 10;
        }
    }

    /// The consumer copies the bytes of the records; the trace's metadata says what they are.
    @Test
    void isReadAsTheMetadataOfTheStreamDeclaresIt() throws Exception {
        RingWriter ring = RingWriter.open();
        ring.file().toFile().deleteOnExit();
        WriterPool pool =
                ring.openPool(SESSION, CHANNEL, PoolMode.DISCARD, 4096, 16, new Counter());
        ring.describe(
                pool,
                new EventDescription(
                        EVENT_ID,
                        "shop:paid",
                        13,
                        List.of(new EventField("order", FieldType.S64))));
        paid(pool, 1);
        paid(pool, 2);

        var found = new ArrayList<String>();
        try (RingFile file = RingFile.open(ring.file(), -1)) {
            for (Pool each : file.pools()) {
                if (each.sessionId() == SESSION) {
                    var plan =
                            TracePlan.of(
                                    "m", MetadataFile.parse("m", metadata(file.context(each))));
                    for (RingPacket packet : each.snapshot().packets()) {
                        read(new PacketDecoder(plan), packet, found);
                    }
                }
            }
        }
        ring.closePool(pool);
        assertThat(found).containsExactly("count=70 half=-35 order=1", "count=71 half=-35 order=2");
    }

    /// The steps of generated code.
    private static void paid(WriterPool pool, long order) {
        Cell cell = taken(pool);
        assertThat(cell.open(pool.mostBeforePayload() + Long.BYTES)).isTrue();
        int at = pool.context().put(cell.header(EVENT_ID) + Cell.HEADER_BYTES);
        Memory.putLong(at, order);
        cell.end(at + Long.BYTES);
    }

    private static Cell taken(WriterPool pool) {
        try {
            return pool.take();
        } catch (Throwable none) {
            throw new AssertionError(none);
        }
    }

    private static String metadata(List<EventField> context) {
        Member[] members = context.stream().map(JvmEventContextTest::member).toArray(Member[]::new);
        StreamClass stream = JvmSchema.stream(CHANNEL, CLOCK, members);
        var fields = new StructureClass(List.of(member(new EventField("order", FieldType.S64))), 1);
        return TsdlWriter.preamble(
                        new TraceClass(
                                TRACE,
                                ByteOrder.LITTLE_ENDIAN,
                                LttngSchema.packetHeader(),
                                new LinkedHashMap<>(),
                                List.of(CLOCK)),
                        List.of())
                + TsdlWriter.stream(stream)
                + TsdlWriter.event(
                        new EventClass(
                                EVENT_ID, CHANNEL, "shop:paid", 13, StructureClass.ABSENT, fields));
    }

    private static Member member(EventField field) {
        return new Member("_" + field.name(), JvmSchema.field(field.type().metadataName()));
    }

    private static void read(PacketDecoder decoder, RingPacket packet, List<String> found)
            throws Exception {
        ByteBuffer bytes =
                ByteBuffer.allocate(JvmSchema.PACKET_START_BYTES + packet.records().remaining());
        PacketStart.write(
                bytes,
                TRACE,
                new IndexEntry(
                        bytes.capacity() * 8L,
                        bytes.capacity() * 8L,
                        packet.beginTicks(),
                        packet.endTicks(),
                        packet.recordCount(),
                        0,
                        CHANNEL,
                        0,
                        0));
        bytes.position(JvmSchema.PACKET_START_BYTES).put(packet.records()).flip();
        decoder.begin(bytes, "f", 0, 0, bytes.limit());
        while (decoder.next()) {
            FieldLayout context = decoder.layout(Scope.COMMON_CONTEXT).orElseThrow();
            int slot = decoder.firstSlot(Scope.COMMON_CONTEXT);
            assertThat(context.name(0)).isEqualTo("vtid");
            assertThat(decoder.slots()[slot]).isNotZero();
            found.add(
                    "%s=%d %s=%d %s=%d"
                            .formatted(
                                    context.name(1),
                                    decoder.slots()[slot + 1],
                                    context.name(2),
                                    decoder.slots()[slot + 2],
                                    decoder.layout(Scope.PAYLOAD).orElseThrow().name(0),
                                    decoder.slots()[decoder.firstSlot(Scope.PAYLOAD)]));
        }
    }
}
