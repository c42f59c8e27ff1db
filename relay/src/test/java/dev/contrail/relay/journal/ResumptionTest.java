// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumptionTest {
    @TempDir private Path directory;

    private Resumption resumption;
    private Told stream;

    @BeforeEach
    void open() throws IOException, Refusal {
        var owner = new RecordingSession(new UUID(1, 2), 3);
        resumption = new Resumption(SessionJournal.open(directory, owner), directory.getParent());
        resumption.attach(() -> {}, true);
        stream = new Told(directory);
    }

    private int directoriesSyncedWith(long file, long entries) throws IOException {
        int before = stream.asked;
        stream.file = file;
        stream.entries = entries;
        resumption.stored(stream, true);
        resumption.commit();
        return stream.asked - before;
    }

    /// A file that a producer goes on with may have no index yet: its name is another one to keep.
    @Test
    void namesSurviveWithEachFileAndWithItsIndex() throws IOException {
        assertThat(directoriesSyncedWith(7, 0)).isOne();
        resumption.resumed(stream);
        assertThat(directoriesSyncedWith(7, 1)).isOne();
        assertThat(directoriesSyncedWith(7, 2)).isZero();
        assertThat(directoriesSyncedWith(8, 1)).isOne();
    }

    @Test
    void whatCouldNotBeSyncedIsNotTakenForSynced() throws IOException {
        directoriesSyncedWith(7, 1);
        stream.isFailing = true;
        assertThatThrownBy(() -> directoriesSyncedWith(8, 1)).hasMessage("no directory");
        stream.isFailing = false;
        resumption.resumed(stream); // with file 7, of which the journal says so
        assertThat(stream.asked).isEqualTo(1);
    }

    /// As far as it says.
    private static final class Told implements Journaled {
        private final Path directory;
        private long file;
        private long entries;
        private int asked;
        private boolean isFailing;

        Told(Path directory) {
            this.directory = directory;
        }

        @Override
        public JournalEntry.Key key() {
            return new JournalEntry.Key("ust", "c_0");
        }

        @Override
        public Optional<JournalEntry> stored() {
            return Optional.of(
                    new JournalEntry(
                            key(), file, 4096 * entries, entries, entries, new StreamMark(1, 0)));
        }

        @Override
        public List<Path> directories() throws IOException {
            if (isFailing) {
                throw new IOException("no directory");
            }
            asked++;
            return List.of(directory);
        }

        @Override
        public void committed(JournalEntry stored) {}

        @Override
        public void sync() {}
    }
}
