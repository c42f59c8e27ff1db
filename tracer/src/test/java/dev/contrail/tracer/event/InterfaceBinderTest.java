// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Level;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Records through generated classes and reads the bytes back.
class InterfaceBinderTest {
    @Provider("types")
    interface Types {
        @Level(Level.INFO)
        void all(
                @Field("z") boolean z,
                @Field("b") byte b,
                @Field("s") short s,
                @Field("c") char c,
                @Field("i") int i,
                @Field("j") long j,
                @Field("f") float f,
                @Field("d") double d,
                @Field("t") String t,
                @Field("last") int last);

        void none();

        void two(@Field("a") String a, @Field("b") String b);

        void four(
                @Field("a") String a,
                @Field("b") String b,
                @Field("c") String c,
                @Field("d") String d);
    }

    private static int sessions;
    private final List<WriterPool> pools = new ArrayList<>();
    private final int session = ++sessions;

    /// Strings that were cut, in the pools that [#payloads] has read.
    private long cut;

    private static <T> T bind(Class<T> events) {
        Problems problems = new Problems();
        T bound = InterfaceBinder.bind(MethodHandles.lookup(), events, null, problems);
        assertThat(problems.text()).isEmpty();
        return bound;
    }

    /// As another copy of this jar would.
    private static <T> T bindFromOutside(Class<T> events) {
        return InterfaceBinder.bind(
                MethodHandles.lookup(), events, EventHandles::answer, new Problems());
    }

    private static EventPoint point(String name) {
        for (EventPoint point : EventClasses.from(0)) {
            if (point.name().equals(name)) {
                return point;
            }
        }
        throw new AssertionError(name);
    }

    private WriterPool pool() throws Exception {
        WriterPool pool =
                RingWriter.open().openPool(session, pools.size(), PoolMode.OVERWRITE, 4096, 16);
        pools.add(pool);
        return pool;
    }

    @AfterEach
    void closePools() throws IOException {
        for (WriterPool pool : pools) {
            EventClasses.disableAll(pool);
            RingWriter.current().closePool(pool);
        }
        Path file = RingWriter.current().file();
        try (RingFile ring = RingFile.open(file, -1)) {
            for (var pool : ring.pools()) {
                if (pool.isDraining()) {
                    pool.release();
                }
            }
        }
        file.toFile().deleteOnExit();
    }

    /// The payloads in channel `channel`, in order of their cells; ids and thread ids are checked.
    private List<ByteBuffer> payloads(int channel, int id, int... sizes) throws IOException {
        List<ByteBuffer> found = new ArrayList<>();
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (var pool : ring.pools()) {
                if (pool.sessionId() != session || pool.channelId() != channel) {
                    continue;
                }
                PoolSnapshot snapshot = pool.snapshot();
                assertThat(snapshot.totals().lost()).isZero();
                cut += snapshot.totals().cut();
                for (RingPacket packet : snapshot.packets()) {
                    ByteBuffer bytes = packet.records();
                    while (bytes.hasRemaining()) {
                        assertThat(bytes.getLong() & 0xffff).isEqualTo(id);
                        assertThat(bytes.getInt()).isNotZero();
                        int size = sizes[found.size()];
                        found.add(
                                bytes.slice(bytes.position(), size)
                                        .order(packet.records().order()));
                        bytes.position(bytes.position() + size);
                    }
                }
            }
        }
        return found;
    }

    @Test
    void writesEveryTypeInItsPlace() throws Exception {
        Types types = bind(Types.class);
        point("types:all").enable(pool(), 65535);
        types.all(true, (byte) -2, (short) -3, '\uffff', -5, Long.MIN_VALUE, 1.5f, -2.5, "abc", 9);
        ByteBuffer bytes = payloads(0, 65535, 38).get(0);
        assertThat(bytes.get()).isEqualTo((byte) 1);
        assertThat(bytes.get()).isEqualTo((byte) -2);
        assertThat(bytes.getShort()).isEqualTo((short) -3);
        assertThat(bytes.getChar()).isEqualTo('\uffff');
        assertThat(bytes.getInt()).isEqualTo(-5);
        assertThat(bytes.getLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(bytes.getFloat()).isEqualTo(1.5f);
        assertThat(bytes.getDouble()).isEqualTo(-2.5);
        assertThat(bytes.getInt()).isEqualTo('a' | 'b' << 8 | 'c' << 16);
        assertThat(bytes.getInt()).isEqualTo(9);
        assertThat(point("types:all").fields())
                .extracting(EventField::type)
                .containsAll(EnumSet.complementOf(EnumSet.of(FieldType.U32, FieldType.U64)));
        assertThat(point("types:all").logLevel()).isEqualTo(Level.INFO);
        assertThat(point("types:none").logLevel()).isEqualTo(Level.DEBUG_LINE);
        assertThat(point("types:two").fields())
                .containsExactly(
                        new EventField("a", FieldType.STRING),
                        new EventField("b", FieldType.STRING));
    }

    @Test
    void writesTheSameThroughTheEncodingDetour() throws Exception {
        Types types = bind(Types.class);
        point("types:all").enable(pool(), 1);
        types.all(true, (byte) -2, (short) -3, '\uffff', -5, Long.MIN_VALUE, 1.5f, -2.5, "abc", 9);
        types.all(true, (byte) -2, (short) -3, '\uffff', -5, Long.MIN_VALUE, 1.5f, -2.5, "äb", 9);
        List<ByteBuffer> found = payloads(0, 1, 38, 38);
        byte[] plain = bytes(found.get(0));
        byte[] detour = bytes(found.get(1));
        System.arraycopy("äb".getBytes(UTF_8), 0, plain, 30, 3);
        assertThat(detour).isEqualTo(plain);
    }

    /// As the README says.
    @Test
    void writesBooleansAndCharsAsNumbersAndNullAsItsName() throws Exception {
        Types types = bind(Types.class);
        point("types:all").enable(pool(), 3);
        types.all(false, (byte) 0, (short) 0, 'c', 0, 0, 0, 0, null, 0);
        types.all(true, (byte) 0, (short) 0, 'c', 0, 0, 0, 0, "null", 0);
        List<ByteBuffer> found = payloads(0, 3, 39, 39);
        assertThat(found.get(0).get(0)).isZero();
        assertThat(found.get(1).get(0)).isEqualTo((byte) 1);
        assertThat(found.get(0).getChar(4)).isEqualTo((char) 99);
        byte[] ofNull = bytes(found.get(0));
        ofNull[0] = 1;
        assertThat(ofNull).isEqualTo(bytes(found.get(1)));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void writesStringsOfAllKinds() throws Exception {
        Types types = bind(Types.class);
        point("types:two").enable(pool(), 2);
        List<String> given = new ArrayList<>();
        for (int length = 0; length <= 40; length++) {
            given.add("0123456789".repeat(4).substring(0, length));
        }
        given.addAll(List.of("€", "x".repeat(15) + "é", "x".repeat(16) + "é", "x".repeat(1024)));
        given.addAll(List.of("\ud83d\ude00", "x".repeat(100) + "\ud83d\ude00"));
        int[] sizes = new int[given.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = given.get(i).getBytes(UTF_8).length + 1 + 2;
            types.two(given.get(i), "!");
        }
        List<ByteBuffer> found = payloads(0, 2, sizes);
        assertThat(found).hasSameSizeAs(given);
        for (int i = 0; i < sizes.length; i++) {
            assertThat(new String(bytes(found.get(i)), UTF_8)).isEqualTo(given.get(i) + "\0!\0");
        }
    }

    @Test
    void replacesZerosAndWritesNull() throws Exception {
        Types types = bind(Types.class);
        point("types:two").enable(pool(), 2);
        types.two(null, "a\0b");
        types.two("ä", "\0".repeat(20));
        List<ByteBuffer> found = payloads(0, 2, 5 + 6, 3 + 61);
        assertThat(new String(bytes(found.get(0)), UTF_8)).isEqualTo("null\0a\ufffdb\0");
        assertThat(new String(bytes(found.get(1)), UTF_8))
                .isEqualTo("ä\0" + "\ufffd".repeat(20) + "\0");
    }

    /// Blocks of 4096 bytes, of which 128 are not for records.
    @Test
    void keepsStringsWholeAsLongAsTheyFitABlock() throws Exception {
        Types types = bind(Types.class);
        point("types:two").enable(pool(), 2);
        int most = 4096 - 128 - 12 - 2;
        String[] firsts = {"y".repeat(most), "ä".repeat(most / 2), "z".repeat(most / 2), "1"};
        String[] seconds = {"", "", "ö".repeat(most / 4), "x".repeat(1400)};
        int[] sizes = new int[firsts.length];
        for (int i = 0; i < sizes.length; i++) {
            types.two(firsts[i], seconds[i]);
            sizes[i] = (firsts[i] + seconds[i]).getBytes(UTF_8).length + 2;
        }
        List<ByteBuffer> found = payloads(0, 2, sizes);
        for (int i = 0; i < sizes.length; i++) {
            assertThat(new String(bytes(found.get(i)), UTF_8))
                    .isEqualTo(firsts[i] + "\0" + seconds[i] + "\0");
        }
    }

    @Test
    void cutsStringsThatDoNotFitABlockAndSaysSo() throws Exception {
        Types types = bind(Types.class);
        point("types:two").enable(pool(), 2);
        types.two("short", "€".repeat(3_000_000));
        int most = 4096 - 128 - 12 - 2;
        byte[] found = bytes(payloads(0, 2, most + 2 - 1).get(0)); // a character has three bytes
        String mark = "… (3000000 characters)";
        String kept = "€".repeat((most - 5 - mark.getBytes(UTF_8).length) / 3);
        assertThat(new String(found, UTF_8)).isEqualTo("short\0" + kept + mark + "\0");
        assertThat(cut).isEqualTo(1);
    }

    @Test
    void recordsInEverySessionThatWantsTheEvent() throws Exception {
        Types types = bind(Types.class);
        WriterPool first = pool();
        point("types:two").enable(first, 3);
        point("types:two").enable(pool(), 4);
        types.two("a", "ö");
        point("types:two").disable(first);
        types.two("c", "d");
        types.none();
        assertThat(payloads(0, 3, 5)).hasSize(1);
        assertThat(payloads(1, 4, 5, 4)).hasSize(2);
    }

    @Test
    void givesEachOfSeveralLongStringsItsShare() throws Exception {
        Types types = bind(Types.class);
        point("types:four").enable(pool(), 3);
        types.four("w".repeat(9000), "x".repeat(10), "y".repeat(9000), "z".repeat(1000));
        int share = (4096 - 128 - 12 - 4 - 10 - 1000) / 2;
        byte[] found = bytes(payloads(0, 3, 2 * share + 10 + 1000 + 4).get(0));
        String mark = "… (9000 characters)";
        int kept = share - mark.getBytes(UTF_8).length;
        assertThat(new String(found, UTF_8))
                .isEqualTo(
                        "w".repeat(kept)
                                + mark
                                + "\0"
                                + "x".repeat(10)
                                + "\0"
                                + "y".repeat(kept)
                                + mark
                                + "\0"
                                + "z".repeat(1000)
                                + "\0");
        assertThat(cut).isEqualTo(2);
    }

    interface Odd {
        int value(long a, double b);

        long far(Object x);

        double half();

        float third();

        String text(Odd odd);

        boolean equals(Object other);

        void odd(@Field("x") Object x);

        void good(@Field("x") int x);

        @Level(77)
        void twice(@Field("x") int x, @Field("x") int y);
    }

    /// What can be an event is one, the rest does nothing, and each problem is told.
    private void isHarmless(Function<Object[], Object> host) {
        Problems problems = new Problems();
        Odd odd = InterfaceBinder.bind(MethodHandles.lookup(), Odd.class, host, problems);
        assertThat(odd.value(1, 2)).isZero();
        assertThat(odd.far("x")).isZero();
        assertThat(odd.half()).isZero();
        assertThat(odd.third()).isZero();
        assertThat(odd.text(odd)).isNull();
        odd.odd("x");
        odd.good(1);
        assertThat(odd.equals(odd)).isTrue();
        assertThat(point("odd:good").fields()).containsExactly(new EventField("x", FieldType.S32));
        assertThat(point("odd:twice").fields())
                .containsExactly(
                        new EventField("x", FieldType.S32), new EventField("arg1", FieldType.S32));
        assertThat(point("odd:twice").logLevel()).isEqualTo(Level.DEBUG_LINE);
        assertThat(problems.text())
                .contains("value is not recorded", "let it return void")
                .contains("odd is not recorded", "java.lang.Object", "String")
                .contains("two fields named x", "@Level 77");
    }

    interface Many {
        int a1();

        int a2();

        int a3();

        int a4();

        int a5();

        int a6();

        int a7();

        int a8();

        int a9();

        int b1();
    }

    @Test
    void namesEightMethodsThatCannotBeEventsAndCountsTheRest() {
        Problems problems = new Problems();
        InterfaceBinder.bind(MethodHandles.lookup(), Many.class, null, problems);
        assertThat(problems.text())
                .contains("Many.a1 is", "Many.a8 is")
                .doesNotContain("Many.a9")
                .endsWith("; and 2 more");
    }

    /// The class file of [Nameless] as compiled without `-parameters`, in a loader of its own.
    private static final class NamelessLoader extends ClassLoader {
        NamelessLoader() {
            super(InterfaceBinderTest.class.getClassLoader());
        }

        Class<?> load() throws IOException {
            byte[] bytes;
            try (InputStream file = Nameless.class.getResourceAsStream("Nameless.class")) {
                bytes = file.readAllBytes();
            }
            String text =
                    new String(bytes, ISO_8859_1).replace("MethodParameters", "MethodOddities__");
            bytes = text.getBytes(ISO_8859_1);
            return defineClass(Nameless.class.getName(), bytes, 0, bytes.length);
        }
    }

    @Test
    void namesFieldsByTheirNumbersWhereThereAreNoNames() throws Exception {
        Class<?> nameless = new NamelessLoader().load();
        Problems problems = new Problems();
        Object bound =
                InterfaceBinder.bind(
                        MethodHandles.privateLookupIn(nameless, MethodHandles.lookup()),
                        nameless,
                        null,
                        problems);
        assertThat(bound).isInstanceOf(nameless);
        assertThat(point("nameless:nameless").fields())
                .containsExactly(
                        new EventField("arg0", FieldType.S32),
                        new EventField("arg1", FieldType.STRING));
        assertThat(problems.text()).isEmpty();
        assertThat(problems.aboutNames()).contains("arg0", "-parameters", "@Field");
    }

    @Test
    void bindsWhatCannotAllBeEvents() {
        isHarmless(null);
        isHarmless(EventHandles::answer);
    }

    @Test
    void doesNothingWhereNoClassCanBeDefined() {
        Problems problems = new Problems();
        Odd odd =
                InterfaceBinder.bind(
                        MethodHandles.publicLookup(), Odd.class, EventHandles::answer, problems);
        assertThat(odd.value(1, 2)).isZero();
        assertThat(odd.text(odd)).isEqualTo(Odd.class.getName());
        odd.good(1);
        assertThat(odd.equals(odd)).isTrue();
        assertThat(odd).hasSameHashCodeAs(odd);
        assertThat(problems.text()).contains("Odd is not recorded");
    }

    @Test
    void refusesWhatIsNoInterface() {
        assertThatThrownBy(() -> Tracer.bind(String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an interface");
    }

    @Test
    void recordsTheSameThroughMethodHandles() throws Exception {
        Types types = bind(Types.class);
        Types foreign = bindFromOutside(Types.class);
        point("types:all").enable(pool(), 7);
        types.all(true, (byte) -2, (short) -3, '\uffff', -5, Long.MIN_VALUE, 1.5f, -2.5, "abc", 9);
        foreign.all(
                true, (byte) -2, (short) -3, '\uffff', -5, Long.MIN_VALUE, 1.5f, -2.5, "abc", 9);
        foreign.none();
        List<ByteBuffer> found = payloads(0, 7, 38, 38);
        assertThat(found).hasSize(2);
        assertThat(bytes(found.get(1))).isEqualTo(bytes(found.get(0)));
    }

    @Test
    void bindsOneEventClassForInterfacesThatAreAlike() {
        bind(Types.class);
        int count = EventClasses.count();
        bind(Types.class);
        assertThat(EventClasses.count()).isEqualTo(count);
    }

    /// The application may run out of stack anywhere, also inside an event.
    @Test
    void survivesStackOverflowsInsideEvents() throws Exception {
        Types types = bind(Types.class);
        WriterPool pool = pool();
        point("types:two").enable(pool, 5);
        for (int i = 0; i < 300; i++) {
            try {
                dive(types, i % 40);
            } catch (StackOverflowError e) {
                // the application's own
            }
        }
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            var read = ring.pools().stream().filter(p -> p.sessionId() == session).findFirst();
            long before = read.orElseThrow().totals().recorded();
            for (int i = 0; i < 5000; i++) {
                types.two("a", "b");
            }
            PoolSnapshot snapshot = read.orElseThrow().snapshot();
            assertThat(snapshot.totals().recorded()).isEqualTo(before + 5000);
            assertThat(snapshot.totals().inFlight()).isZero();
            for (RingPacket packet : snapshot.packets()) {
                for (ByteBuffer bytes = packet.records(); bytes.hasRemaining(); ) {
                    assertThat(bytes.getLong() & 0xffff).isEqualTo(5);
                    bytes.position(bytes.position() + 4 + 4);
                }
            }
        }
    }

    /// Each call that comes back is recorded, or counted as lost.
    @Test
    void losesNothingUncountedAtTheEndOfTheStack() throws Exception {
        Types types = bind(Types.class);
        WriterPool pool = RingWriter.open().openPool(session, 0, PoolMode.DISCARD, 4096, 16);
        pools.add(pool);
        point("types:two").enable(pool, 5);
        long[] calls = new long[2];
        for (int i = 0; i < 300; i++) {
            try {
                diveCounting(types, calls, i % 40);
            } catch (StackOverflowError e) {
                // the application's own
            }
        }
        RingWriter.current().closePool(pool);
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            var read = ring.pools().stream().filter(p -> p.sessionId() == session).findFirst();
            PoolTotals totals = read.orElseThrow().totals();
            assertThat(totals.recorded() + totals.lost()).isBetween(calls[1], calls[0]);
        }
    }

    /// @param calls that were begun, and that came back
    private static void diveCounting(Types types, long[] calls, int padding) {
        calls[0]++;
        types.two("a", "b");
        calls[1]++;
        if (padding == 0) {
            diveCounting(types, calls, 0);
        } else {
            diveCounting(types, calls, padding - 1);
        }
    }

    private static int dive(Types types, int padding) {
        types.two("a", "b");
        return padding == 0 ? 1 + dive(types, 0) : 1 + diveFurther(types, padding, padding * 3L);
    }

    private static int diveFurther(Types types, int padding, long more) {
        types.two("c", "d");
        return (int) (more + dive(types, padding));
    }
}
