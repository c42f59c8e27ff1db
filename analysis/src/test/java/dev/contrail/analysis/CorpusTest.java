// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compares our text with what babeltrace2 printed for the traces of the corpus.
class CorpusTest {
    @TempDir static Path directory;
    private static Process server;

    /// What may differ: where the oracles are wrong in `details` (old values of empty strings,
    /// traces that they cannot read), and where the text depends on the order of a directory.
    private static final List<String> DIFFERENT =
            List.of("[the oracles differ here]", "ctf2/own-instances: line 25: ");

    /// The kinds of text, the groups of cases, and how many cases are equal today: it may only
    /// grow.
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @CsvSource({
        "text, ctf1, 275",
        "text, ctf2, 323",
        "text, lttng, 20",
        "text, kernel, 16",
        "text, options, 73",
        "text, bad, 193",
        "full, 'ctf1,ctf2,lttng,kernel', 298",
        "details, 'ctf1,ctf2,lttng,kernel', 591",
        "intersection, intersection, 4",
    })
    private @interface EachKind {}

    @EachKind
    void printsWhatBabeltracePrints(String kind, String groups, int atLeast)
            throws IOException, InterruptedException {
        check(kind, groups, atLeast, client());
    }

    /// Each in a process of its own, as it is for a user, with the memory of a small one.
    @Tag("long")
    @EachKind
    void printsItInAProcessOfItsOwn(String kind, String groups, int atLeast)
            throws IOException, InterruptedException {
        check(kind, groups, atLeast, program(ViewProgram.class, "-Xmx256m"));
    }

    private static void check(String kind, String groups, int atLeast, List<String> view)
            throws IOException, InterruptedException {
        Optional<Path> check = check();
        assumeTrue(
                check.isPresent(), "no corpus beside the checkout: shared/traces/check is absent");
        var command = new ArrayList<String>(List.of("python3", check.get().toString()));
        command.addAll(List.of("--kind", kind, "--group", groups, "--jobs", "2"));
        if (kind.equals("text") && !groups.equals("bad") && !groups.equals("options")) {
            command.add("--stderr");
        }
        command.add("--");
        command.addAll(view);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output;
        try (InputStream stream = process.getInputStream()) {
            output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        process.waitFor();
        List<String> lines = output.lines().toList();
        assertThat(lines.getLast()).endsWith(" equal");
        assertThat(lines.subList(0, lines.size() - 2))
                .allMatch(line -> DIFFERENT.stream().anyMatch(line::contains));
        assertThat(Integer.parseInt(lines.getLast().split(" ")[0])).isGreaterThanOrEqualTo(atLeast);
    }

    private static List<String> program(Class<?> main, String... options) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    private static List<String> client() throws IOException {
        Path client = directory.resolve("client.py");
        Files.copy(
                requireNonNull(CorpusTest.class.getResourceAsStream("/view-client.py")),
                client,
                StandardCopyOption.REPLACE_EXISTING);
        return List.of("python3", "-SE", client.toString(), socket().toString());
    }

    private static Path socket() {
        return directory.resolve("view");
    }

    @BeforeAll
    static void startServer() throws IOException {
        var command = new ArrayList<String>(program(ViewServer.class));
        command.add(socket().toString());
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(Map.of("TZ", "UTC", "LC_ALL", "C"));
        server = builder.start();
        assertThat(server.inputReader().readLine()).isEqualTo("ready");
    }

    @AfterAll
    static void endServer() {
        server.destroy();
    }

    private static Optional<Path> check() {
        return corpus().map(folder -> folder.resolve("check"));
    }

    /// The corpus of traces, when it is beside the checkout.
    static Optional<Path> corpus() {
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            Path corpus = folder.resolve("shared/traces");
            if (Files.isExecutable(corpus.resolve("check"))) {
                return Optional.of(corpus);
            }
        }
        return Optional.empty();
    }
}
