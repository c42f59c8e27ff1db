// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class ErrorPatchTest {
    private static final String NAME = "java/lang/VirtualMachineError";

    private final ErrorPatch patch = new ErrorPatch();

    /// Its constructor ends with a jump of three bytes.
    static final class Endless {
        private int turns;

        Endless() {
            while (true) {
                turns++;
            }
        }
    }

    /// Its constructor ends as those of the JDK do.
    static final class Usual {}

    private byte[] patched(Class<?> type) throws IOException {
        patch.want(true);
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            return patch.transform(null, NAME, null, null, in.readAllBytes());
        }
    }

    @Test
    void insertsInFrontOfTheReturn() throws IOException {
        assertThat(patched(Usual.class)).isNotNull();
        assertThat(patch.problem()).isEmpty();
    }

    /// As another agent may have made it: a call in the middle of an instruction ends the JVM.
    @Test
    void leavesAConstructorThatEndsOtherwise() throws IOException {
        assertThat(patched(Endless.class)).isNull();
        assertThat(patch.problem()).contains("its constructors are others");
    }
}
