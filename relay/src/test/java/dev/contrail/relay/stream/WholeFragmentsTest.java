// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class WholeFragmentsTest {
    private static final String FIRST = "\u001e{\"a\": [1, {\"}\": \"\\\"{\"}]}\n";
    private static final String SECOND = "\u001e{\n\"b\": 2\n}\n";

    @Test
    void handsOnTextAsItComes() {
        var fragments = new WholeFragments();
        add(fragments, "/* CTF 1.8 */ tra");
        assertThat(fragments.wholeBytes()).isEqualTo(17);
        add(fragments, "ce {");
        assertThat(fragments.wholeBytes()).isEqualTo(21);
    }

    @Test
    void handsOnWholeFragmentsWhereverTheyAreCut() {
        String text = FIRST + SECOND;
        for (int cut = 0; cut <= text.length(); cut++) {
            var fragments = new WholeFragments();
            add(fragments, text.substring(0, cut));
            int lastBrace = cut < FIRST.length() - 1 ? 0 : FIRST.length() - 1;
            int whole =
                    cut < FIRST.length()
                            ? lastBrace
                            : cut < text.length() - 1 ? FIRST.length() : cut;
            assertThat(fragments.wholeBytes()).as("cut at " + cut).isEqualTo(whole);
            add(fragments, text.substring(cut));
            assertThat(fragments.wholeBytes()).isEqualTo(text.length());
        }
    }

    private static void add(WholeFragments fragments, String text) {
        fragments.add(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }
}
