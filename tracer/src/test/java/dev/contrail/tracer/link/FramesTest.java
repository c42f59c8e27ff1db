// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.jfr.JfrRule;
import dev.contrail.tracer.link.FromApplication.Acknowledged;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromApplication.Failed;
import dev.contrail.tracer.link.FromApplication.Hello;
import dev.contrail.tracer.link.FromApplication.Logger;
import dev.contrail.tracer.link.FromApplication.RingOpened;
import dev.contrail.tracer.link.FromDaemon.ClassDone;
import dev.contrail.tracer.link.FromDaemon.ClosePool;
import dev.contrail.tracer.link.FromDaemon.Disable;
import dev.contrail.tracer.link.FromDaemon.Enable;
import dev.contrail.tracer.link.FromDaemon.Logging;
import dev.contrail.tracer.link.FromDaemon.OpenPool;
import dev.contrail.tracer.link.FromDaemon.Ready;
import dev.contrail.tracer.link.FromDaemon.Welcome;
import dev.contrail.tracer.logging.LevelSelection;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.method.MethodRule;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final List<FromApplication> APPLICATION =
            List.of(
                    new Hello(1, 4711, 99, "/dev/shm/contrail-0", "17.0.15", "shop.Main", -1),
                    new Bound(3, "shop:paid", 13, fields(), ""),
                    new Bound(4, "shop:nothing", 6, List.of(), "(I)V arg=0 return"),
                    new Logger(LogSystem.LOGBACK, "größer.als"),
                    new FromApplication.LogState(LogSystem.LOG4J2, "none"),
                    new FromApplication.JfrEvent("jfr:GarbageCollection", fields()),
                    new FromApplication.MethodState(2, 3, "no such method"),
                    new RingOpened("/dev/shm/contrail-0/1-2-3.ring"),
                    new Acknowledged(1L << 40, ""),
                    new Acknowledged(-1, "no room"),
                    new Failed("?"));

    private static final List<FromDaemon> DAEMON =
            List.of(
                    new Welcome(1),
                    new OpenPool(
                            1,
                            2,
                            3,
                            PoolMode.DISCARD,
                            32768,
                            64,
                            List.of("vpid", "$app.shop:order")),
                    new ClosePool(4, 5, 6),
                    new Enable(7, 8, 9, 10, 11, List.of()),
                    new Enable(7, 8, 9, 10, 11, List.of("größer > 1", "x".repeat(5000))),
                    new Disable(12, 13, 14, 15),
                    new FromDaemon.Jfr(16, 17, 18, List.of()),
                    new FromDaemon.Jfr(
                            19,
                            20,
                            21,
                            List.of(
                                    new JfrRule(
                                            "jfr:GC*",
                                            List.of("jfr:GCPhase*"),
                                            List.of("threshold=10ms", "stack=no")),
                                    new JfrRule("jfr:*", List.of(), List.of()))),
                    new FromDaemon.ListJfr(22),
                    new FromDaemon.FlushJfr(23),
                    new FromDaemon.StateDump(24, 9, 1, true),
                    new FromDaemon.StateDump(25, 9, 2, false),
                    new Logging(16, 17, 18, 19, LogSystem.JUL, List.of()),
                    new Logging(
                            16,
                            17,
                            18,
                            19,
                            LogSystem.LOGBACK,
                            List.of(
                                    new LogRule("a.*", LevelSelection.AT_LEAST, 800),
                                    new LogRule(
                                            "*", List.of("b"), LevelSelection.EXACTLY, -7, "msg"))),
                    new FromDaemon.Methods(
                            22,
                            23,
                            24,
                            List.of(
                                    new MethodRule("a.B.c(*)", List.of()),
                                    new MethodRule("*.c", List.of("arg=0.id", "return")))),
                    new ClassDone(20),
                    new Ready(),
                    new FromDaemon.ListLoggers(21, LogSystem.LOG4J2));

    private static List<EventField> fields() {
        List<EventField> fields = new ArrayList<>();
        for (FieldType type : FieldType.values()) {
            fields.add(new EventField("f" + type, type));
        }
        return fields;
    }

    /// A connection whose other end has sent `input` and gone.
    private static final class Memory implements ByteChannel {
        private final ReadableByteChannel input;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();

        Memory(byte[] input) {
            this.input = Channels.newChannel(new ByteArrayInputStream(input));
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return input.read(target);
        }

        @Override
        public int write(ByteBuffer source) {
            output.write(source.get()); // one byte at a time: a socket may do that
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static byte[] bytes(FromApplication message) throws IOException {
        Memory memory = new Memory(new byte[0]);
        new Frames(memory).write(message);
        return memory.output.toByteArray();
    }

    private static byte[] bytes(FromDaemon message) throws IOException {
        Memory memory = new Memory(new byte[0]);
        new Frames(memory).write(message);
        return memory.output.toByteArray();
    }

    private static Frames frames(byte[] input) {
        return new Frames(new Memory(input));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        for (FromApplication message : APPLICATION) {
            assertThat(frames(bytes(message)).readFromApplication()).isEqualTo(message);
        }
        for (FromDaemon message : DAEMON) {
            assertThat(frames(bytes(message)).readFromDaemon()).isEqualTo(message);
        }
    }

    @Test
    void hasTheLayoutThatIsDocumented() throws IOException {
        assertThat(bytes(new Logger(LogSystem.LOG4J2, "ab")))
                .containsExactly(6, 0, 0, 0, 3, 1, 2, 0, 'a', 'b');
        assertThat(bytes(new ClassDone(258))).containsExactly(5, 0, 0, 0, 71, 2, 1, 0, 0);
    }

    @Test
    void takesTheEndBetweenFramesAsTheEnd() throws IOException {
        assertThat(frames(new byte[0]).readFromApplication()).isNull();
        assertThat(frames(new byte[0]).readFromDaemon()).isNull();
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        for (FromApplication message : APPLICATION) {
            byte[] whole = bytes(message);
            for (int length = 1; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> frames(cut).readFromApplication())
                        .isInstanceOf(LinkException.class);
            }
        }
    }

    @Test
    void refusesABodyThatIsShorterThanItsMessage() throws IOException {
        for (FromDaemon message : DAEMON) {
            byte[] whole = bytes(message);
            for (int length = 5; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                cut[0] = (byte) (length - 4);
                assertThatThrownBy(() -> frames(cut).readFromDaemon())
                        .isInstanceOf(LinkException.class);
            }
        }
    }

    @Test
    void endsInAMessageOrALinkExceptionForAnyDamage() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes(DAEMON.get(random.nextInt(DAEMON.size())));
            byte[] other = bytes(APPLICATION.get(random.nextInt(APPLICATION.size())));
            for (int i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                other[random.nextInt(other.length)] = (byte) random.nextInt();
            }
            try {
                frames(bytes).readFromDaemon();
            } catch (LinkException e) {
                assertThat(e).as("seed " + seed).hasMessageMatching(".+");
            }
            try {
                frames(other).readFromApplication();
            } catch (LinkException e) {
                assertThat(e).as("seed " + seed).hasMessageMatching(".+");
            }
        }
    }

    @Test
    void refusesSizesBeyondTheirBounds() {
        byte[] huge = {0, 0, 0x20, 0, 3};
        assertThatThrownBy(() -> frames(huge).readFromApplication())
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("frame of 2097152 bytes");
        byte[] unknown = {1, 0, 0, 0, 99};
        assertThatThrownBy(() -> frames(unknown).readFromApplication())
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("type 99");
        assertThatThrownBy(() -> frames(unknown).readFromDaemon())
                .isInstanceOf(LinkException.class);
        byte[] list = {9, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThatThrownBy(() -> frames(list).readFromApplication())
                .isInstanceOf(LinkException.class);
    }

    @Test
    void cutsAStringThatIsTooLongAtACharacter() throws IOException {
        String text = "x" + "ä".repeat(FrameFormat.MAX_STRING);
        Failed read = (Failed) frames(bytes(new Failed(text))).readFromApplication();
        assertThat(text).startsWith(read.text());
        assertThat(read.text().getBytes(UTF_8)).hasSize(FrameFormat.MAX_STRING - 1);
    }
}
