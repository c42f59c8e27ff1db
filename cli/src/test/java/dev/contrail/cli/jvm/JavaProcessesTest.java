// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaProcessesTest {
    /// A process in a `chroot`, in a container, and of ours.
    @ParameterizedTest
    @CsvSource({
        "/srv/root/usr/jdk/lib/server/libjvm.so, /srv/root, usr/jdk",
        "/usr/jdk/lib/server/libjvm.so, /srv/root, usr/jdk",
        "/usr/jdk/lib/server/libjvm.so, /, usr/jdk",
        "/lib/server/libjvm.so, /, ''"
    })
    void findsTheImageBelowTheRootOfItsProcess(Path library, Path root, String image) {
        assertThat(JavaProcesses.imageOf(library, root)).isEqualTo(Path.of(image));
    }
}
