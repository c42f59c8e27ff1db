// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.link.FrameFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodRuleTest {
    private static final String TYPE = "(I)I";

    @Test
    void aNameIsAsLongAsDaemonsAreToldWithoutItsBeingCut() {
        assertThat(MethodRule.MOST_BYTES).isEqualTo(FrameFormat.MAX_STRING);
        String most = "n".repeat(MethodRule.MOST_BYTES);
        assertThatCode(() -> MethodRule.check(most, TYPE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MethodRule.check(most + "n", TYPE))
                .hasMessageContaining("4097 bytes, want at most 4096");
        assertThatThrownBy(() -> MethodRule.check("é".repeat(2049), TYPE))
                .hasMessageContaining("4098");
        assertThatThrownBy(() -> MethodRule.check("n", most + "n")).hasMessageContaining("4097");
    }

    @Test
    void aNameThatIsNoMethodsIsNotSelected() {
        MethodRule rule = new MethodRule("a.B.*", List.of());
        String origin = MethodRule.origin(TYPE, List.of());
        assertThat(rule.selects("method:a.B.c_entry", origin)).isTrue();
        for (String name :
                List.of("method:", "method:a.B.c", "method:_entry", "method:" + "x".repeat(4089))) {
            assertThat(rule.selects(name, origin)).isFalse();
        }
    }
}
