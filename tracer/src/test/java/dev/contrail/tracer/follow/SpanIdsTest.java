// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.write.ThreadSlot;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpanIdsTest {
    private static final int DIVES = 100;

    private final SpanIds ids = new SpanIds();
    private boolean staysInside;

    /// No probe records anything of one that does.
    @Test
    void aThreadWithoutStackDoesNotStayInTheTracersCode() throws Exception {
        ids.areThere();
        ids.want(Set.of("app_otel_trace_id", "app_otel_span_id"));
        switchContext();
        Thread deep = new Thread(null, this::work, "deep", 256 << 10);
        deep.start();
        deep.join();
        assertThat(staysInside).isFalse();
    }

    private void work() {
        for (int i = 0; i < DIVES; i++) {
            dive();
            staysInside |= ThreadSlot.current().isInside;
        }
    }

    /// A switch at each depth, on the way up.
    private void dive() {
        try {
            dive();
        } catch (StackOverflowError e) {
            // then here
        }
        switchContext();
    }

    /// To none that has a span.
    private void switchContext() {
        ids.own.accept(this);
    }
}
