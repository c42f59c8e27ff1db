// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WriteTroubleTest {
    private final WriteTrouble trouble = WriteTrouble.below(Path.of("/traces/a"));

    @Test
    void saysNothingWhereNothingFailed() {
        assertThat(trouble.text()).isEmpty();
        trouble.succeeded();
        assertThat(trouble.text()).isEmpty();
    }

    @Test
    void saysInThePresentTenseWhatFails() {
        trouble.failed(new IOException("No space left on device"));

        assertThat(trouble.text())
                .isEqualTo("Cannot write below /traces/a: No space left on device");
    }

    @Test
    void saysTheLatestReason() {
        trouble.failed(new IOException("No space left on device"));
        trouble.failed(new NoSuchFileException("/traces/a/x"));

        assertThat(trouble.text()).startsWith("Cannot write below /traces/a: ").contains("x");
    }

    @Test
    void saysUntilWhenItFailedOnceItSucceeds() {
        trouble.failed(new IOException("No space left on device"));
        trouble.succeeded();

        assertThat(trouble.text())
                .matches(
                        "Nothing could be written below /traces/a until \\d\\d:\\d\\d:\\d\\d: No"
                                + " space left on device");
        String text = trouble.text();
        trouble.succeeded();
        assertThat(trouble.text()).isEqualTo(text);
    }

    @Test
    void givesNoAdviceOnWhatIsOver() {
        trouble.failed(new IOException("it closes the connection. Perhaps it wants a token; ask"));
        assertThat(trouble.text()).endsWith("Perhaps it wants a token; ask");
        trouble.succeeded();

        assertThat(trouble.text()).endsWith(": it closes the connection");
    }

    @Test
    void saysThatItFailsAgain() {
        trouble.failed(new IOException("a"));
        trouble.succeeded();
        trouble.failed(new IOException("b"));

        assertThat(trouble.text()).isEqualTo("Cannot write below /traces/a: b");
    }
}
