// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumptionTest {
    @TempDir private Path directory;

    private Resumption resumption;
    private Told stream;

    @BeforeEach
    void open() throws IOException, Refusal {
        var owner = new SessionJournal.Owner(new UUID(1, 2), 3);
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
    private static final class Told extends StoredStream {
        private final Path directory;
        private long file;
        private long entries;
        private int asked;
        private boolean isFailing;

        Told(Path directory) {
            super(1, new StreamGroup(1, CString.of("ust"), 0, new Changes()), CString.of("c_0"));
            this.directory = directory;
        }

        @Override
        Optional<SessionJournal.Stored> stored(SessionJournal.Key key) {
            return Optional.of(
                    new SessionJournal.Stored(
                            key, file, 4096 * entries, entries, entries, new StreamMark(1, 0)));
        }

        @Override
        List<Path> directories() throws IOException {
            if (isFailing) {
                throw new IOException("no directory");
            }
            asked++;
            return List.of(directory);
        }

        @Override
        void committed(SessionJournal.Stored stored) {}

        @Override
        void sync() {}

        @Override
        public Optional<RelayReply.LastStored> lastStored() {
            return Optional.empty();
        }

        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        void rotate(@Nullable TraceChunk next, long firstPacketSequence) {}

        @Override
        void close(long lastNetSeqNum) {}

        @Override
        void end() {}

        @Override
        boolean isPending(long lastNetSeqNum) {
            return false;
        }
    }
}
