// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.write.Divers;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpanIdsTest {
    private static final int DIVES = 100;

    private final SpanIds ids = new SpanIds();

    /// No probe records anything of one that does.
    @Test
    void aThreadWithoutStackDoesNotStayInTheTracersCode() throws Exception {
        ids.areThere();
        ids.want(Set.of("app_otel_trace_id", "app_otel_span_id"));
        switchContext();
        assertThat(Divers.dive(DIVES, this::switchContext)).isFalse();
    }

    /// To none that has a span.
    private void switchContext() {
        ids.own.accept(this);
    }
}
