// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.kernel.convert.Converter;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.tracefs.Tracefs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void makesUpRecordsOfEveryKindAndNoneThatIsDamaged() {
        var names = new EventNames(new Tracefs(Path.of("/nowhere")));
        Converter converter = new WarmUp(names.syscalls()).run();
        assertThat(converter.damaged()).isZero();
        assertThat(converter.unselected()).isPositive();
        assertThat(converter.count()).isGreaterThan(200);
    }
}
