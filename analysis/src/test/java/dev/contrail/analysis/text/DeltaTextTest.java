// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DeltaTextTest {
    private static String deltas(boolean inCycles, boolean isSigned, long... times)
            throws IOException {
        var text = new TextBuffer();
        var deltas = new DeltaText(inCycles, isSigned);
        for (long time : times) {
            deltas.write(text, time, time);
            text.add(' ');
        }
        var out = new ByteArrayOutputStream();
        text.flush(out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void writesTimesBetweenEventsBackInTimeAsUnsignedNumbers() throws IOException {
        assertThat(deltas(false, false, 5, 7, 5))
                .isEqualTo("+?.????????? +0.000000002 +18446744073.709551614 ");
        assertThat(deltas(true, false, 5, 7, 5))
                .isEqualTo("+???????????? +000000000002 +18446744073709551614 ");
    }

    @Test
    void writesOneBackInTimeAsUnknownLikeBabeltrace() throws IOException {
        assertThat(deltas(false, false, 5, 4)).isEqualTo("+?.????????? +?.????????? ");
        assertThat(deltas(true, false, 5, 4)).isEqualTo("+???????????? +???????????? ");
    }

    @Test
    void writesOurOwnWithASign() throws IOException {
        assertThat(deltas(false, true, 5, 4, 1_000_000_004, 3))
                .isEqualTo("+?.????????? -0.000000001 +1.000000000 -1.000000001 ");
        assertThat(deltas(true, true, 5, 3)).isEqualTo("+???????????? -000000000002 ");
    }
}
