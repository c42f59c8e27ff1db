// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.Corpus;
import dev.contrail.analysis.UsageException;
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

/// Compares our answers with those of babeltrace2, for all traces of CTF 1.8 in the corpus that it
/// can read.
class QueryInteropTest {
    private static final String BABELTRACE = "/usr/bin/babeltrace2";

    /// @param atLeast how many traces babeltrace2 2.0.4 has an answer for
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata-info | path=\"%s\" | 330",
                "babeltrace.trace-infos | inputs=[\"%s\"] | 320",
                "babeltrace.support-info | type=directory,input=\"%s\" | 330"
            })
    void answersAsBabeltraceDoes(String object, String parameters, int atLeast)
            throws IOException, InterruptedException, UsageException {
        Optional<Path> corpus = Corpus.folder();
        assumeTrue(corpus.isPresent(), "no corpus beside the checkout: shared/traces is absent");
        assumeTrue(Files.isExecutable(Path.of(BABELTRACE)), "babeltrace2 is not installed");
        int answered = 0;
        for (Path trace : Corpus.traces(corpus.get(), "ctf1", "lttng", "kernel", "intersection")) {
            String[] query = {"-p", parameters.formatted(trace), "src.ctf.fs", object};
            Optional<String> peer = peer(query);
            if (peer.isPresent()) {
                answered++;
                assertThat(Query.answer(query)).as(trace.toString()).isEqualTo(peer);
            }
        }
        assertThat(answered).isGreaterThanOrEqualTo(atLeast);
    }

    private static Optional<String> peer(String... query) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(BABELTRACE, "query"));
        command.addAll(List.of(query));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        }
    }
}
