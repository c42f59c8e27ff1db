// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossTimesTest {
    private final LossTimes losses = new LossTimes();

    @Test
    void placesEachLossBeforeWhatWasBegunAfterIt() {
        losses.add(100, 0);
        losses.add(200, 7);
        losses.add(300, 7);
        losses.add(400, 9);
        losses.add(410, 20);
        assertThat(losses.last()).isEqualTo(20);
        assertThat(losses.placed()).isZero();
        assertThat(losses.before(150)).isZero();
        assertThat(losses.before(250)).isEqualTo(7);
        assertThat(losses.before(399)).isEqualTo(7);
        assertThat(losses.placed()).isEqualTo(7);
        assertThat(losses.before(500)).isEqualTo(20);
        assertThat(losses.before(501)).isEqualTo(20);
    }
}
