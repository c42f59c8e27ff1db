// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.CurrentSession;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.GeneralOptions;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.Outputs.Output;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.console.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastRecordedTest {
    @TempDir Path home;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Places places;
    private Console console;

    @BeforeEach
    void open() throws Failure {
        places = new Places(0, home, home.resolve("run"));
        console =
                new Console(
                        EntryPoint.CONTRAIL,
                        Surroundings.piped(OutputStream.nullOutputStream(), err, Map.of()),
                        GeneralOptions.parse(new String[0]),
                        places);
    }

    @Test
    void findsTheOneWrittenLastAndSaysSo() throws IOException, Failure {
        trace("older", 1000);
        trace("newest", 3000);
        trace("between", 2000);
        for (String each : new String[] {"newest", "older", "between", "gone"}) {
            new Outputs(places).add(new Output(home.resolve(each), false));
        }

        assertThat(LastRecorded.find(console))
                .isEqualTo(new FoundTrace.Here(home.resolve("newest")));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("Trace: " + home.resolve("newest") + System.lineSeparator());
    }

    @Test
    void findsTheNewestSnapshot() throws IOException, Failure {
        trace("memory/snapshot-1-20261129-010101-9", 9000);
        trace("memory/snapshot-1-20261129-010102-10", 1000);
        new Outputs(places).add(new Output(home.resolve("memory"), true));

        assertThat(LastRecorded.find(console))
                .isEqualTo(
                        new FoundTrace.Here(home.resolve("memory/snapshot-1-20261129-010102-10")));
    }

    @Test
    void looksPastWhatHasRecordedNothing() throws IOException, Failure {
        trace("whole", 1000);
        Files.writeString(Files.createDirectory(home.resolve("empty")).resolve("index"), "");
        new Outputs(places).add(new Output(home.resolve("whole"), false));
        new Outputs(places).add(new Output(home.resolve("empty"), false));

        assertThat(LastRecorded.find(console))
                .isEqualTo(new FoundTrace.Here(home.resolve("whole")));
    }

    @Test
    void saysWhatToDoWhereNothingWasRecorded() throws IOException {
        assertThatThrownBy(() -> LastRecorded.find(console))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("contrail record -- COMMAND");
        new CurrentSession(places, EntryPoint.CONTRAIL).set("night");
        assertThatThrownBy(() -> LastRecorded.find(console))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("Session 'night' not found");
    }

    @Test
    void remembersTheNewestSixteen() {
        for (int i = 0; i < 20; i++) {
            new Outputs(places).add(new Output(home.resolve("t" + i), false));
        }
        new Outputs(places).add(new Output(home.resolve("t7"), false));

        assertThat(new Outputs(places).all())
                .hasSize(16)
                .first()
                .isEqualTo(new Output(home.resolve("t4"), false));
        assertThat(new Outputs(places).all())
                .last()
                .isEqualTo(new Output(home.resolve("t7"), false));
    }

    private void trace(String name, long millis) throws IOException {
        Path folder = Files.createDirectories(home.resolve(name).resolve("ust/uid/0/64-bit"));
        Path metadata = Files.writeString(folder.resolve("metadata"), "");
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(millis));
    }
}
