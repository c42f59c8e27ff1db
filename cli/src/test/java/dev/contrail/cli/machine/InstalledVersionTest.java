// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstalledVersionTest {
    @ParameterizedTest
    @CsvSource({
        "/usr/local/lib/contrail/0.1.0-0a1b2c3d/runtime/bin/java, 0.1.0-0a1b2c3d",
        "/home/u/.local/lib/contrail/0.2.0-ffffffff/runtime/bin/java, 0.2.0-ffffffff",
        "/usr/lib/jvm/temurin-25/bin/java, ''",
        "/opt/app/1.0/runtime/bin/java, ''",
        "/runtime/bin/java, ''",
        "/bin/true, ''",
        "/, ''",
    })
    void isTheNameOfTheVersionsDirectory(Path java, String version) {
        assertThat(InstalledVersion.of(java)).isEqualTo(version);
    }
}
