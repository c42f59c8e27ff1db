// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.Supervisor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Right and wrong commands, with what lttng 2.13.9 answered to them: the same text on the same
/// stream and the same status, but where the transcript says how ours differs.
class LttngMessagesTest {
    private static final String TRANSCRIPT = "lttng-2.13.9.transcript";

    /// One command and the lines that it must print.
    private record Exchange(String command, List<String> expected) {}

    @TempDir Path directory;

    @Test
    void answersAsLttngDoes() throws IOException {
        DaemonRooms rooms = null;
        var problems = new ArrayList<String>();
        try {
            for (Exchange exchange : exchanges()) {
                if (exchange.command.startsWith("!")) {
                    rooms =
                            DaemonRooms.open(
                                    Places.of(environment()), false, true, "", supervisor());
                    continue;
                }
                List<String> answer = answer(exchange.command);
                if (!answer.equals(exchange.expected)) {
                    problems.add(
                            "%s%n  want %s%n  got  %s"
                                    .formatted(exchange.command, exchange.expected, answer));
                }
            }
        } finally {
            if (rooms != null) {
                rooms.close();
            }
        }
        assertThat(problems).isEmpty();
    }

    /// Options may stand before or behind the arguments, and take `=VALUE` or `VALUE`.
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
                                    try (var _ =
                                            DaemonRooms.open(
                                                    Places.of(environment()),
                                                    false,
                                                    true,
                                                    "",
                                                    supervisor())) {
                                        assertThat(answer(words))
                                                .containsExactly(
                                                        "1 Session s created.",
                                                        "1 Traces will be output to DIR/a",
                                                        "= 0");
                                        answer("destroy s");
                                    }
                                }));
    }

    private static Supervisor supervisor() {
        return new Supervisor(why -> {
            throw new AssertionError(why);
        });
    }

    private Map<String, String> environment() {
        return Map.of(
                "LTTNG_HOME", directory.resolve("home").toString(),
                "LTTNG_RUNDIR", directory.resolve("run").toString());
    }

    private List<String> answer(String command) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                Main.run(
                        words(command),
                        Console.Entry.LTTNG,
                        environment(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        var lines = new ArrayList<String>();
        lines(out).forEach(line -> lines.add("1 " + line));
        lines(err).forEach(line -> lines.add("2 " + line));
        lines.add("= " + status);
        return lines;
    }

    private List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8)
                .replace(directory.toString(), "DIR")
                .replaceAll("\\d{8}-\\d{6}", "TIME")
                .lines()
                .toList();
    }

    /// As a shell splits them; single quotes only.
    private String[] words(String command) {
        var words = new ArrayList<String>();
        for (String word : command.strip().split(" +")) {
            words.add(word.replace("'", "").replace("DIR", directory.toString()));
        }
        return words.toArray(String[]::new);
    }

    private static List<Exchange> exchanges() throws IOException {
        var exchanges = new ArrayList<Exchange>();
        try (InputStream in = LttngMessagesTest.class.getResourceAsStream(TRANSCRIPT)) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (line.startsWith("$ ") || line.startsWith("! ")) {
                    String command = line.startsWith("$") ? line.substring(2) : line;
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
