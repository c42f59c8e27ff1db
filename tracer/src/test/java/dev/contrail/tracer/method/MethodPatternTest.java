// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "com.shop.Cart.add          | com.shop.Cart | add    | (I)V | true",
                "com.shop.Cart.add(*)       | com.shop.Cart | add    | (I)V | true",
                "com.shop.Cart.add()        | com.shop.Cart | add    | (I)V | false",
                "com.shop.Cart.add()        | com.shop.Cart | add    | ()V  | true",
                "com.shop.*.add             | com.shop.a.B$C | add   | ()V  | true",
                "*.a*                       | Cart          | add    | ()V  | true",
                "com.shop.Cart.*            | com.shop.Cart | <init> | ()V  | false",
                "com.shop.Cart.<init>       | com.shop.Cart | <init> | ()V  | true",
                "com.shop.Cart.<clinit>     | com.shop.Cart | <init> | ()V  | false",
                "a.B.c(int,long[][])        | a.B           | c      | (I[[J)V | true",
                "a.B.c(String, java.util.List) | a.B | c | (Ljava/lang/String;Ljava/util/List;)Z | true",
                "a.B.c(ring)                | a.B           | c      | (Ljava/lang/String;)V | false",
            })
    void meansTheseMethods(
            String pattern, String type, String name, String descriptor, boolean isMeant) {
        MethodPattern methods = MethodPattern.of(pattern);
        assertThat(methods.matchesClass(type) && methods.matchesMethod(name, descriptor))
                .isEqualTo(isMeant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "add",
                ".add",
                "Cart.",
                "a b.c",
                "a.B.c(",
                "a.B.c(int,)",
                "a.B.c(int,*)"
            })
    void refusesWhatIsNone(String pattern) {
        assertThatThrownBy(() -> MethodPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRuleSelectsTheEventsThatItHasMadeOnly() {
        MethodRule rule = new MethodRule("com.shop.Cart.add_*(int)", List.of("arg=0"));
        String name = "method:com.shop.Cart.add_one_entry";
        assertThat(rule.selects(name, MethodRule.origin("(I)V", rule.settings()))).isTrue();
        assertThat(
                        rule.selects(
                                "method:com.shop.Cart.add_one_exit",
                                MethodRule.origin("(I)V", rule.settings())))
                .isTrue();
        assertThat(rule.selects(name, MethodRule.origin("(J)V", rule.settings()))).isFalse();
        assertThat(rule.selects(name, MethodRule.origin("(I)V", List.of()))).isFalse();
        assertThat(rule.selects(name, "")).isFalse();
        assertThat(rule.selects("shop:add_one_entry", MethodRule.origin("(I)V", rule.settings())))
                .isFalse();
    }
}
