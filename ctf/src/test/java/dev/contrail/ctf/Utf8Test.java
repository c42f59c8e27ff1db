// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void keepsBytesThatAreNoCharacters() {
        byte[] latin = "caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Utf8.text(latin)).isEqualTo("caf\udce9 au lait");
        assertThat(Utf8.shown(Utf8.text(latin))).isEqualTo("caf\ufffd au lait");
        assertThat(Utf8.bytes(Utf8.text(latin))).isEqualTo(latin);
    }

    @Test
    void leavesCharactersAsTheyAre() {
        String text = "caf\u00e9 \ufffd \ud83d\udca9 \0 \u20ac";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Utf8.text(bytes)).isEqualTo(text);
        assertThat(Utf8.shown(text)).isEqualTo(text);
        assertThat(Utf8.bytes(text)).isEqualTo(bytes);
    }

    @Test
    void givesEveryTextBackAsItWas() {
        var random = new Random(5);
        int[] often = {'a', 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x92, 0xED, 0xB3, 0xBF, 0xFF};
        for (int i = 0; i < 20_000; i++) {
            int[] values =
                    random.ints(random.nextInt(12), 0, often.length).map(at -> often[at]).toArray();
            byte[] bytes = bytes(values);
            assertThat(Utf8.bytes(Utf8.text(bytes))).as("%d", i).isEqualTo(bytes);
        }
    }
}
