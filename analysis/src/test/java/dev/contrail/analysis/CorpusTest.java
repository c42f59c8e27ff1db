// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compares our text with what babeltrace2 printed for the traces of the corpus.
class CorpusTest {
    /// What may differ: where the oracles are wrong in `details` (old values of empty strings,
    /// traces that they cannot read), and where the text depends on the order of a directory.
    private static final List<String> DIFFERENT =
            List.of("[the oracles differ here]", "ctf2/own-instances: line 25: ");

    /// @param atLeast how many cases are equal today: it may only grow
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
    void printsWhatBabeltracePrints(String kind, String groups, int atLeast)
            throws IOException, InterruptedException {
        Optional<Path> check = check();
        assumeTrue(
                check.isPresent(), "no corpus beside the checkout: shared/traces/check is absent");
        var command = new ArrayList<String>(List.of("python3", check.get().toString()));
        command.addAll(List.of("--kind", kind, "--group", groups, "--jobs", "2", "--stderr", "--"));
        if (!kind.equals("text") || groups.equals("bad") || groups.equals("options")) {
            command.remove("--stderr");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(ViewProgram.class.getName());
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
