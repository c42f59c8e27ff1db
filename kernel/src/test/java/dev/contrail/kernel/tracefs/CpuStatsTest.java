// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CpuStatsTest {
    private static final String TEXT =
            """
            entries: 1011
            overrun: 22
            commit overrun: 3
            bytes: 54594
            oldest event ts:  1391.017853
            now ts:  1392.123456
            dropped events: 40
            read events: 500
            """;

    @Test
    void readsWhatTheKernelShows() throws Exception {
        CpuStats stats = CpuStats.parse(TEXT);
        assertThat(stats).isEqualTo(new CpuStats(1011, 22, 43, 500, 54_594, 1_391_017_853_000L));
        assertThat(stats.recorded()).isEqualTo(1533);
        assertThat(stats.lost()).isEqualTo(65);
    }

    @Test
    void hasNoOldestTimeWhenTheRingIsEmpty() throws Exception {
        for (String none : new String[] {"", "x", "1391", ".", "-1.000000", "1.9999999"}) {
            String text = TEXT.replace("1391.017853", none);
            assertThat(CpuStats.parse(text).oldestTicks()).as(none).isZero();
        }
    }

    @Test
    void refusesWhatIsNoNumber() {
        for (String damaged : new String[] {"", "-1", "1x", "1234567890123456789"}) {
            assertThatThrownBy(() -> CpuStats.parse(TEXT.replace(": 22", ": " + damaged)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("ring statistics: overrun is '" + damaged + "', want a number");
        }
        assertThatThrownBy(() -> CpuStats.parse("")).isInstanceOf(IOException.class);
    }
}
