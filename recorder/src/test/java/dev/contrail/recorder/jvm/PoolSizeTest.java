// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LossMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolSizeTest {
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    private static PoolSize of(LossMode mode, long subBufferBytes, int count) {
        var attributes = new ChannelAttributes(mode, subBufferBytes, count, 0, 0, 0, 0, 0, "mmap");
        return PoolSize.of(
                new ChannelPlan(0, "c", DomainName.USERSPACE, attributes, true, List.of()));
    }

    @Test
    void isAsMuchMemoryAsLttngWouldTakeForAUser() {
        PoolSize size = of(LossMode.DISCARD, 512 << 10, 4);

        assertThat((long) size.blockBytes() * size.blockCount()).isEqualTo((2L << 20) * CPUS);
        assertThat(size.blockBytes()).isEqualTo(32 << 10);
    }

    @Test
    void hasSmallerBlocksWhereThereWouldBeTooFew() {
        PoolSize size = of(LossMode.DISCARD, 4096, 2);

        assertThat(size.blockBytes()).isEqualTo(4096);
        assertThat(size.blockCount()).isEqualTo(2 * CPUS);
    }

    @ParameterizedTest
    @ValueSource(longs = {4096, 8192, 16384, 65536, 262144})
    void hasSixteenBlocksOrTheSmallest(long bytes) {
        PoolSize size = of(LossMode.DISCARD, bytes, 2);

        assertThat(size.blockCount() >= 16 || size.blockBytes() == 4096).isTrue();
        assertThat((long) size.blockBytes() * size.blockCount()).isEqualTo(2 * bytes * CPUS);
    }

    @Test
    void staysWithinWhatOneFileCanHold() {
        PoolSize size = of(LossMode.DISCARD, 1L << 40, 8);

        assertThat((long) size.blockBytes() * size.blockCount())
                .isBetween(Integer.MAX_VALUE - 65536L, (long) Integer.MAX_VALUE);
    }

    @Test
    void losesAsTheChannelDoes() {
        assertThat(of(LossMode.DISCARD, 1 << 20, 4).mode()).isEqualTo(PoolMode.DISCARD);
        assertThat(of(LossMode.OVERWRITE, 1 << 20, 4).mode()).isEqualTo(PoolMode.OVERWRITE);
    }

    @Test
    void isOrderedUnderANumber() {
        PoolSize size = of(LossMode.OVERWRITE, 1 << 20, 4);
        var order = size.order(7, 8, 9, List.of("vpid"));

        assertThat(order.sessionId()).isEqualTo(8);
        assertThat(order.channelId()).isEqualTo(9);
        assertThat(order.blockSize()).isEqualTo(size.blockBytes());
        assertThat(order.blockCount()).isEqualTo(size.blockCount());
    }
}
