// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.Corpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--stream-intersection` of traces whose tracers have the end of packets wrong, beside
/// babeltrace2.
class IntersectionInteropTest {
    private static final Path BABELTRACE = Path.of("/usr/bin/babeltrace2");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lttng-tracefile-rotation/trace/kernel",
                "sequence/trace",
                "lttng-event-after-packet/trace",
                "lttng-crash/trace"
            })
    void endsWhereTheEventsEnd(String name) throws IOException, InterruptedException {
        Optional<Path> corpus = Corpus.folder();
        assumeTrue(corpus.isPresent(), "no corpus beside the checkout: shared/traces is absent");
        assumeTrue(Files.isExecutable(BABELTRACE), "babeltrace2 is not installed");
        String trace = corpus.get().resolve("ctf1").resolve(name).toString();
        String[] arguments = {"--stream-intersection", "--clock-seconds", trace};
        var ours = new ByteArrayOutputStream();
        int status =
                View.main(
                        arguments,
                        ours,
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        Process process =
                new ProcessBuilder(BABELTRACE.toString(), arguments[0], arguments[1], trace)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (InputStream out = process.getInputStream()) {
            assertThat(ours.toString(StandardCharsets.ISO_8859_1))
                    .isEqualTo(new String(out.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
        assertThat(status).isEqualTo(process.waitFor());
    }
}
