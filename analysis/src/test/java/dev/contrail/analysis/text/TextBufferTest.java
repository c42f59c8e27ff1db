// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextBufferTest {
    private final TextBuffer text = new TextBuffer();

    private String taken() {
        return new String(text.bytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                9,
                10,
                99,
                100,
                999,
                1000,
                999_999,
                1_000_000,
                999_999_999,
                1_000_000_000,
                999_999_999_999_999_999L,
                1_000_000_000_000_000_000L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                -1,
                -10
            })
    void writesNumbersAsJavaDoes(long value) {
        text.addUnsigned(value).add(' ').addSigned(value).add(' ').addPadded(value, 20);

        String unsigned = Long.toUnsignedString(value);
        assertThat(taken())
                .isEqualTo(
                        unsigned
                                + " "
                                + value
                                + " "
                                + "0".repeat(20 - unsigned.length())
                                + unsigned);
    }

    @Test
    void writesNumbersOfEveryLength() {
        var random = new Random(7);
        var expected = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            expected.append(value).append(',').append(Long.toUnsignedString(value)).append(';');
            text.addSigned(value).add(',').addUnsigned(value).add(';');
        }
        assertThat(taken()).isEqualTo(expected.toString());
    }

    @Test
    void takesLittleMoreMemoryThanTextDoes() {
        int count = 4 << 20;
        ByteBuffer packet = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(packet.array(), (byte) 'a');
        packet.put(count / 2, (byte) '"');

        text.addEscaped(packet, 0, count);

        assertThat(text.length()).isEqualTo(count + 1);
        assertThat(text.bytes.length).isLessThan(3 * count);
        assertThat(text.bytes())
                .startsWith(TextBuffer.utf8("aaa"))
                .containsSequence(TextBuffer.utf8("a\\\"a"))
                .endsWith(TextBuffer.utf8("aaa"));
    }

    @Test
    void quotesWithEscapes() {
        text.addQuoted("a\"b\\\n\0\u0001é?".getBytes(StandardCharsets.UTF_8));

        assertThat(taken()).isEqualTo("\"a\\\"b\\\\\\n\\0\\x01é\\?\"");
    }

    /// Of any length and with any byte at any place, at the packet's end and before it, the zero
    /// behind it and the next field not taken for a part.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 40})
    void escapesTextByItself(int behind) {
        for (int length = 0; length <= 20; length++) {
            for (int special = 0; special < 256; special++) {
                byte[] packet = new byte[length + behind];
                Arrays.fill(packet, 0, length, (byte) 'b');
                if (length > 0) {
                    packet[special % length] = (byte) special;
                }
                ByteBuffer bytes = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
                var expected = new TextBuffer();
                for (int i = 0; i < length; i++) {
                    expected.addEscaped(bytes.slice(i, 1).order(ByteOrder.LITTLE_ENDIAN), 0, 1);
                }
                var escaped = new TextBuffer().addEscaped(bytes, 0, length);
                assertThat(escaped.bytes())
                        .as("%d in %d bytes", special, length)
                        .isEqualTo(expected.bytes());
            }
        }
    }
}
