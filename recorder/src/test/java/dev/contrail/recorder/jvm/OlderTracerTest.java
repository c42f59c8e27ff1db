// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OlderTracerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.lang.IllegalArgumentException: no context callstack-java",
                "no context callstack-java"
            })
    void isSaidToBeOlderWhenItLacksAContext(String problem) {
        String reason = OlderTracer.reason(problem);
        assertThat(reason)
                .isEqualTo(
                        "its tracer is older than this session daemon and has no context callstack-java");
        assertThat(Remedy.of(reason)).contains(Remedy.OLDER);
    }

    @Test
    void otherReasonsStay() {
        assertThat(OlderTracer.reason("no space")).isEqualTo("no space");
        assertThat(OlderTracer.reason("")).isEmpty();
    }
}
