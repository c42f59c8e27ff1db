// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class WriterProcessTest {
    private static final long ID = ProcFiles.processId();
    private static final long START = ProcFiles.processStart();

    private static WriterState state(long id, long start, UUID boot) {
        return new WriterProcess(id, start, ProcFiles.PID_NAMESPACE, boot).state();
    }

    @Test
    void findsAProcessThatRuns() {
        assertThat(state(ID, START, ProcFiles.BOOT)).isEqualTo(WriterState.LIVES);
    }

    @Test
    void tellsAProcessFromAnotherOfTheSameId() {
        assertThat(state(ID, START - 100, ProcFiles.BOOT)).isEqualTo(WriterState.ENDED);
    }

    @Test
    void seesThatAProcessHasEnded() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        long start = ProcFiles.start(ProcFiles.stat(Long.toString(child.pid())));
        WriterProcess process =
                new WriterProcess(child.pid(), start, ProcFiles.PID_NAMESPACE, ProcFiles.BOOT);
        assertThat(process.state()).isEqualTo(WriterState.LIVES);
        child.destroyForcibly().waitFor();
        assertThat(process.state()).isEqualTo(WriterState.ENDED);
    }

    @Test
    void nothingOutlivesABoot() {
        assertThat(state(ID, START, UUID.randomUUID())).isEqualTo(WriterState.ENDED);
    }

    @Test
    void doesNotClaimToKnowAProcessWithoutAStartTime() {
        assertThat(state(ID, 0, ProcFiles.BOOT)).isEqualTo(WriterState.UNKNOWN);
    }
}
