// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionJournalTest {
    private static final RecordingSession OWNER = new RecordingSession(new UUID(1, 2), 3);
    private static final JournalEntry.Key FIRST = new JournalEntry.Key("ust/uid/0", "c_0");
    private static final JournalEntry.Key SECOND = new JournalEntry.Key("kernel", "k_1");

    @TempDir private Path directory;

    private static JournalEntry stored(JournalEntry.Key key, long number) {
        return new JournalEntry(
                key, 1, number * 4096, number, number, new StreamMark(number + 7, 9));
    }

    @Test
    void theLastWordOfEachStreamCounts() throws IOException, Refusal {
        try (var journal = SessionJournal.open(directory, OWNER)) {
            journal.append(List.of(stored(FIRST, 1), stored(SECOND, 5)), false);
            journal.append(List.of(stored(FIRST, 2)), true);
        }
        try (var journal = SessionJournal.open(directory, OWNER)) {
            assertThat(journal.of(FIRST)).contains(stored(FIRST, 2));
            assertThat(journal.of(SECOND)).contains(stored(SECOND, 5));
            assertThat(journal.of(new JournalEntry.Key("kernel", "c_0"))).isEmpty();
        }
    }

    /// @return where the second record begins
    private long appendTwice(Path path) throws IOException, Refusal {
        try (var journal = SessionJournal.open(directory, OWNER)) {
            journal.append(List.of(stored(FIRST, 1)), false);
            long whole = Files.size(path);
            journal.append(List.of(stored(FIRST, 2)), false);
            return whole;
        }
    }

    /// Wherever a kill has cut the file, what was whole before counts, and more can be appended.
    @Test
    void aTornEndIsCutOff() throws IOException, Refusal {
        Path path = directory.resolve(SessionJournal.NAME);
        long whole = appendTwice(path);
        byte[] all = Files.readAllBytes(path);
        for (int cut = (int) whole; cut < all.length; cut++) {
            Files.write(path, Arrays.copyOf(all, cut));
            try (var journal = SessionJournal.open(directory, OWNER)) {
                assertThat(journal.of(FIRST)).contains(stored(FIRST, 1));
                assertThat(Files.size(path)).isEqualTo(whole);
                journal.append(List.of(stored(FIRST, 3)), false);
            }
            try (var journal = SessionJournal.open(directory, OWNER)) {
                assertThat(journal.of(FIRST)).contains(stored(FIRST, 3));
            }
        }
    }

    /// Cut off there, what is stored of all streams would be cut off with it.
    @Test
    void whatIsBehindADamagedRecordCounts() throws IOException, Refusal {
        Path path = directory.resolve(SessionJournal.NAME);
        long begin;
        long end;
        try (var journal = SessionJournal.open(directory, OWNER)) {
            begin = Files.size(path);
            journal.append(List.of(stored(FIRST, 1)), false);
            end = Files.size(path);
            journal.append(List.of(stored(FIRST, 2), stored(SECOND, 5)), false);
        }
        byte[] all = Files.readAllBytes(path);
        for (int at = (int) begin; at < end; at++) {
            byte[] damaged = all.clone();
            damaged[at] ^= 0x10;
            Files.write(path, damaged);
            try (var journal = SessionJournal.open(directory, OWNER)) {
                assertThat(journal.of(FIRST)).contains(stored(FIRST, 2));
                assertThat(journal.of(SECOND)).contains(stored(SECOND, 5));
            }
        }
    }

    @Test
    void aFlippedBitEndsIt() throws IOException, Refusal {
        Path path = directory.resolve(SessionJournal.NAME);
        long whole = appendTwice(path);
        byte[] all = Files.readAllBytes(path);
        for (int at = (int) whole; at < all.length; at++) {
            byte[] damaged = all.clone();
            damaged[at] ^= 0x10;
            Files.write(path, damaged);
            try (var journal = SessionJournal.open(directory, OWNER)) {
                assertThat(journal.of(FIRST)).contains(stored(FIRST, 1));
            }
        }
    }

    @Test
    void nobodyElseGoesOnWithIt() throws IOException, Refusal {
        SessionJournal.open(directory, OWNER).close();
        for (RecordingSession each :
                List.of(
                        new RecordingSession(new UUID(1, 3), 3),
                        new RecordingSession(new UUID(1, 2), 4))) {
            assertThatThrownBy(() -> SessionJournal.open(directory, each))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("another session");
        }
    }

    @Test
    void whatWasStoredWithoutAJournalIsNotTouched() throws IOException, Refusal {
        Files.createDirectory(directory.resolve("kernel"));
        assertThatThrownBy(() -> SessionJournal.open(directory, OWNER))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("without a journal");
    }

    @Test
    void itDoesNotGrowForEver() throws IOException, Refusal {
        try (var journal = SessionJournal.open(directory, OWNER)) {
            for (int i = 0; i < 30_000; i++) {
                journal.append(List.of(stored(FIRST, i)), false);
            }
        }
        assertThat(Files.size(directory.resolve(SessionJournal.NAME))).isLessThan(2 << 20);
        try (var journal = SessionJournal.open(directory, OWNER)) {
            assertThat(journal.of(FIRST)).contains(stored(FIRST, 29_999));
        }
    }
}
