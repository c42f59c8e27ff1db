// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.Flood;
import dev.contrail.tracer.ring.Layout;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Strings on their way into a record, of every length that has a path of its own.
class TextTest {
    private static final int LONGEST = 40;

    /// In the metadata area, far after what other tests of this process write there.
    private static final int AT = Layout.MIN_FILE - 1024 + 3;

    private static final char[] ODD = {0, 0x80, 0x81, 0xff, 0x100, 0x141, 0x8000, 0xffff};

    @BeforeAll
    static void makeTheRing() throws Exception {
        Flood.ownRing();
    }

    private static String ascii(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (i % 0x7f + 1));
        }
        return text.toString();
    }

    private static byte[] written(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = Memory.getByte(AT + i);
        }
        return bytes;
    }

    @Test
    void plainAsciiIsWrittenWithAZeroByte() {
        for (int length = 0; length <= LONGEST; length++) {
            String text = ascii(length);
            for (int i = 0; i < LONGEST + 8; i++) {
                Memory.putByte(AT + i, (byte) 0x55);
            }
            assertThat(Text.put(AT, text)).as("length " + length).isEqualTo(AT + length + 1);
            assertThat(written(length)).isEqualTo(text.getBytes(US_ASCII));
            assertThat(Memory.getByte(AT + length)).isZero();
        }
    }

    @Test
    void anythingElseIsLeftToTheEncoder() {
        for (int length = 1; length <= LONGEST; length++) {
            for (int place = 0; place < length; place++) {
                for (char odd : ODD) {
                    StringBuilder text = new StringBuilder(ascii(length));
                    text.setCharAt(place, odd);
                    assertThat(Text.put(AT, text.toString()))
                            .as("U+%04x at %d of %d", (int) odd, place, length)
                            .isEqualTo(-1);
                }
            }
        }
    }

    /// Whether in one go or by the encoder, which JDKs decide: the bytes are the same.
    @Test
    void surrogatesAreWrittenAsTheEncoderWritesThem() {
        for (String odd : new String[] {"\ud83d", "\ude00", "\ud83d\ude00"}) {
            for (int length = 0; length <= LONGEST; length++) {
                for (int place = 0; place <= length; place++) {
                    String text = new StringBuilder(ascii(length)).insert(place, odd).toString();
                    byte[] encoded = Text.encode(text, 2 * LONGEST);
                    int end = Text.put(AT, text);
                    if (end == -1) {
                        end = Text.put(AT, encoded);
                    }
                    assertThat(end)
                            .as("at %d of %d", place, length)
                            .isEqualTo(AT + encoded.length + 1);
                    assertThat(written(encoded.length)).isEqualTo(encoded);
                    assertThat(Memory.getByte(end - 1)).isZero();
                }
            }
        }
    }

    @Test
    void nullIsWrittenAsAWord() {
        assertThat(Text.put(AT, (String) null)).isEqualTo(AT + 5);
        assertThat(written(5)).isEqualTo("null\0".getBytes(US_ASCII));
    }
}
