// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticesTest {
    /// A trace that somebody has sent has names that somebody has chosen.
    @Test
    void namesOfFilesWorkNoTerminalAndBeginNoLine(@TempDir Path folder) throws IOException {
        new SmallTrace(folder).file("x\033]0;owned\007\nError: all is well", new byte[300]);
        var err = new ByteArrayOutputStream();
        View.run(
                List.of(folder),
                ViewOptions.DEFAULT,
                OutputStream.nullOutputStream(),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        String said = err.toString(StandardCharsets.UTF_8);
        assertThat(said)
                .startsWith("ERROR: ")
                .contains("x\\x1b]0;owned\\x07\\x0aError: all is well: packet 0 at byte 0")
                .hasLineCount(1);
        assertThat(said.strip().chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void textWithoutControlsIsTheSame() {
        assertThat(Notices.line("a/b é 𝄞")).isEqualTo("a/b é 𝄞");
        assertThat(Notices.line("a\u009b\u007f\tb")).isEqualTo("a\\x9b\\x7f\\x09b");
    }

    /// Of a live session the end, when a program's output is written out, may be far.
    @Test
    void areThereAtOnce() {
        var out = new ByteArrayOutputStream();
        var buffered =
                new PrintStream(new BufferedOutputStream(out), false, StandardCharsets.UTF_8);
        new Notices(buffered, Notices.CONTRAIL).warn("late");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("Warning: late" + System.lineSeparator());
    }
}
