// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.Clock;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.wire.DomainName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// How far back the buffers of a session reach together.
class SessionReportTest {
    private static final long NOW = 1_000;
    private static final int CHANNEL = 0;

    private static final Clock CLOCK =
            new Clock() {
                @Override
                public long monotonicNanos() {
                    return NOW;
                }

                @Override
                public long realtimeNanos() {
                    return NOW;
                }
            };

    @Test
    void historyIsThatOfTheRingWhichHasOverwrittenTheYoungestRecords() {
        assertThat(historyNanos(ring(100, 900), ring(50, 400), ring(20, Long.MIN_VALUE)))
                .isEqualTo(NOW - 900);
    }

    /// A program that has just begun has not forgotten anything.
    @Test
    void aRingThatHasOverwrittenNothingDoesNotLimitIt() {
        assertThat(historyNanos(ring(990, Long.MIN_VALUE), ring(100, 300))).isEqualTo(NOW - 300);
        assertThat(historyNanos(ring(990, Long.MIN_VALUE), ring(100, Long.MIN_VALUE)))
                .isEqualTo(NOW - 100);
    }

    @Test
    void aRingThatIsCompleteNowhereLeavesNone() {
        assertThat(historyNanos(ring(100, Long.MIN_VALUE), ring(50, Long.MAX_VALUE))).isZero();
    }

    @Test
    void thereIsNoneWithoutRecords() {
        assertThat(historyNanos(ring(Long.MAX_VALUE, 700))).isZero();
    }

    private static long historyNanos(RingAccount... rings) {
        var sums = new TreeMap<Integer, RingAccount>();
        for (RingAccount each : rings) {
            SessionReport.add(sums, CHANNEL, each);
        }
        return SessionReport.accounts(sums, Map.of(CHANNEL, DomainName.USERSPACE), CLOCK)
                .getFirst()
                .historyNanos();
    }

    private static RingAccount ring(long oldestTicks, long horizonTicks) {
        return new RingAccount("ust", "a", 10, 0, 1, oldestTicks, horizonTicks, List.of());
    }
}
