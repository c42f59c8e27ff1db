// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnmatchedPatternTest {
    private static final List<String> SHOP = List.of("shop:order", "shop:paid");

    private static Optional<String> of(String pattern, List<String> events) {
        return UnmatchedPattern.of(pattern, "matched nothing", events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop:paid", "shop:*", "*", "*:order", "sh*p*"})
    void saysNothingOfOneThatMatches(String pattern) {
        assertThat(of(pattern, SHOP)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "shop:payed, shop:paid", // a name
        "shpo:*, shop:*", // a provider
        "Shop:order, shop:order",
    })
    void tellsWhatWasProbablyMeant(String pattern, String meant) {
        assertThat(of(pattern, SHOP))
                .contains(
                        "`%s` matched nothing (did you mean `%s`?); seen: shop:order, shop:paid"
                                .formatted(pattern, meant));
    }

    @Test
    void meansNothingOfWhatIsFarFromAllNames() {
        assertThat(of("http:request", SHOP))
                .contains("`http:request` matched nothing; seen: shop:order, shop:paid");
    }

    @Test
    void namesFourAndThatThereAreMore() {
        assertThat(of("x:y", List.of("a:1", "a:2", "a:3", "a:4")).orElseThrow())
                .endsWith("seen: a:1, a:2, a:3, a:4");
        assertThat(of("x:y", List.of("a:1", "a:2", "a:3", "a:4", "a:5")).orElseThrow())
                .endsWith("seen: a:1, a:2, a:3, a:4, …");
    }

    /// Such as an event class that a library has bound without a provider.
    @Test
    void comparesNamesWithoutProviderAsTheyAre() {
        assertThat(of("order*", List.of("shop"))).contains("`order*` matched nothing; seen: shop");
        assertThat(of("shp", List.of("shop")).orElseThrow()).contains("did you mean `shop`?");
    }
}
