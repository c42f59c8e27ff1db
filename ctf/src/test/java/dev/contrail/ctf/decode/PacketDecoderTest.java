// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.Traces;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketDecoderTest {
    private static final byte[] PACKET = Traces.packet(0, 1000, 4);

    private static PacketDecoder decoder() throws CtfException {
        return new PacketDecoder(TracePlan.of("m", MetadataFile.parse("m", Traces.metadata())));
    }

    private static List<Long> ticks(PacketDecoder decoder, byte[] packet) throws CtfException {
        decoder.begin(ByteBuffer.wrap(packet), "ch_0", 0, 0, packet.length);
        var ticks = new ArrayList<Long>();
        while (decoder.next()) {
            ticks.add(decoder.ticks());
        }
        return ticks;
    }

    /// Decodes records of one byte of payload scope text, with the fields that `body` declares.
    private static long[] slots(String body, int... bytes) throws CtfException {
        String text =
                "trace { major = 1; minor = 8; byte_order = le; };"
                        + "typealias integer { size = 8; } := u8;"
                        + "event { name = e; fields := struct { "
                        + body
                        + " }; };";
        var decoder = new PacketDecoder(TracePlan.of("m", MetadataFile.parse("m", text)));
        byte[] packet = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        decoder.begin(ByteBuffer.wrap(packet), "f", 3, 40, packet.length);
        assertThat(decoder.next()).isTrue();
        FieldLayout payload = decoder.layout(Scope.PAYLOAD).orElseThrow();
        int end = payload.skip(decoder.slots(), decoder.firstSlot(Scope.PAYLOAD));
        return Arrays.copyOf(decoder.slots(), end);
    }

    @Test
    void tellsWhatAPacketSaysOfItself() throws CtfException {
        IndexEntry entry = decoder().begin(ByteBuffer.wrap(PACKET), "ch_0", 0, 0, PACKET.length);
        assertThat(entry)
                .isEqualTo(
                        new IndexEntry(
                                PACKET.length * 8L,
                                (PACKET.length - 3) * 8L,
                                1000,
                                1004,
                                -1,
                                0,
                                0,
                                5,
                                0));
    }

    @Test
    void widensTimeStampsByThePacketsBegin() throws CtfException {
        long begin = (7L << 48) - 2;
        assertThat(ticks(decoder(), Traces.packet(0, begin, 4)))
                .containsExactly(begin, begin + 1, begin + 2, begin + 3);
    }

    @Test
    void readsFieldsThatNeedOthers() throws CtfException {
        assertThat(slots("u8 n; u8 a[n];", 2, 7, 9)).containsExactly(2, 2, 7, 9);
        assertThat(slots("struct { u8 n; } s; u8 a[s.n];", 1, 7)).containsExactly(1, 1, 7);
        assertThat(slots("struct { u8 n; u8 a[n]; } s[2];", 1, 7, 2, 8, 9))
                .containsExactly(1, 1, 7, 2, 2, 8, 9);
        assertThat(slots("enum : u8 { x, y = 4 } t; variant <t> { string x; u8 y; } v;", 4, 6))
                .containsExactly(4, 1, 6);
        assertThat(slots("u8 n; u8 a[event.fields.n];", 1, 5)).containsExactly(1, 1, 5);
    }

    @Test
    void refusesALengthInAContextThatOnlyAnotherEventClassHas() throws CtfException {
        Metadata metadata =
                MetadataFile.parse(
                        "m",
                        """
                        trace { major = 1; minor = 8; byte_order = le; };
                        typealias integer { size = 8; } := u8;
                        stream { event.header := struct { u8 id; }; };
                        event { name = a; id = 0; context := struct { u8 n; }; };
                        event { name = b; id = 1; fields := struct { u8 x[event.context.n]; }; };
                        """);
        assertThatThrownBy(() -> TracePlan.of("m", metadata))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("`event.context.n`, no field decoded before it");
    }

    @Test
    void signExtendsAndPacksBits() throws CtfException {
        assertThat(
                        slots(
                                "integer { size = 3; align = 1; signed = true; } a;"
                                        + "integer { size = 5; align = 1; } b;",
                                0b10110_101))
                .containsExactly(-3, 0b10110);
    }

    @Test
    void saysWhereAndWhatIsWrong() {
        assertThatThrownBy(() -> slots("u8 n; u8 a[n];", 2, 7))
                .isInstanceOf(CtfException.class)
                .hasMessageStartingWith(
                        "f: packet 3 at byte 40, event 0 (e): event.fields, bit 8: ")
                .hasMessageContaining("2 elements");
        assertThatThrownBy(() -> slots("string s;", 'a')).isInstanceOf(CtfException.class);
        assertThatThrownBy(() -> slots("enum : u8 { x } t; variant <t> { u8 x; } v;", 9, 1))
                .hasMessageContaining("tag value 9");
        assertThatThrownBy(() -> slots("struct { } s;", 1)).hasMessageContaining("empty");
        assertThatThrownBy(() ->
                        slots(
                                "integer { size = 4; align = 1; } a;"
                                        + "integer { size = 4; align = 1; byte_order = be; } b;",
                                1))
                .hasMessageContaining("byte order");
    }

    @Test
    void refusesCountsThatTheContentCannotHold() {
        String length = "integer { size = 64; align = 8; } n;";
        int[] huge = {255, 255, 255, 255, 255, 255, 255, 255};
        for (String body :
                List.of(
                        length + "u8 a[n];",
                        length + "string a[n];",
                        length + "struct { } a[n];",
                        length + "struct { u8 z[0]; } a[n];",
                        length + "integer { size = 8; encoding = UTF8; } a[n];",
                        "u8 n; struct { } a[2147483647][2147483647];",
                        "u8 n; struct { } a[16777216][16777216];")) {
            assertThatThrownBy(() -> slots(body, huge)).isInstanceOf(CtfException.class);
        }
    }

    @Test
    void yieldsWhatIsIntactWhereverThePacketIsCut() throws CtfException {
        int most = 0;
        for (int length = 0; length < PACKET.length; length++) {
            PacketDecoder decoder = decoder();
            int events = 0;
            try {
                ByteBuffer cut = ByteBuffer.wrap(PACKET, 0, length);
                decoder.begin(cut, "ch_0", 0, 0, PACKET.length);
                while (decoder.next()) {
                    assertThat(decoder.ticks()).isEqualTo(1000 + events);
                    events++;
                }
            } catch (CtfException e) {
                assertThat(e).hasMessageStartingWith("ch_0: packet 0 at byte 0");
            }
            assertThat(events).isBetween(most, most + 1);
            most = events;
        }
        assertThat(most).isEqualTo(4);
    }

    @Test
    void survivesRandomDamage() throws CtfException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        PacketDecoder decoder = decoder();
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = PACKET.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[84 + random.nextInt(damaged.length - 84)] = (byte) random.nextInt();
            }
            try {
                assertThat(ticks(decoder, damaged)).hasSizeLessThan(damaged.length);
            } catch (CtfException e) {
                // as good as a value
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    @Test
    void refusesPacketsOfTwoTracesInOneFile() throws CtfException {
        PacketDecoder decoder = decoder();
        decoder.begin(ByteBuffer.wrap(PACKET), "ch_0", 0, 0, PACKET.length);
        byte[] foreign = PACKET.clone();
        foreign[4] ^= 1;
        assertThatThrownBy(
                        () -> decoder.begin(ByteBuffer.wrap(foreign), "ch_0", 1, 0, foreign.length))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("UUID");
    }

    @Test
    void refusesASizeOfNothing() throws CtfException {
        byte[] zero = PACKET.clone();
        ByteBuffer.wrap(zero).order(ByteOrder.LITTLE_ENDIAN).putLong(48, 0).putLong(56, 0);
        assertThatThrownBy(() -> ticks(decoder(), zero))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("packet of 0 bits");
    }

    @Test
    void namesThePacketHeaderWhenALaterPacketIsNone() throws CtfException {
        PacketDecoder decoder = decoder();
        assertThat(ticks(decoder, PACKET)).hasSize(4);
        byte[] other = PACKET.clone();
        other[0]++;
        assertThatThrownBy(() -> decoder.begin(ByteBuffer.wrap(other), "ch_0", 1, 9, other.length))
                .hasMessage(
                        "ch_0: packet 1 at byte 9: trace.packet.header, bit 0: magic number"
                                + " c2 1f fc c1, want c1 1f fc c1");
    }

    @Test
    void saysHowAFileThatIsNoStreamIsCompressed() throws CtfException {
        PacketDecoder decoder = decoder();
        byte[] other = PACKET.clone();
        System.arraycopy(new byte[] {(byte) 0xFD, '7', 'z', 'X'}, 0, other, 0, 4);
        assertThatThrownBy(() -> decoder.begin(ByteBuffer.wrap(other), "c.xz", 0, 0, other.length))
                .hasMessageEndingWith(
                        "want c1 1f fc c1; the file is compressed by xz: unpack it (only gzip and"
                                + " zstd are read as they are)");
    }
}
