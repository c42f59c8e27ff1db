// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.tap.InstrumentedProgram;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Events that recording an event causes.
class NestedEventsSystemTest extends TracedPrograms {
    /// Calls of instrumented methods in one event, and in an event in its middle, at most.
    private static final int MOST_NESTED = 100;

    /// Recursion ends, and every event is in the ring or counted.
    @Test
    void comeToAnEndAndAreAccountedForWhateverIsInstrumented() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.OVERWRITE, 64, List.of())) {
            Process process = start(AGENT, InstrumentedProgram.class, "");
            Path ring = daemon.awaitRing();
            long emitted = Long.parseLong(process.inputReader().readLine());
            awaitExit(process);
            long direct = (2L + InstrumentedProgram.THREADS) * InstrumentedProgram.EVENTS;
            assertThat(emitted).isBetween(direct + 1, direct * MOST_NESTED);
            try (RingFile file = RingFile.open(ring, -1)) {
                PoolTotals totals = file.pools().get(0).totals();
                assertThat(totals.recorded() + totals.lost()).isEqualTo(emitted);
                assertThat(totals.failed()).isZero();
            }
            assertThat(errors()).isEmpty();
        }
    }
}
