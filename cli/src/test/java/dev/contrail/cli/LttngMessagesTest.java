// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User.Said;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Right and wrong commands, with what lttng 2.13.9 answered to them: the same text on the same
/// stream and the same status, but where the transcript says how ours differs.
class LttngMessagesTest {
    /// One command and the lines that it must print.
    private record Exchange(String command, List<String> expected) {}

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"lttng-2.13.9.transcript", "lttng-2.13.9-mistakes.transcript"})
    void answersAsLttngDoes(String transcript) throws IOException {
        var problems = new ArrayList<String>();
        try (User user = User.at(directory)) {
            for (Exchange exchange : exchanges(transcript)) {
                if (exchange.command.startsWith("!")) {
                    user.startDaemon();
                    continue;
                }
                if (exchange.command.startsWith("-")) {
                    user.endDaemon();
                    continue;
                }
                List<String> answer = answer(user, exchange.command.substring(1));
                if (!answer.equals(exchange.expected)) {
                    problems.add(
                            "%s%n  want %s%n  got  %s"
                                    .formatted(exchange.command, exchange.expected, answer));
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    /// Options may stand before or after the arguments, and take `=VALUE` or `VALUE`.
    @TestFactory
    Stream<DynamicTest> takesOptionsInAnyOrder() {
        return Stream.of(
                        "create -o DIR/a s",
                        "create s -o DIR/a",
                        "create --output=DIR/a s",
                        "create --output DIR/a s",
                        "create -oDIR/a s")
                .map(words ->
                        DynamicTest.dynamicTest(
                                words,
                                () -> {
                                    try (User user = User.withDaemon(directory)) {
                                        assertThat(answer(user, words))
                                                .containsExactly(
                                                        "1 Session s created.",
                                                        "1 Traces will be output to DIR/a",
                                                        "= 0");
                                    }
                                }));
    }

    private static List<String> answer(User user, String command) {
        Said said = user.lttng(command);
        var lines = new ArrayList<String>();
        user.withoutChance(said.out()).lines().forEach(line -> lines.add("1 " + line));
        user.withoutChance(said.err()).lines().forEach(line -> lines.add("2 " + line));
        lines.add("= " + said.status());
        return lines;
    }

    /// @param transcript `$` begins a command, `!` starts the daemon and `-` ends it
    private static List<Exchange> exchanges(String transcript) throws IOException {
        var exchanges = new ArrayList<Exchange>();
        try (InputStream in = LttngMessagesTest.class.getResourceAsStream(transcript)) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                boolean isCommand = line.startsWith("$ ");
                if (isCommand || line.startsWith("! ") || line.startsWith("- ")) {
                    String command = isCommand ? " " + line.substring(2) : line;
                    exchanges.add(new Exchange(command, new ArrayList<>()));
                } else if (line.startsWith("ours|")) {
                    exchanges.getLast().expected.add(line.substring("ours|".length()));
                } else if (!line.isEmpty() && !line.startsWith("lttng|") && !line.startsWith("#")) {
                    exchanges.getLast().expected.add(line);
                }
            }
        }
        return exchanges;
    }
}
