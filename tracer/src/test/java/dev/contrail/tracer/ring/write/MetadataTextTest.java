// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetadataTextTest {
    /// A type's name says what it is, `u16`: so must its field class.
    @ParameterizedTest
    @EnumSource(FieldType.class)
    void declaresEveryTypeAsWhatItIs(FieldType type) {
        String name = type.metadataName();
        String fieldClass =
                name.equals("string")
                        ? "null-terminated-string"
                        : name.startsWith("f")
                                ? "fixed-length-floating-point-number"
                                : name.startsWith("u")
                                        ? "fixed-length-unsigned-integer"
                                        : "fixed-length-signed-integer";
        PoolPlace pool = PoolPlace.measure(1, 2, PoolMode.OVERWRITE, 4096, 16);
        var event = new EventDescription(3, "e", 6, List.of(new EventField("x", type)));

        assertThat(MetadataText.write(pool, event)).contains("\"type\":\"" + fieldClass + "\"");
    }
}
