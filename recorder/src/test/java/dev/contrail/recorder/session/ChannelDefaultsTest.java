// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LossMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelDefaultsTest {
    @Test
    void areThoseOfLttng() throws RefusedException {
        assertThat(complete(DomainName.USERSPACE, false, -1, -1, -1))
                .isEqualTo(
                        new ChannelAttributes(
                                LossMode.DISCARD, 524_288, 4, 0, 0, 1_000_000, 0, 0, "mmap"));
        assertThat(complete(DomainName.KERNEL, false, -1, -1, -1))
                .isEqualTo(
                        new ChannelAttributes(
                                LossMode.DISCARD,
                                1_048_576,
                                4,
                                0,
                                200_000,
                                1_000_000,
                                0,
                                0,
                                "splice"));
        assertThat(complete(DomainName.KERNEL, true, -1, -1, -1).lossMode())
                .isEqualTo(LossMode.OVERWRITE);
        assertThat(complete(DomainName.KERNEL, true, -1, -1, -1).output()).isEqualTo("mmap");
    }

    @ParameterizedTest
    @CsvSource({"4095,4,-1", "5000,4,-1", "2048,4,-1", "4096,3,-1", "4096,0,-1", "8192,4,4096"})
    void refusesSizesThatNoBufferCanHave(long size, int count, long fileSize) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> complete(DomainName.USERSPACE, false, size, count, fileSize));
    }

    @Test
    void refusesToOverwriteASingleSubBuffer() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> complete(DomainName.USERSPACE, true, 4096, 1, -1));
    }

    private static ChannelAttributes complete(
            DomainName domain, boolean isSnapshot, long size, int count, long fileSize)
            throws RefusedException {
        return ChannelDefaults.complete(
                domain,
                isSnapshot,
                false,
                new ChannelAttributes(LossMode.DISCARD, size, count, -1, -1, -1, fileSize, -1, ""));
    }
}
