// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ObjectIdentityTest {
    @Test
    void isTheValueWhereNothingOfTheProgramHasToBeCalled() {
        assertThat(
                        List.of(
                                ObjectIdentity.of("text"),
                                ObjectIdentity.of(7),
                                ObjectIdentity.of('c'),
                                ObjectIdentity.of(1.5),
                                ObjectIdentity.of(TimeUnit.DAYS)))
                .containsExactly("text", "7", "c", "1.5", "DAYS");
        assertThat(ObjectIdentity.of(new StringBuilder("text")))
                .matches("java\\.lang\\.StringBuilder@[0-9a-f]+");
    }
}
