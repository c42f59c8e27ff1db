// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.Ctf2Traces;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Ctf2DecoderTest {
    private static final String U8 =
            "{'type': 'fixed-length-unsigned-integer', 'length': 8, 'byte-order': 'little-endian',"
                    + " 'alignment': 8}";

    private static PacketDecoder decoder(String... members) throws CtfException {
        byte[] metadata =
                Ctf2Traces.sequence(
                        Ctf2Traces.PREAMBLE,
                        "{'type': 'data-stream-class'}",
                        Ctf2Traces.event(members));
        return new PacketDecoder(TracePlan.of("m", MetadataFile.parse("m", metadata)));
    }

    private static long[] slots(byte[] packet, String... members) throws CtfException {
        PacketDecoder decoder = decoder(members);
        decoder.begin(ByteBuffer.wrap(packet), "f", 0, 0, packet.length);
        assertThat(decoder.next()).isTrue();
        FieldLayout payload = decoder.layout(Scope.PAYLOAD).orElseThrow();
        int end = payload.skip(decoder.slots(), decoder.firstSlot(Scope.PAYLOAD));
        return Arrays.copyOf(decoder.slots(), end);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static String type(String type, String rest) {
        return Ctf2Traces.member("a", "{'type': '" + type + "'" + rest + "}");
    }

    @Test
    void readsVariableLengthIntegersUpTo64Bits() throws CtfException {
        String unsigned = type("variable-length-unsigned-integer", "");
        String signed = type("variable-length-signed-integer", "");
        assertThat(slots(bytes(0xE5, 0x8E, 0x26), unsigned)).containsExactly(624485);
        assertThat(slots(bytes(0x80, 0x80, 0x00), unsigned)).containsExactly(0);
        assertThat(slots(bytes(0xC0, 0xBB, 0x78), signed)).containsExactly(-123456);
        byte[] most = bytes(255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
        assertThat(slots(most, unsigned)).containsExactly(-1);
        byte[] least = bytes(128, 128, 128, 128, 128, 128, 128, 128, 128, 0x7F);
        assertThat(slots(least, signed)).containsExactly(Long.MIN_VALUE);
        assertThatThrownBy(() -> slots(least, unsigned))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("a variable-length integer of more than 64 bits");
        assertThatThrownBy(() -> slots(bytes(0x80, 0x80), unsigned))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("crosses the content's end");
    }

    @Test
    void reversesTheBitsOfTheOrderThatIsNotNatural() throws CtfException {
        String bits = ", 'length': 4, 'byte-order': '%s', 'bit-order': '%s'";
        String type = "fixed-length-bit-array";
        assertThat(slots(bytes(0x02), type(type, bits.formatted("little-endian", "first-to-last"))))
                .containsExactly(2);
        assertThat(slots(bytes(0x02), type(type, bits.formatted("little-endian", "last-to-first"))))
                .containsExactly(4);
        assertThat(slots(bytes(0x20), type(type, bits.formatted("big-endian", "last-to-first"))))
                .containsExactly(2);
        assertThat(slots(bytes(0x20), type(type, bits.formatted("big-endian", "first-to-last"))))
                .containsExactly(4);
    }

    @Test
    void readsNumbersOf128BitsAsADoubleAndAllBits() throws CtfException {
        String type = "fixed-length-floating-point-number";
        String bits = ", 'length': 128, 'byte-order': 'little-endian'";
        ByteBuffer packet = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        long high = 0xC000_8000_0000_0000L; // -1.5 * 2^1
        packet.putLong(0).putLong(high);
        assertThat(slots(packet.array(), type(type, bits)))
                .containsExactly(Double.doubleToRawLongBits(-3.0), 0, high);
        ByteBuffer one = ByteBuffer.allocate(16).order(ByteOrder.BIG_ENDIAN);
        one.putLong(0x3FFF_0000_0000_0000L).putLong(1);
        String big = ", 'length': 128, 'byte-order': 'big-endian'";
        assertThat(slots(one.array(), type(type, big)))
                .containsExactly(Double.doubleToRawLongBits(1.0), 1, 0x3FFF_0000_0000_0000L);
    }

    @Test
    void endsTextAtTheFirstCodeUnitOfZero() throws CtfException {
        byte[] text = "ab\0c\0".getBytes(StandardCharsets.UTF_16LE);
        assertThat(slots(text, type("null-terminated-string", ", 'encoding': 'utf-16le'")))
                .containsExactly(0, 4);
        assertThat(
                        slots(
                                text,
                                type(
                                        "static-length-string",
                                        ", 'length': 10, 'encoding': 'utf-16le'")))
                .containsExactly(0, 4);
        assertThatThrownBy(() ->
                        slots(
                                text,
                                type(
                                        "static-length-string",
                                        ", 'length': 7, 'encoding': 'utf-16le'")))
                .hasMessageContaining("text of 7 bytes, want whole code units of 2 bytes");
    }

    @Test
    void takesALengthFromWhateverOptionWasDecoded() throws CtfException {
        String[] members = {
            Ctf2Traces.member("k", U8),
            Ctf2Traces.member(
                    "v",
                    "{'type': 'variant', 'selector-field-location': {'path': ['k']}, 'options':"
                            + " [{'field-class': "
                            + U8
                            + ", 'selector-field-ranges': [[0, 0]]}, {'field-class': {'type':"
                            + " 'optional', 'selector-field-location': {'path': ['k']},"
                            + " 'selector-field-ranges': [[1, 1]], 'field-class': "
                            + U8
                            + "}, 'selector-field-ranges': [[1, 2]]}]}"),
            Ctf2Traces.member(
                    "d",
                    "{'type': 'dynamic-length-blob', 'length-field-location': {'path': ['v']}}"),
        };
        assertThat(slots(bytes(0, 2, 9, 9), members)).containsExactly(0, 0, 2, 2, 2);
        assertThat(slots(bytes(1, 1, 9), members)).containsExactly(1, 1, 1, 1, 2, 1);
        assertThatThrownBy(() -> slots(bytes(2, 9), members))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("refers to is not in this record");
    }

    @Test
    void startsTheClockAnewInEveryPacket() throws CtfException {
        byte[] metadata = Ctf2Traces.sequence(Ctf2Traces.ALL);
        var decoder = new PacketDecoder(TracePlan.of("m", MetadataFile.parse("m", metadata)));
        for (int round = 0; round < 2; round++) {
            ByteBuffer packet = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
            packet.putInt(LttngSchema.MAGIC).putLong(0x0706050403020100L).putLong(0);
            packet.putInt(64 * 8).putInt(57 * 8).putLong(0x1_FFFF).putLong(0x3_0000);
            packet.put((byte) 1).putShort((short) 5); // wraps
            packet.put((byte) 0).putInt(0);
            packet.put(bytes(0, 0, 0, 0)).put((byte) 0);
            packet.flip().limit(64);
            IndexEntry entry = decoder.begin(packet, "f", round, 0, 64);
            assertThat(entry.beginTicks()).isEqualTo(0x1_FFFF);
            assertThat(entry.endTicks()).isEqualTo(0x3_0000);
            assertThat(decoder.next()).isTrue();
            assertThat(decoder.ticks()).isEqualTo(0x2_0005);
        }
    }
}
