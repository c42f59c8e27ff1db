// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import org.junit.jupiter.api.Test;

class JfrSelectionTest {
    private static JfrSelection of(JfrRule... rules) throws IOException {
        return JfrSelection.of(List.of(rules), FlightRecorder.getFlightRecorder().getEventTypes());
    }

    @Test
    void rulesChooseByNameAndSet() throws IOException {
        JfrSelection chosen =
                of(
                        new JfrRule(
                                "jfr:JavaMonitor*",
                                List.of("jfr:JavaMonitorW*"),
                                List.of("threshold=3ms", "stack=5")),
                        new JfrRule("jfr:CPULoad", List.of(), List.of("period=everyChunk")),
                        new JfrRule("*", List.of("jfr:*"), List.of()));
        assertThat(chosen.types).containsKeys("jdk.JavaMonitorEnter", "jdk.CPULoad");
        assertThat(chosen.types).doesNotContainKeys("jdk.JavaMonitorWait", "jdk.ThreadPark");
        assertThat(chosen.settings)
                .containsEntry("jdk.JavaMonitorEnter#enabled", "true")
                .containsEntry("jdk.JavaMonitorEnter#threshold", "3 ms")
                .containsEntry("jdk.CPULoad#period", "everyChunk");
        assertThat(chosen.thresholdNanos("jdk.JavaMonitorEnter", "20 ms")).isEqualTo(3_000_000);
        assertThat(chosen.thresholdNanos("jdk.Other", "20 ms")).isEqualTo(20_000_000);
        assertThat(chosen.frames).containsEntry("jdk.JavaMonitorEnter", 5);
    }

    @Test
    void withoutSettingsAllEventsOfANameAreWantedWithTheirStacks() throws IOException {
        JfrSelection chosen = of(new JfrRule("jfr:JavaExceptionThrow", List.of(), List.of()));
        assertThat(chosen.settings)
                .containsEntry("jdk.JavaExceptionThrow#stackTrace", "true")
                .doesNotContainKey("jdk.JavaExceptionThrow#throttle")
                .containsEntry("jdk.JavaErrorThrow#enabled", "true");
        assertThat(chosen.types).containsOnlyKeys("jdk.JavaExceptionThrow");
    }

    @Test
    void aProfileChoosesAndSetsAsTheJdkHasIt() throws Exception {
        JfrSelection chosen = of(new JfrRule("jfr:*", List.of(), List.of("profile=default")));
        var settings = Configuration.getConfiguration("default").getSettings();
        for (var type : FlightRecorder.getFlightRecorder().getEventTypes()) {
            boolean isOn = "true".equals(settings.get(type.getName() + "#enabled"));
            assertThat(chosen.types.containsKey(type.getName())).as(type.getName()).isEqualTo(isOn);
        }
        assertThatThrownBy(() -> of(new JfrRule("jfr:*", List.of(), List.of("profile=none"))))
                .isInstanceOf(IOException.class);
    }
}
