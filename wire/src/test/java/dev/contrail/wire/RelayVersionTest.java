// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelayVersionTest {
    @Test
    void agreesOnTheOlderOne() {
        var v4 = new RelayVersion(2, 4);
        assertThat(RelayVersion.OURS.agreedWith(v4)).isEqualTo(v4);
        assertThat(v4.agreedWith(RelayVersion.OURS)).isEqualTo(v4);
        assertThat(v4.agreedWith(new RelayVersion(2, 0xFFFF_FFFF))).isEqualTo(v4);
        assertThat(RelayVersion.OURS.isSpokenWith(v4)).isTrue();
        assertThat(RelayVersion.OURS.isSpokenWith(new RelayVersion(3, 15))).isFalse();
        assertThat(v4.isAtLeast(4)).isTrue();
        assertThat(v4.isAtLeast(8)).isFalse();
        assertThat(new RelayVersion(2, -1)).hasToString("2.4294967295");
    }
}
