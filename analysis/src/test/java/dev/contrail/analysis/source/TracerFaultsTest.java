// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.TraceClass;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracerFaultsTest {
    private static TracerFaults faults(String tracer, long major, long minor, long patch) {
        var environment = new LinkedHashMap<String, Object>();
        environment.put("tracer_name", tracer);
        environment.put("tracer_major", major);
        environment.put("tracer_minor", minor);
        environment.put(tracer.equals("barectf") ? "tracer_patch" : "tracer_patchlevel", patch);
        return TracerFaults.of(
                new TraceClass(
                        TraceClass.NO_UUID,
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        environment,
                        List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "lttng-ust, 2, 10, 9, false, true, true",
        "lttng-ust, 2, 11, 0, false, false, true",
        "lttng-modules, 2, 8, 20, false, true, true",
        "lttng-modules, 2, 9, 12, false, true, true",
        "lttng-modules, 2, 9, 13, false, false, true",
        "lttng-modules, 2, 10, 9, false, true, true",
        "lttng-modules, 2, 10, 10, false, false, true",
        "lttng-modules, 2, 13, 9, false, false, true",
        "barectf, 2, 3, 0, true, false, false",
        "barectf, 2, 3, 1, false, false, false",
        "barectf, 3, 0, 0, false, false, false",
        "other, 1, 0, 0, false, false, false",
    })
    void knowsTracersByNameAndVersion(
            String tracer,
            long major,
            long minor,
            long patch,
            boolean beginsLate,
            boolean endsEarly,
            boolean endsAtZero) {
        assertThat(faults(tracer, major, minor, patch))
                .isEqualTo(new TracerFaults(beginsLate, endsEarly, endsAtZero));
    }

    @Test
    void aPacketEndsAtItsLastEventWhereTheTracerIsWrong() {
        TracerFaults old = faults("lttng-ust", 2, 10, 0);
        TracerFaults recent = faults("lttng-ust", 2, 13, 0);

        assertThat(old.end(100, 101)).isEqualTo(101);
        assertThat(old.end(100, 99)).isEqualTo(100);
        assertThat(recent.end(100, 101)).isEqualTo(100);
        assertThat(recent.end(0, 101)).isEqualTo(101);
        assertThat(faults("other", 0, 0, 0).end(0, 101)).isZero();
    }
}
