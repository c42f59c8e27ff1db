// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void makesUpRecordsOfEveryKindAndNoneThatIsDamaged() {
        Converter converter = new WarmUp(SyscallTable.load("amd64")).run();
        assertThat(converter.damaged()).isZero();
        assertThat(converter.unselected()).isPositive();
        assertThat(converter.count()).isGreaterThan(200);
    }
}
