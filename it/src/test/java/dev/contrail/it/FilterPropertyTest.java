// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.select.EventFilter;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.FilterCompiler;
import dev.contrail.tracer.event.TargetFilter;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;

/// One expression means the same where events are recorded and where they are read.
class FilterPropertyTest {
    private static final int EVENTS = 100;
    private static final int EXPRESSIONS = 1000;

    @Provider("filtered")
    public interface Filtered {
        void event(long l, int i, char c, double d, float f, String s, String t);
    }

    private static final Filtered TRACE = Tracer.bind(Filtered.class);

    @RepeatedTest(3)
    void acceptsTheSameInTracerAndReader() throws Exception {
        long seed = System.nanoTime();
        RandomFilter random = new RandomFilter(seed);
        EventPoint point =
                EventClasses.from(0).stream()
                        .filter(each -> each.name().equals("filtered:event"))
                        .findFirst()
                        .orElseThrow();
        List<Object[]> events = new ArrayList<>();
        WriterPool pool = RingWriter.open().openPool(seed, 1, PoolMode.DISCARD, 1 << 16, 16);
        Path ring = RingWriter.current().file();
        try {
            RingWriter.current().describe(pool, point.description(1));
            point.enable(pool, 1);
            for (int i = 0; i < EVENTS; i++) {
                Object[] event = random.event();
                events.add(event);
                TRACE.event(
                        (long) event[0],
                        (int) event[1],
                        (char) event[2],
                        (double) event[3],
                        (float) event[4],
                        (String) event[5],
                        (String) event[6]);
            }
            List<String> expressions = random.expressions(EXPRESSIONS);
            List<EventFilter> readers = new ArrayList<>();
            List<TargetFilter> tracers = new ArrayList<>();
            for (String each : expressions) {
                readers.add(EventFilter.parse(each));
                tracers.add(FilterCompiler.compile(List.of(each), point.fields()));
            }
            Method accepts = RandomFilter.accepts(tracers.getFirst());
            int accepted = 0;
            try (OpenSources opened = OpenSources.of(List.of(ring), List.of(), List.of());
                    TraceReader reader = TraceReader.open(opened, 0)) {
                for (Object[] event : events) {
                    assertThat(reader.nextEvent()).isTrue();
                    for (int i = 0; i < EXPRESSIONS; i++) {
                        boolean isAccepted = (boolean) accepts.invoke(tracers.get(i), event);
                        accepted += isAccepted ? 1 : 0;
                        assertThat(readers.get(i).accepts(reader.event()))
                                .as("seed %d: %s of %s", seed, expressions.get(i), List.of(event))
                                .isEqualTo(isAccepted);
                    }
                }
                assertThat(reader.nextEvent()).isFalse();
            }
            assertThat(accepted)
                    .isBetween(EVENTS * EXPRESSIONS / 10, EVENTS * EXPRESSIONS * 9 / 10);
        } finally {
            EventClasses.disableAll(pool);
            RingWriter.current().closePool(pool);
            try (RingFile file = RingFile.open(ring, -1)) {
                for (Pool each : file.pools()) {
                    if (each.isDraining()) {
                        each.release();
                    }
                }
            }
            ring.toFile().deleteOnExit();
        }
    }
}
