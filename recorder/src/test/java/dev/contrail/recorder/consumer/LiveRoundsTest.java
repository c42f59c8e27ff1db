// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveRoundsTest {
    @Test
    void aRoundMayBeSentWhenTheNextIsOver() {
        var rounds = new LiveRounds();
        assertThat(rounds.settled().packets()).isZero();
        rounds.ended(3, 100);
        assertThat(rounds.settled().packets()).isZero();
        rounds.ended(5, 200);
        assertThat(rounds.settled()).isEqualTo(new LiveRounds.Settled(3, 100));
        rounds.ended(5, 300);
        assertThat(rounds.settled()).isEqualTo(new LiveRounds.Settled(5, 200));
    }
}
