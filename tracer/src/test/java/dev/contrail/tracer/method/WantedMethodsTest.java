// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WantedMethodsTest {
    private static WantedMethods wanted(String pattern, String... settings) {
        return new WantedMethods(new MethodRule(pattern, List.of(settings)));
    }

    @Test
    void whoNamesAPackageIsToldHowItsClassesAreNamed() {
        assertThat(wanted("com.shop.*").problem())
                .contains(MethodRule.NOT_YET, "com.shop.* is every method of a class com.shop")
                .endsWith("com.shop.*.*)")
                .doesNotContain(MethodRule.ONCE_IT_IS);
        for (String each :
                List.of("com.shop.Cart.*", "com.shop.add", "com.shop.*.*", "Cart.*", "a.b$C.*")) {
            assertThat(wanted(each).problem())
                    .isEqualTo(each + ": " + MethodRule.NOT_YET + MethodRule.ONCE_IT_IS);
        }
    }

    @Test
    void whatIsSaidOfAnArgumentFitsHowItWasNamed() {
        assertThat(unmet("qty"))
                .endsWith("argument qty (where classes are compiled without -g, use its number)");
        assertThat(unmet("7")).endsWith("argument 7 (the first is 0)");
        assertThat(unmet("this")).endsWith("argument this (static ones have none)");
        assertThat(unmet("0.id")).endsWith("argument 0.id with such fields");
        assertThat(unmet("order.id")).contains("argument order.id");
    }

    private static String unmet(String path) {
        WantedMethods methods = wanted("com.shop.Cart.add", "arg=" + path);
        methods.add("com.shop.Cart.add()V");
        return methods.problem();
    }
}
