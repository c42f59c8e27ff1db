// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.EventContext;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Records with something between header and payload, and the same events without it.
class EventContextTest {
    private static final long SESSION = 0xc047e47;
    private static final int ID = 9;
    private static final int BLOCK_BYTES = 4096;

    @Provider("context")
    interface Events {
        void none();

        void some(@Field("n") long n, @Field("text") String text);
    }

    /// A number that goes up, and a byte that tells whether it is where it should be.
    private static final class Counter implements EventContext {
        private long next;

        @Override
        public List<EventField> fields() {
            return List.of(
                    new EventField("count", FieldType.S64), new EventField("mark", FieldType.U8));
        }

        @Override
        public int put(int at) {
            Memory.putLong(at, next++);
            Memory.putByte(at + 8, (byte) 0xc7);
            return at + CONTEXT_BYTES;
        }
    }

    private static final int CONTEXT_BYTES = 9;

    private final Events events =
            InterfaceBinder.bind(MethodHandles.lookup(), Events.class, null, new Problems());
    private WriterPool with;
    private WriterPool without;

    @BeforeEach
    void open() throws Exception {
        RingWriter ring = RingWriter.open();
        with = ring.openPool(SESSION, 0, PoolMode.DISCARD, BLOCK_BYTES, 64, new Counter());
        without = ring.openPool(SESSION, 1, PoolMode.DISCARD, BLOCK_BYTES, 64);
        for (String name : List.of("context:none", "context:some")) {
            point(name).enable(with, ID);
            point(name).enable(without, ID);
        }
    }

    @AfterEach
    void close() throws Exception {
        for (WriterPool pool : List.of(with, without)) {
            EventClasses.disableAll(pool);
            RingWriter.current().closePool(pool);
        }
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (Pool each : ring.pools()) {
                if (each.sessionId() == SESSION) {
                    each.release();
                }
            }
        }
        RingWriter.current().file().toFile().deleteOnExit();
    }

    private static EventPoint point(String name) {
        for (EventPoint point : EventClasses.from(0)) {
            if (point.name().equals(name)) {
                return point;
            }
        }
        throw new AssertionError(name);
    }

    /// The records of a channel: `count` if there is a context, then the payload.
    private static List<String> records(int channel) throws Exception {
        List<String> found = new ArrayList<>();
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (Pool pool : ring.pools()) {
                if (pool.sessionId() != SESSION || pool.channelId() != channel) {
                    continue;
                }
                List<EventField> context = ring.context(pool);
                PoolSnapshot snapshot = pool.snapshot();
                assertThat(snapshot.totals().lost()).isZero();
                for (RingPacket packet : snapshot.packets()) {
                    for (ByteBuffer bytes = packet.records(); bytes.hasRemaining(); ) {
                        found.add(record(bytes, !context.isEmpty()));
                    }
                }
            }
        }
        return found;
    }

    private static String record(ByteBuffer bytes, boolean hasContext) {
        assertThat(bytes.getLong() & 0xffff).isEqualTo(ID);
        assertThat(bytes.getInt()).isNotZero();
        String text = "";
        if (hasContext) {
            text = bytes.getLong() + ":";
            assertThat(bytes.get()).isEqualTo((byte) 0xc7);
        }
        text += bytes.getLong();
        int length = 0;
        while (bytes.get(bytes.position() + length) != 0) {
            length++;
        }
        byte[] string = new byte[length];
        bytes.get(string).get();
        return text + new String(string, UTF_8);
    }

    /// A record that turns out not to be plain ASCII is begun anew.
    @Test
    void standsBetweenHeaderAndPayload() throws Exception {
        events.some(1, "plain");
        events.some(2, "größer");
        events.some(3, "");
        assertThat(records(0)).containsExactly("0:1plain", "2:2größer", "3:3");
        assertThat(records(1)).containsExactly("1plain", "2größer", "3");
    }

    @Test
    void isDeclaredInTheMetadataOfItsPool() throws Exception {
        RingWriter.current().describe(with, point("context:some").description(ID));
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (Pool pool : ring.pools()) {
                if (pool.sessionId() != SESSION) {
                    continue;
                }
                boolean isWith = pool.channelId() == 0;
                assertThat(ring.context(pool))
                        .isEqualTo(isWith ? new Counter().fields() : List.of());
                assertThat(ring.events(pool)).hasSize(isWith ? 1 : 0);
            }
        }
    }

    /// A record as large as a block, in bytes, has that many of them less for its strings.
    @Test
    void takesItsPlaceOfTheBlock() throws Exception {
        int most = BLOCK_BYTES - 128 - 12 - CONTEXT_BYTES - 8 - 1;
        events.some(1, "ä" + "x".repeat(most - 2));
        events.some(2, "x".repeat(most));
        assertThat(records(0))
                .containsExactly("0:1ä" + "x".repeat(most - 2), "1:2" + "x".repeat(most));
        events.some(3, "x".repeat(most + 1));
        assertThat(records(0).get(2))
                .startsWith("2:3x")
                .endsWith("… (" + (most + 1) + " characters)");
        assertThat(records(1).get(2)).isEqualTo("3" + "x".repeat(most + 1));
    }

    @Test
    void isInTheCompanionForLargeRecordsToo() throws Exception {
        RingWriter.current().openLarge(with, point("context:some").description(ID));
        events.some(1, "x".repeat(5000));
        events.some(2, "y");
        assertThat(records(0)).containsExactlyInAnyOrder("0:1" + "x".repeat(5000), "1:2y");
    }

    @Test
    void isNotLarge() {
        List<EventField> many = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            many.add(new EventField("f" + i, FieldType.S64));
        }
        assertThat(EventContext.mostBytes(many.subList(0, 64))).isEqualTo(512);
        assertThatThrownBy(() -> EventContext.mostBytes(many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("520 bytes");
        EventField text = new EventField("text", FieldType.STRING);
        assertThat(EventContext.mostBytes(List.of(text))).isEqualTo(64);
    }
}
