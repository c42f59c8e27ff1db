// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.write.Divers;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Events of a thread that has no stack left for all that they take.
class EndOfStackTest {
    private static final long SESSION = 0xdee9;
    private static final int DIVES = 60;

    @Provider("deep")
    public interface Events {
        void level(@Field("n") long n);
    }

    private static final Events EVENTS = Tracer.bind(Events.class);

    private long done;

    @Test
    void eachIsCountedOnceAndProbesRecordAfterwards() throws Exception {
        RingWriter ring = RingWriter.open();
        ring.file().toFile().deleteOnExit();
        WriterPool pool = ring.openPool(SESSION, 0, PoolMode.DISCARD, 1 << 18, 64);
        EventPoint point =
                EventClasses.of("deep:level", 13, List.of(new EventField("n", FieldType.S64)));
        point.enable(pool, 3);
        emit(); // whatever is loaded for the first
        boolean staysInside = Divers.dive(DIVES, this::emit);
        point.disable(pool);
        ring.closePool(pool);
        assertThat(staysInside).isFalse();
        try (RingFile file = RingFile.open(ring.file(), -1)) {
            for (Pool each : file.pools()) {
                if (each.sessionId() == SESSION) {
                    assertThat(each.totals().recorded() + each.totals().lost()).isEqualTo(done);
                    each.release();
                }
            }
        }
    }

    /// One that is thrown out of here was none.
    private void emit() {
        EVENTS.level(done);
        done++;
    }
}
