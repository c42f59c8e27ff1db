// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.kernel.tracefs.CpuStats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// From when on the history of several CPUs is complete.
class KernelCaptureTest {
    @Test
    void isCompleteFromTheLatestBeginningOfThoseThatHaveLostSome() {
        assertThat(KernelCapture.horizonTicks(List.of(copy(0, 7), copy(5, 50), copy(5, 30))))
                .isEqualTo(50);
    }

    @Test
    void isCompleteFromTheBeginningWhereNothingWasLost() {
        assertThat(KernelCapture.horizonTicks(List.of(copy(0, 7), copy(0, 30), copy(0))))
                .isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void isNowhereCompleteWhereAllOfACpuWasLost() {
        assertThat(KernelCapture.horizonTicks(List.of(copy(0, 7), copy(5))))
                .isEqualTo(Long.MAX_VALUE);
    }

    /// Of a CPU that has overwritten so many records, with empty sub-buffers of these times.
    private static RingCopy copy(long overwritten, long... times) {
        var subBuffers = new ArrayList<byte[]>();
        for (long time : times) {
            byte[] subBuffer = new byte[SubBuffer.DATA];
            ByteBuffer.wrap(subBuffer).order(ByteOrder.LITTLE_ENDIAN).putLong(0, time);
            subBuffers.add(subBuffer);
        }
        var copy = new RingCopy();
        copy.take(0, subBuffers, false);
        copy.account(new CpuStats(1, overwritten, 0, 0, 0, 0));
        return copy;
    }
}
