// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.process.OtherThread;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateRecordsTest {
    private static final long SECOND = 1_000_000_000;

    /// JFR's clock is so far ahead of ours.
    private static final long AHEAD = 1_700_000_000 * SECOND;

    private final LateRecords late = new LateRecords();
    private final List<Long> told = new ArrayList<>();

    private void happened(long ticks) {
        Object[] values = {};
        assertThat(
                        late.add(
                                new LateRecord(
                                        "jdk.Some",
                                        null,
                                        AHEAD + ticks,
                                        0,
                                        OtherThread.NONE,
                                        values)))
                .isTrue();
    }

    private long delivered(long nowTicks) {
        told.clear();
        return late.delivered(nowTicks, (ticks, record) -> told.add(ticks));
    }

    @Test
    void nothingIsToldBeforeTheClocksAreJoined() {
        happened(5);
        assertThat(delivered(SECOND)).isEqualTo(Long.MIN_VALUE);
        assertThat(told).isEmpty();
        late.sync(AHEAD + SECOND + 30, SECOND + 30);
        assertThat(delivered(2 * SECOND)).isEqualTo(SECOND + 30 - LateRecords.WINDOW_NANOS);
        assertThat(told).containsExactly(5L);
    }

    @Test
    void recordsOfTwoDeliveriesAreToldInOrder() {
        late.sync(AHEAD + SECOND, SECOND);
        long edge = SECOND - LateRecords.WINDOW_NANOS;
        happened(30);
        happened(10);
        happened(edge + 20);
        assertThat(delivered(SECOND + 5)).isEqualTo(edge);
        assertThat(told).containsExactly(10L, 30L);
        late.sync(AHEAD + 2 * SECOND, 2 * SECOND);
        happened(edge + 10); // was held back
        happened(SECOND + 40);
        delivered(2 * SECOND + 5);
        assertThat(told).containsExactly(edge + 10, edge + 20, SECOND + 40);
    }

    @Test
    void whatComesAfterAPromiseIsToldAsYounger() {
        late.sync(AHEAD + SECOND, SECOND);
        long edge = delivered(SECOND + 5);
        late.sync(AHEAD + 2 * SECOND, 2 * SECOND);
        happened(7);
        delivered(2 * SECOND + 5);
        assertThat(told).containsExactly(edge);
    }

    @Test
    void nothingIsOlderThanReadersWaitFor() {
        late.sync(AHEAD + 60 * SECOND, 60 * SECOND);
        happened(SECOND); // the program was stopped
        delivered(61 * SECOND);
        assertThat(told).containsExactly(61 * SECOND - LateRecords.MOST_LATE_NANOS);
    }

    @Test
    void whatMayWaitIsBounded() {
        Object[] large = {"x".repeat(1 << 20)};
        int count = 0;
        while (late.add(new LateRecord("jdk.Some", null, AHEAD, 0, OtherThread.NONE, large))) {
            count++;
        }
        assertThat(count).isBetween(6, 8);
        late.sync(AHEAD + 9 * SECOND, 9 * SECOND);
        delivered(9 * SECOND);
        assertThat(told).hasSize(count);
        assertThat(late.add(new LateRecord("jdk.Some", null, AHEAD, 0, OtherThread.NONE, large)))
                .isTrue();
    }

    @Test
    void theLeastDifferenceOfTwoDeliveriesCounts() {
        late.sync(AHEAD + 900, 0); // cut off between its two times
        late.sync(AHEAD + SECOND + 100, SECOND);
        happened(500);
        delivered(2 * SECOND);
        assertThat(told).containsExactly(400L);
        late.sync(AHEAD + 2 * SECOND + 300, 2 * SECOND);
        happened(SECOND + 500);
        delivered(3 * SECOND);
        assertThat(told).containsExactly(SECOND + 400);
    }

    @Test
    void aClockThatIsSetCountsAtOnce() {
        late.sync(AHEAD + SECOND, SECOND);
        delivered(SECOND);
        late.sync(AHEAD + 7200 * SECOND + 2 * SECOND, 2 * SECOND);
        happened(7200 * SECOND + SECOND + 5);
        delivered(3 * SECOND);
        assertThat(told).containsExactly(SECOND + 5);
    }
}
