// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FilesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long ASKED_AT = 50 * SECOND;
    private static final long SURE = ASKED_AT + Files.LATER_NANOS;

    private final Map<List<Long>, String> open = new HashMap<>();
    private final List<Long> asked = new ArrayList<>();
    private final Files files =
            new Files(
                    new Interval(),
                    new LocalFacts() {
                        @Override
                        public Optional<LocalThread> thread(long tid) {
                            return Optional.empty();
                        }

                        @Override
                        public String program(long pid) {
                            return "";
                        }

                        @Override
                        public String file(long pid, long descriptor) {
                            asked.add(descriptor);
                            return open.getOrDefault(List.of(pid, descriptor), "");
                        }
                    },
                    InstantSource.fixed(Instant.ofEpochSecond(50)));

    /// What the machine says is of a later time than what is read of the trace.
    @Test
    void takesWhatTheMachineSaysWhenTheTraceHasComeToThatTime() {
        open.put(List.of(9L, 3L), "/var/log/web");

        assertThat(files.name(9, 3, ASKED_AT - SECOND / 2)).isNull();
        assertThat(files.name(9, 3, SURE - 1)).isNull();
        assertThat(files.name(9, 3, SURE)).isEqualTo("/var/log/web");
        assertThat(asked).containsExactly(3L);
    }

    @Test
    void forgetsWhatTheMachineSaidOfADescriptorThatWasClosedBefore() {
        open.put(List.of(9L, 3L), "/etc/hosts");

        files.name(9, 3, ASKED_AT);
        files.close(9, 3);
        open.put(List.of(9L, 3L), "/var/log/web");

        assertThat(files.name(9, 3, SURE)).isNull();
        files.open(9, 4, null); // of a path that is not known
        open.put(List.of(9L, 4L), "/etc/passwd");
        files.name(9, 4, ASKED_AT);
        files.end(9);
        open.clear();
        assertThat(files.name(9, 4, SURE)).isNull();
    }

    @Test
    void asksOnceWhereTheMachineKnowsNothing() {
        files.name(9, 3, ASKED_AT);
        files.name(9, 3, SURE);
        assertThat(files.name(9, 3, SURE + 1)).isNull();
        assertThat(asked).containsExactly(3L);
    }

    @Test
    void asksSoManyTimesASecondAndNoMore() {
        for (long i = 0; i < 3 * Files.MAX_ASKED; i++) {
            files.name(9, i, ASKED_AT);
        }
        assertThat(asked).hasSize(Files.MAX_ASKED);
        files.name(9, 1000, ASKED_AT + SECOND);
        assertThat(asked).hasSize(Files.MAX_ASKED + 1);
    }
}
