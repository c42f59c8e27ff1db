// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InstanceNameTest {
    private static final UUID DAEMON = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

    @Test
    void isReadBack() {
        for (long session : List.of(0L, 7L, Long.MAX_VALUE, Long.MIN_VALUE, -1L)) {
            for (boolean isPrivate : List.of(true, false)) {
                var name = new InstanceName(1000, DAEMON, session, 3, isPrivate);
                assertThat(InstanceName.parse(name.toString())).contains(name);
                assertThat(name.toString()).hasSizeLessThan(255);
            }
        }
    }

    @Test
    void isNotReadFromOtherNames() {
        for (String name :
                List.of(
                        "",
                        "foo",
                        "contrail.probe.1",
                        "contrail.0." + DAEMON + ".1",
                        "contrail.0." + DAEMON + ".1.2.3",
                        "contrail.99999999999." + DAEMON + ".1.2",
                        "contrail.0." + DAEMON + ".99999999999999999999.2",
                        "contrail.0.------------------------------------.1.2")) {
            assertThat(InstanceName.parse(name)).as(name).isEmpty();
        }
    }
}
