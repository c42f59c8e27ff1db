// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.tap.ProbedProgram;
import org.junit.jupiter.api.Test;

/// Methods that call probes.
class ProbedMethodsSystemTest extends TracedPrograms {
    /// Recursion, exceptions, switches, loops, constructors, locks, the end of the stack.
    @Test
    void doWhatTheyDidAndAreWhatTheyWereOnceTheProbesAreGone() throws Exception {
        Process process = start(AGENT, ProbedProgram.class, "");
        String said = process.inputReader().readLine();
        awaitExit(process);
        assertThat(errors()).isEmpty();
        assertThat(said).startsWith("as before");
    }
}
