// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DrainPlanTest {
    @Test
    void usesAsManyThreadsAsTheMachineCanSpare() {
        assertThat(DrainPlan.of(1)).isEqualTo(new DrainPlan(1, 1));
        assertThat(DrainPlan.of(2)).isEqualTo(new DrainPlan(1, 1));
        assertThat(DrainPlan.of(16)).isEqualTo(new DrainPlan(1, 2));
        assertThat(DrainPlan.of(64)).isEqualTo(new DrainPlan(4, 8));
        assertThat(DrainPlan.of(512)).isEqualTo(new DrainPlan(4, 8));
    }
}
