// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.kernel.Captured;
import org.junit.jupiter.api.Test;

class SubBufferTest {
    private static final int PAGE = 4096;

    @Test
    void tellsHowManyRecordsWereMissedWhereTheKernelDoes() throws Exception {
        var counted = Captured.memory(Captured.bytes("missed-counted.bin"));
        var notCounted = Captured.memory(Captured.bytes("missed-not-counted.bin"));
        assertThat(SubBuffer.isMissed(counted, 0)).isTrue();
        assertThat(SubBuffer.missedRecords(counted, 0, PAGE)).isEqualTo(1595);
        assertThat(SubBuffer.isMissed(notCounted, 0)).isTrue();
        assertThat(SubBuffer.missedRecords(notCounted, 0, PAGE)).isEqualTo(SubBuffer.NOT_COUNTED);
    }
}
