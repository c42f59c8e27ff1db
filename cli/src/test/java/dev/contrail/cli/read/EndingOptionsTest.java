// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.console.Failure;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndingOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "7ns, 7",
        "7us, 7000",
        "200ms, 200000000",
        "5s, 5000000000",
        "1.5s, 1500000000",
        "2m, 120000000000",
        "1h, 3600000000000",
    })
    void takesTheUnitsOfTimers(String given, long nanos) throws Failure {
        assertThat(EndingOptions.parse(List.of("--last", given)).nanos())
                .isEqualTo(OptionalLong.of(nanos));
    }

    @Test
    void leavesTheOtherWordsToTheReader() throws Failure {
        EndingOptions parsed =
                EndingOptions.parse(List.of("a", "--tail=3", "--no-delta", "--", "--last"));

        assertThat(parsed.events()).isEqualTo(OptionalInt.of(3));
        assertThat(parsed.nanos()).isEmpty();
        assertThat(parsed.rest()).containsExactly("a", "--no-delta", "--", "--last");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--last=5", "--last=s", "--last=-5s", "--last=9999999999999h", "--last"})
    void refusesWhatIsNoTime(String word) {
        assertThatThrownBy(() -> EndingOptions.parse(List.of(word)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tail=0", "--tail=-1", "--tail=x", "--tail=10000001", "--tail"})
    void refusesWhatIsNoCount(String word) {
        assertThatThrownBy(() -> EndingOptions.parse(List.of(word)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--tail");
    }
}
