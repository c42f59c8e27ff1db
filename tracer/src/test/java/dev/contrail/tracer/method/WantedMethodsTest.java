// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.tap.ClassFile;
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
    void whoNamesAMethodThatAClassLacksIsToldWhichItHas() {
        WantedMethods methods = wanted("a.Cart.ad");
        methods.foundWithout("a.Cart", List.of(method("add"), method("take"), method("<init>")));
        assertThat(methods.problem())
                .isEqualTo("a.Cart.ad: " + MethodRule.NOT_YET + " (a.Cart is, and has add, take)");
        WantedMethods others = wanted("a.Cart.add(int)");
        others.foundWithout("a.Cart", List.of(method("add"), method("take")));
        assertThat(others.problem()).endsWith("(a.Cart is, and has add(java.lang.String,int))");
        WantedMethods none = wanted("a.Cart.<init>(int)");
        none.foundWithout("a.Cart", List.of(method("add")));
        assertThat(none.problem()).endsWith("(a.Cart is, and has none that can be recorded)");
    }

    private static ClassFile.Method method(String name) {
        return new ClassFile.Method(0, 0, name, "(Ljava/lang/String;I)V", null);
    }

    @Test
    void whoWritesAClassInAnotherWayIsToldWhichThereIs() {
        for (String each : List.of("Cart.add", "Shop.Cart.add", "com.shop.Shop.Cart.add")) {
            WantedMethods methods = wanted(each);
            assertThat(methods.pattern.isNear("com.shop.Shop$Cart")).as(each).isTrue();
            assertThat(methods.pattern.isNear("com.shop.Shop$Card")).as(each).isFalse();
            methods.foundNear("com.shop.Shop$Cart");
            assertThat(methods.problem())
                    .endsWith("(com.shop.Shop$Cart is: perhaps that is meant)");
        }
        assertThat(wanted("*.add").pattern.isNear("com.shop.Shop$Cart")).isFalse();
        assertThat(wanted("art.add").pattern.isNear("com.shop.Shop$Cart")).isFalse();
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
