// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.source.Summary.OneStream;
import dev.contrail.analysis.source.Summary.OneTrace;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryCommandTest {
    @Test
    void namesEachRingThatHoldsNothingOnce() {
        var traces = new ArrayList<OneTrace>();
        assertThat(SummaryCommand.empty(traces, false)).isEmpty();
        traces.add(trace("host/1-2-3", false));
        assertThat(SummaryCommand.empty(traces, false))
                .contains("1 trace holds nothing: host/1-2-3");
        traces.add(trace("host/2-2-3/session-a", false));
        traces.add(trace("host/2-2-3/session-b", false));
        assertThat(SummaryCommand.empty(traces, false))
                .contains("2 traces hold nothing: host/1-2-3, host/2-2-3");
        traces.add(trace("host/2-2-3/session-c", true));
        assertThat(SummaryCommand.empty(traces, true))
                .contains("1 more trace holds nothing: host/1-2-3");
        traces.addAll(
                List.of(trace("host/4", false), trace("host/5", false), trace("host/6", false)));
        assertThat(SummaryCommand.empty(traces, true))
                .contains("4 more traces hold nothing: host/1-2-3, host/4, host/5, …");
    }

    @Test
    void losesARangeWhereTheFirstPacketCounts() {
        assertThat(SummaryCommand.discarded(0, 0)).isEqualTo("0");
        assertThat(SummaryCommand.discarded(1_234, 0)).isEqualTo("1,234");
        assertThat(SummaryCommand.discarded(3, 1_997)).isEqualTo("3 to 2,000");
        assertThat(SummaryCommand.discarded(0, -1)).isEqualTo("0 to 18,446,744,073,709,551,615");
    }

    private static OneTrace trace(String name, boolean hasStream) {
        var metadata = new Metadata(new TraceClass(), List.of(), List.of(), List.of(), List.of());
        var trace = new Trace(name, metadata);
        var stream =
                new OneStream(
                        new TraceStream(trace, new StreamClass(0, ""), 0, "channel 0, cell 1"),
                        1,
                        1,
                        Optional.empty(),
                        0,
                        0,
                        0);
        return new OneTrace(trace, hasStream ? List.of(stream) : List.of(), Map.of());
    }
}
