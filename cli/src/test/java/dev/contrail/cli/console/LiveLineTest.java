// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LiveLineTest {
    private static final String ERASE = "\r\033[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final LiveLine line =
            new LiveLine(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    @Test
    void aTextTakesThePlaceOfTheOneBefore() {
        line.show("one");
        line.show("two");
        assertThat(shown()).isEqualTo(ERASE + "one" + ERASE + "two");
    }

    @Test
    void itIsTakenAwayOnceAndOnlyWhereItWas() {
        line.erase();
        line.show("one");
        line.erase();
        line.erase();
        assertThat(shown()).isEqualTo(ERASE + "one" + ERASE);
    }

    @Test
    void nothingIsShownAfterItsEnd() {
        line.show("one");
        line.close();
        line.show("two");
        line.close();
        assertThat(shown()).isEqualTo(ERASE + "one" + ERASE);
    }

    @Test
    void otherTextTakesItsPlace() {
        PrintStream around = line.around();
        around.print("before\n");
        line.show("one");
        around.print("Warning\n");
        assertThat(shown()).isEqualTo("before\n" + ERASE + "one" + ERASE + "Warning\n");
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
