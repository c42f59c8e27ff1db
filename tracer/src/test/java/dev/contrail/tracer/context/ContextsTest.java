// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.AppContext;
import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import dev.contrail.tracer.stack.StackContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextsTest {
    private static final long SESSION = 0xc0de;

    @Provider("contexts")
    public interface Events {
        void happened(@Field("n") int n);
    }

    private static final Events EVENTS = Tracer.bind(Events.class);
    private static final AppContext REQUEST = AppContext.of("test", "request");

    /// What records have between header and payload, as text, each recorded by a thread.
    private static List<String> recorded(List<String> contexts, Runnable... threads)
            throws Exception {
        RingWriter ring = RingWriter.open();
        ring.file().toFile().deleteOnExit();
        WriterPool pool =
                ring.openPool(
                        SESSION,
                        0,
                        PoolMode.DISCARD,
                        4096,
                        16,
                        Contexts.of(contexts, new StackContext()));
        EventPoint point = EventClasses.of("contexts:happened", 13, fields());
        point.enable(pool, 3);
        List<String> found = new ArrayList<>();
        try {
            for (Runnable each : threads) {
                each.run();
            }
            try (RingFile file = RingFile.open(ring.file(), -1)) {
                for (Pool each : file.pools()) {
                    if (each.sessionId() == SESSION) {
                        for (RingPacket packet : each.snapshot().packets()) {
                            read(packet.records(), file.context(each), found);
                        }
                    }
                }
            }
        } finally {
            EventClasses.disableAll(pool);
            ring.closePool(pool);
            release(ring);
        }
        return found;
    }

    private static void release(RingWriter ring) throws Exception {
        try (RingFile file = RingFile.open(ring.file(), -1)) {
            for (Pool each : file.pools()) {
                if (each.sessionId() == SESSION) {
                    each.release();
                }
            }
        }
    }

    private static List<EventField> fields() {
        return List.of(new EventField("n", FieldType.S32));
    }

    private static void read(ByteBuffer in, List<EventField> context, List<String> found) {
        while (in.hasRemaining()) {
            in.getLong();
            in.getInt();
            StringBuilder text = new StringBuilder();
            for (EventField field : context) {
                text.append(field.name()).append('=').append(value(in, field.type())).append(' ');
            }
            found.add(text.append("n=").append(in.getInt()).toString());
        }
    }

    private static String value(ByteBuffer in, FieldType type) {
        switch (type) {
            case STRING:
                int length = 0;
                while (in.get(in.position() + length) != 0) {
                    length++;
                }
                byte[] bytes = new byte[length];
                in.get(bytes).get();
                return new String(bytes, UTF_8);
            case S64:
            case U64:
                return Long.toString(in.getLong());
            case S32:
            case U32:
                return Integer.toString(in.getInt());
            default:
                return Byte.toString(in.get());
        }
    }

    private static void inThread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.start();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void areThoseOfTheThreadThatRecords() throws Exception {
        List<String> found =
                recorded(
                        List.of("thread_name", "vtid", "$app.test:request", "virtual_thread"),
                        () ->
                                inThread(
                                        "änn",
                                        () -> {
                                            REQUEST.set("17");
                                            EVENTS.happened(1);
                                        }),
                        () -> inThread("bob", () -> EVENTS.happened(2)),
                        () ->
                                inThread(
                                        "",
                                        () -> {
                                            REQUEST.set("18");
                                            REQUEST.clear();
                                            EVENTS.happened(3);
                                        }));
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "thread_name=änn app_test_request=17 virtual_thread=0 n=1",
                        "thread_name=bob app_test_request= virtual_thread=0 n=2",
                        "thread_name= app_test_request= virtual_thread=0 n=3");
    }

    /// Strings of 63 bytes and more, of one to four bytes a character, and halves of characters.
    @Test
    void haveStringsOfWholeCharacters() throws Exception {
        for (String unit : List.of("x", "ä", "€", "\ud83d\ude00")) {
            for (int count = 0; count < 80; count++) {
                String text = unit.repeat(count);
                String cut = text;
                while (cut.getBytes(UTF_8).length > 63) {
                    cut = cut.substring(0, cut.length() - unit.length());
                }
                assertThat(
                                recorded(
                                        List.of("$app.test:request"),
                                        () -> REQUEST.set(text),
                                        () -> EVENTS.happened(count(text))))
                        .containsExactly("app_test_request=" + cut + " n=" + count(text));
            }
        }
        assertThat(
                        recorded(
                                List.of("$app.test:request"),
                                () -> REQUEST.set("a\0b\ud83dc\ude00"),
                                () -> EVENTS.happened(0),
                                REQUEST::clear))
                .containsExactly("app_test_request=a\ufffdb\ufffdc\ufffd n=0");
    }

    private static int count(String text) {
        return text.length();
    }

    @Test
    void thatThereAreNotAreRefused() {
        assertThatThrownBy(() -> Contexts.fields(List.of("vpid", "ip")))
                .hasMessage("no context ip");
        assertThatThrownBy(() -> Contexts.fields(List.of("perf:thread:cycles")))
                .hasMessage("no context perf:thread:cycles");
        for (String name : List.of("$app.", "$app.:n", "$app.p:", "$app.p", "", "app.p:n")) {
            assertThatThrownBy(() -> Contexts.of(List.of(name), new StackContext()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Contexts.fields(Collections.nCopies(9, "thread_name")))
                .hasMessageContaining("576 bytes");
        assertThatThrownBy(() -> AppContext.of("a b", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a b'");
    }
}
