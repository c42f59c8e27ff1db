// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> KNOWN =
            List.of("create", "destroy", "list", "stop", "status", "--snapshot", "sched_switch");

    @ParameterizedTest
    @CsvSource({
        "crate, create",
        "craete, create",
        "creates, create",
        "--snapshto, --snapshot",
        "shed_swich, sched_switch",
        "stat, status",
        "statu, status",
        "CREATE, create",
        "List, list"
    })
    void namesTheNearestWord(String typed, String meant) {
        assertThat(Suggestion.of(typed, KNOWN)).hasValue(meant);
    }

    @Test
    void namesNoneThatIsFar() {
        assertThat(Suggestion.of("rotate", KNOWN)).isEmpty();
        assertThat(Suggestion.of("zz", KNOWN)).isEmpty();
        assertThat(Suggestion.of("", KNOWN)).isEmpty();
        assertThat(Suggestion.words("zz", KNOWN)).isEmpty();
    }

    /// Nearly all short words are near each other.
    @Test
    void ofAShortWordOnlyItsCapitalsAreAMistake() {
        assertThat(Suggestion.of("-x", List.of("-k", "-u"))).isEmpty();
        assertThat(Suggestion.of("sn", List.of("s1"))).isEmpty();
        assertThat(Suggestion.of("S1", List.of("s1"))).hasValue("s1");
    }

    @Test
    void isBoundedForLongWords() {
        assertThat(Suggestion.of("x".repeat(1_000_000), KNOWN)).isEmpty();
    }

    @Test
    void isASentenceForAMessage() {
        assertThat(Suggestion.words("lsit", KNOWN)).isEqualTo(": did you mean list?");
    }
}
