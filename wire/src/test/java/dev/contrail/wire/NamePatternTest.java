// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class NamePatternTest {
    @Test
    void takesAStarForAnyRunOfCharactersAnywhere() {
        assertThat(NamePattern.of("shop:*").matches("shop:failed")).isTrue();
        assertThat(NamePattern.of("shop:*").matches("shop:")).isTrue();
        assertThat(NamePattern.of("*fail*").matches("shop:failed")).isTrue();
        assertThat(NamePattern.of("s*d").matches("shop:failed")).isTrue();
        assertThat(NamePattern.of("s*x").matches("shop:failed")).isFalse();
        assertThat(NamePattern.of("*").matches("")).isTrue();
        assertThat(NamePattern.of("").matches("x")).isFalse();
    }

    @Test
    void takesEverythingElseForItself() {
        assertThat(NamePattern.of("a.b").matches("axb")).isFalse();
        assertThat(NamePattern.of("a[b]?\\E").matches("a[b]?E")).isTrue();
        assertThat(NamePattern.of("a\\*b").matches("a*b")).isTrue();
        assertThat(NamePattern.of("a\\*b").matches("axb")).isFalse();
    }

    @Test
    void knowsALiteralName() {
        assertThat(NamePattern.of("a\\*b").isLiteral()).isTrue();
        assertThat(NamePattern.of("a*b").isLiteral()).isFalse();
    }

    @Test
    void endsSoonOnAPatternMadeToBeSlow() {
        String pattern = "*a".repeat(12) + "*b";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThat(NamePattern.of(pattern).matches("a".repeat(255))).isFalse());
    }
}
