// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallerTest {
    /// A program that logs at full speed pays for so many looks at the stack, and no more.
    @Test
    void isLookedForOnlySoOftenInASecond() {
        long millis = 4_000_000_000_123L;
        for (int i = 0; i < Caller.MOST_A_SECOND; i++) {
            assertThat(Caller.isWanted(millis)).isTrue();
        }
        assertThat(Caller.isWanted(millis)).isFalse();
        assertThat(Caller.isWanted(millis + 800)).isFalse();
        assertThat(Caller.isWanted(millis + 1000)).isTrue();
    }
}
