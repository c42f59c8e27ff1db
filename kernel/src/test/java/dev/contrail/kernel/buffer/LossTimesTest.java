// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossTimesTest {
    private final LossTimes losses = new LossTimes();

    @Test
    void placesALossBeforeWhatWasBegunAfterItWasSeen() {
        losses.add(100, 101, 0);
        losses.add(200, 201, 7);
        losses.add(300, 301, 7);
        assertThat(losses.last()).isEqualTo(7);
        assertThat(losses.lookedAt()).isEqualTo(300);
        assertThat(losses.before(90, 95)).isZero();
        assertThat(losses.before(110, 111)).isZero();
        assertThat(losses.before(120, 210)).isEqualTo(7);
        assertThat(losses.before(220, 400)).isEqualTo(7);
    }

    @Test
    void placesALossIntoTheGapThatExplainsIt() {
        losses.add(100, 101, 0);
        losses.add(900, 901, 50); // kept from looking in between
        losses.add(1000, 1001, 60);
        assertThat(losses.before(130, 131)).isZero();
        assertThat(losses.before(140, 800)).isEqualTo(50);
        assertThat(losses.before(810, 811)).isEqualTo(50);
        assertThat(losses.before(905, 990)).isEqualTo(60);
    }

    @Test
    void placesSeveralAtOnceWhenNothingWasRecordedInBetween() {
        losses.add(100, 101, 1);
        losses.add(200, 201, 2);
        losses.add(300, 301, 3);
        assertThat(losses.before(50, 400)).isEqualTo(3);
        assertThat(losses.before(410, 420)).isEqualTo(3);
    }
}
