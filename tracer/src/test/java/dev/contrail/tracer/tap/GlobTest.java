// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "*, ''",
        "*, shop",
        "shop.*, shop.till",
        "shop.*, shop.",
        "*.till, shop.till",
        "s*p.*l*, shop.till",
        "*p*p*, shop.pay",
        "\\*, *",
        "a\\*, a*",
        "a\\**, a*b",
        "**, shop"
    })
    void matches(String pattern, String text) {
        assertThat(Glob.matches(pattern, text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', shop",
        "shop.*, shop",
        "shop.*, shops.till",
        "*.till, shop.tills",
        "s*p*x, shop.till",
        "\\*, shop",
        "a\\*, ab",
        "a\\**, ab"
    })
    void doesNotMatch(String pattern, String text) {
        assertThat(Glob.matches(pattern, text)).isFalse();
    }
}
