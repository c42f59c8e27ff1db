// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a session is in its life: its snapshots' outputs and its state.
class SnapshotOutputsTest {
    private final SnapshotOutputs outputs = new SnapshotOutputs();

    @Test
    void namesAnOutputByItsNumberWhereItHasNoName() throws RefusedException {
        assertThat(outputs.add("", "/a", 7))
                .isEqualTo(new SnapshotOutput(1, "snapshot-1", "/a", 7));
        assertThat(outputs.list()).containsExactly(new SnapshotOutput(1, "snapshot-1", "/a", 7));
    }

    @Test
    void hasOneAtMost() throws RefusedException {
        outputs.add("x", "/a", 0);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> outputs.add("y", "/b", 0))
                .matches(refused -> refused.error() == LttngError.SNAPSHOT_OUTPUT_EXIST);
        assertThat(outputs.list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "x"})
    void deletesByNumberOrName(String which) throws RefusedException {
        SnapshotOutput added = outputs.add("x", "/a", 0);

        assertThat(outputs.delete(which)).isEqualTo(added);
        assertThat(outputs.list()).isEmpty();
    }

    @Test
    void refusesToDeleteWhatIsNotThere() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> outputs.delete("x"))
                .withMessage("Snapshot output x not found");
    }

    @Test
    void usesNoNumberTwice() throws RefusedException {
        outputs.add("", "/a", 0);
        outputs.delete("1");

        assertThat(outputs.add("", "/a", 0).name()).isEqualTo("snapshot-2");
    }

    @Test
    void countsSnapshotsFromZero() {
        assertThat(outputs.takeNumber()).isZero();
        assertThat(outputs.takeNumber()).isEqualTo(1);
        assertThat(outputs.nextSnapshot()).isEqualTo(2);
    }

    @Test
    void goesOnWhereADaemonBeforeItStopped() throws RefusedException {
        outputs.restore(List.of(new SnapshotOutput(4, "x", "/a", 0)), 5, 12);

        assertThat(outputs.takeNumber()).isEqualTo(12);
        outputs.delete("x");
        assertThat(outputs.add("", "/b", 0).id()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"CREATED, ACTIVE", "STOPPED, ACTIVE"})
    void aSessionStartsWhereItDoesNotRecord(SessionState before, SessionState after)
            throws RefusedException {
        assertThat(before.started("s")).isEqualTo(after);
    }

    @Test
    void aSessionStartsAndStopsOnce() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> SessionState.ACTIVE.started("s"))
                .withMessage("Tracing already started for session s")
                .matches(refused -> refused.error() == LttngError.TRACE_ALREADY_STARTED);
        for (SessionState each : List.of(SessionState.CREATED, SessionState.STOPPED)) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> each.stopped("s"))
                    .withMessage("Tracing already stopped for session s")
                    .matches(refused -> refused.error() == LttngError.TRACE_ALREADY_STOPPED);
        }
    }

    @Test
    void aSessionThatStoppedHasRecorded() throws RefusedException {
        assertThat(SessionState.ACTIVE.stopped("s")).isEqualTo(SessionState.STOPPED);
        assertThat(SessionState.STOPPED.wasStarted()).isTrue();
        assertThat(SessionState.CREATED.wasStarted()).isFalse();
    }

    @Test
    void refusesASecondOutputAlsoOfAnotherNameAndSize() throws RefusedException {
        outputs.add("x", "/a", 0);

        for (String name : List.of("", "x", "y")) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> outputs.add(name, "/elsewhere", 4096))
                    .withMessage(LttngError.SNAPSHOT_OUTPUT_EXIST.text());
        }
        assertThat(outputs.nextId()).as("a refusal takes no number").isEqualTo(2);
    }
}
