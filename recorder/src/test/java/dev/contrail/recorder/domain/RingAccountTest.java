// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingAccountTest {
    @Test
    void isCompleteFromTheBeginningWhereNothingWasOverwritten() {
        var account = new RingAccount("kernel", "kernel", 10, 0, 0, 500);

        assertThat(account.completeFromTicks()).isEqualTo(500);
    }

    @Test
    void isCompleteFromTheHorizonWhereSomethingWas() {
        var account = new RingAccount("kernel", "kernel", 10, 0, 5, 500, 700, List.of());

        assertThat(account.completeFromTicks()).isEqualTo(700);
    }

    @Test
    void isCompleteFromItsOldestRecordWhereThatIsYounger() {
        var account = new RingAccount("kernel", "kernel", 10, 0, 5, 900, 700, List.of());

        assertThat(account.completeFromTicks()).isEqualTo(900);
    }

    @Test
    void isNeverCompleteWhereNothingIsInMemory() {
        var account = new RingAccount("kernel", "kernel", 10, 0, 10, Long.MAX_VALUE, 7, List.of());

        assertThat(account.completeFromTicks()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void carriesItsStateDumpBesideTheRecords() {
        var account =
                new RingAccount("kernel", "kernel", 10, 1, 2, 3, 4, List.of("note"))
                        .withStateDump(99);

        assertThat(account)
                .isEqualTo(
                        new RingAccount("kernel", "kernel", 10, 1, 2, 3, 4, 99, List.of("note")));
    }

    @Test
    void keepsItsOwnNotes() {
        var notes = new ArrayList<>(List.of("a"));
        var account = new RingAccount("kernel", "kernel", 0, 0, 0, 0, 0, notes);
        notes.add("b");

        assertThat(account.notes()).containsExactly("a");
    }
}
