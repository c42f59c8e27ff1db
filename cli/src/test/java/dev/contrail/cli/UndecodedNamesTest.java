// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Names that are not UTF-8 are never taken for others.
class UndecodedNamesTest {
    /// A command line in the encoding in which each character is one byte.
    private static byte[] commandLine(String... words) {
        return (String.join("\0", words) + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void anArgumentThatIsNotUtf8IsRefused() {
        String[] arguments = {"create", "-o", "b\uFFFDd"};
        byte[] line = commandLine("java", "-Xa", "create", "-o", "b\u00FFd");
        assertThat(UndecodedNames.refusal(arguments, line).orElseThrow())
                .isEqualTo(
                        "`b\uFFFDd` is not UTF-8, and cannot be passed on as it is: rename it, or"
                                + " name a link to it, or the folder that it is in");
    }

    @Test
    void theCharacterItselfIsTaken() {
        String[] arguments = {"create", "b\uFFFDd", ""};
        byte[] line = commandLine("j\u00FFva", "create", utf8("b\uFFFDd"), "");
        assertThat(UndecodedNames.refusal(arguments, line)).isEmpty();
        assertThat(UndecodedNames.refusal(arguments, Arrays.copyOf(line, 0))).isEmpty();
    }

    @Test
    void theWorkingDirectoryIsToldAbout() {
        assertThat(UndecodedNames.warning("/home/b\uFFFDd")).isPresent();
        assertThat(UndecodedNames.warning("/home/bžd")).isEmpty();
    }
}
