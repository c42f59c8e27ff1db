// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.analysis.top.LocalFacts;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.GeneralOptions;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Surroundings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BatchRunTest {
    /// More than the time between two tables.
    private static final long LATE_MILLIS = 200;

    /// A machine that nothing comes from.
    private static final class Nothing implements MessageIterator {
        @Override
        public boolean next() {
            return false;
        }

        @Override
        public Message current() {
            throw new IllegalStateException();
        }

        @Override
        public long nanos() {
            throw new IllegalStateException();
        }

        @Override
        public void close() {}
    }

    @TempDir private Path folder;

    @Test
    void endsAfterAsManyTablesAsAreWantedAlsoWhereNothingHappens() throws Exception {
        String out = run(new ThenSilence(new Nothing(), 0), "2", 0);
        assertThat(out.split("Events: no event yet")).hasSize(3);
    }

    @Test
    void firstTableWaitsForSomethingToShow() throws Exception {
        OfficeTrace.write(folder, "web");
        var late = new ThenSilence(TraceReader.open(List.of(folder)), LATE_MILLIS);
        assertThat(run(late, "1", TimeUnit.MINUTES.toNanos(1)))
                .contains("Events, ")
                .doesNotContain("no event yet");
    }

    private static String run(MessageIterator machine, String count, long firstNanos)
            throws Exception {
        var out = new ByteArrayOutputStream();
        var console =
                new Console(
                        EntryPoint.CONTRAIL,
                        Surroundings.piped(out, out, Map.of()),
                        GeneralOptions.parse(new String[0]),
                        new Places(0, Path.of("/"), Path.of("/")));
        var line = new CommandLine(TopOptions.addTo(CommandSpec.create()));
        TopOptions options =
                TopOptions.of(line.parseArgs("-b", "-n", count, "-d", "50ms", "--view", "events"));
        try (var source =
                new TopSource(
                        "silence",
                        List.of(machine),
                        List.of(),
                        true,
                        LocalFacts.NONE,
                        List.of(),
                        "",
                        List.of())) {
            int status =
                    new BatchRun(options, source, console, new EndSignals(List.of()), firstNanos)
                            .run();
            assertThat(status).isZero();
        }

        console.out().flush();
        return out.toString(StandardCharsets.UTF_8);
    }
}
