// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLogTest {
    private static final List<String> RECORDS =
            List.of("event\t1\tönig", "", "two\nlines and a \\n", "x".repeat(300));

    @TempDir private Path directory;

    @Test
    void givesBackWhatWasAppended() throws IOException {
        Path file = filled();
        {
            StateLog log = StateLog.open(file);
            assertThat(log.records()).isEqualTo(RECORDS);
            assertThat(log.problem()).isEmpty();
            assertThat(log.isOfEarlierBoot()).isFalse();
        }
    }

    @Test
    void goesOnBehindATailThatWasCutAtAnyByte() throws IOException {
        byte[] whole = Files.readAllBytes(filled());
        int head = Files.readAllLines(directory.resolve("log")).getFirst().length() + 1;
        for (int length = head; length < whole.length; length++) {
            Path file = directory.resolve("cut-" + length);
            Files.write(file, Arrays.copyOf(whole, length));
            List<String> kept;
            {
                StateLog log = StateLog.open(file);
                kept = log.records();
                assertThat(RECORDS.subList(0, kept.size())).isEqualTo(kept);
                assertThat(log.problem()).isEmpty();
                log.append("after");
            }
            {
                StateLog next = StateLog.open(file);
                assertThat(next.records().subList(0, kept.size())).isEqualTo(kept);
                assertThat(next.records()).hasSize(kept.size() + 1).endsWith("after");
            }
            Files.delete(file);
        }
    }

    @Test
    void putsAsideWhatIsCutInItsFirstLine() throws IOException {
        byte[] whole = Files.readAllBytes(filled());
        int head = Files.readAllLines(directory.resolve("log")).getFirst().length() + 1;
        for (int length = 0; length < head; length++) {
            Path below = Files.createDirectory(directory.resolve("head-" + length));
            Files.write(below.resolve("log"), Arrays.copyOf(whole, length));
            {
                StateLog log = StateLog.open(below.resolve("log"));
                assertThat(log.records()).isEmpty();
                assertThat(log.problem()).contains("unreadable-");
                log.append("new");
            }
            try (var files = Files.list(below)) {
                assertThat(files).hasSize(2);
            }
        }
    }

    @Test
    void leavesOutDamagedRecordsAndKeepsTheFileAsItWas() throws IOException {
        byte[] whole = Files.readAllBytes(filled());
        var random = new Random(8);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 + random.nextInt(255));
            Path below = Files.createDirectory(directory.resolve("damaged-" + i));
            Files.write(below.resolve("log"), damaged);
            {
                StateLog log = StateLog.open(below.resolve("log"));
                assertThat(RECORDS).containsAll(log.records());
                log.append("after");
            }
            {
                StateLog next = StateLog.open(below.resolve("log"));
                assertThat(next.records()).endsWith("after");
                assertThat(next.problem()).isEmpty();
            }
        }
    }

    @Test
    void replacesItsContentAndGoesOn() throws IOException {
        Path file = filled();
        {
            StateLog log = StateLog.open(file);
            log.replace(List.of("one"));
            log.append("two");
            assertThat(log.sizeBytes()).isEqualTo(Files.size(file));
        }
        {
            StateLog log = StateLog.open(file);
            assertThat(log.records()).containsExactly("one", "two");
        }
    }

    @Test
    void refusesARecordThatIsTooLongAndKeepsTheOthers() throws IOException {
        Path file = filled();
        {
            StateLog log = StateLog.open(file);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> log.append("x".repeat(StateLog.MAX_RECORD_BYTES)));
        }
        {
            StateLog log = StateLog.open(file);
            assertThat(log.records()).isEqualTo(RECORDS);
        }
    }

    private Path filled() throws IOException {
        Path file = directory.resolve("log");
        Files.deleteIfExists(file);
        {
            StateLog log = StateLog.open(file);
            for (String record : RECORDS) {
                log.append(record);
            }
        }
        return file;
    }
}
