// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.statedump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// State dumps over the end of a daemon.
class StateDumpsTest {
    private static final int ID = 7;

    @TempDir private Path directory;
    private Path file;
    private Path mark;

    @BeforeEach
    void name() {
        file = directory.resolve("dump");
        mark = directory.resolve("dump.begun");
    }

    @Test
    void oneThatADaemonWasKilledAtIsTakenAnewAndTold() throws IOException {
        Files.createFile(mark);
        StateDumps next = next();
        assertThat(next.next(true, Long.MIN_VALUE)).isNull();
        assertThat(next.notes()).singleElement().asString().contains("state dump is missing");

        next.takeAnew();

        assertThat(Objects.requireNonNull(next.next(true, Long.MIN_VALUE)).parts()).isNotEmpty();
        assertThat(next.notes()).singleElement().asString().matches("the state dump is of .*");
        assertThat(mark).doesNotExist();
    }

    @Test
    void oneThatIsWholeIsTakenOnce() throws IOException {
        StateDumps first = next();
        first.take();
        assertThat(first.latest()).isNotNull();

        StateDumps next = next();
        StateDump kept = next.latest();
        next.takeAnew();

        assertThat(next.latest()).isSameAs(kept);
        assertThat(next.notes()).isEmpty();
    }

    @Test
    void ofOneThatWasHalfStoredTheRestIsLeft() throws IOException {
        var first = new StateDump.Part(new byte[10], 100, 200, 1);
        var second = new StateDump.Part(new byte[20], 201, 300, 1);
        new StateDump(List.of(first, second)).save(file);

        StateDump rest = next().next(true, 200);

        assertThat(Objects.requireNonNull(rest).parts())
                .singleElement()
                .satisfies(part -> assertThat(part.firstTicks()).isEqualTo(201));
        assertThat(next().next(true, 300)).isNull();
    }

    private StateDumps next() {
        return new StateDumps(file, _ -> ID);
    }
}
