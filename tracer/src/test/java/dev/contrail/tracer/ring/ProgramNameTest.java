// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramNameTest {
    @ParameterizedTest
    @CsvSource({
        "shop.Svc, Svc",
        "Svc, Svc",
        "shop.Svc --port 1, Svc",
        "shop/shop.Svc, Svc",
        "/opt/shop/svc-1.2.jar, svc-1.2.jar",
        "'', java"
    })
    void isTheMainClassOrTheJar(String command, String name) {
        assertThat(ProgramName.simple(command)).isEqualTo(name);
        assertThat(ProgramName.decoded(ProgramName.encoded(command))).isEqualTo(name);
    }

    @Test
    void fitsTheHeaderHoweverLongItIs() {
        assertThat(ProgramName.encoded("a".repeat(9000))).hasSize(Layout.PROGRAM_SIZE - 1);
    }
}
