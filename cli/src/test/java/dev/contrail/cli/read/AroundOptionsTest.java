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

class AroundOptionsTest {
    @Test
    void takesNamesAndWhatIsAroundThem() throws Failure {
        AroundOptions events = AroundOptions.parse(List.of("--around", "a:*,b", "--context=3"));
        assertThat(events.names()).containsExactly("a:*", "b");
        assertThat(events.events()).isEqualTo(OptionalInt.of(3));
        assertThat(events.nanos()).isEmpty();

        AroundOptions time = AroundOptions.parse(List.of("x", "--context", "5ms", "--around=a"));
        assertThat(time.nanos()).isEqualTo(OptionalLong.of(5_000_000));
        assertThat(time.rest()).containsExactly("x");
    }

    @Test
    void takesAnExpression() throws Failure {
        AroundOptions options =
                AroundOptions.parse(List.of("--around", "$name == \"a\" && b < 3, 4"));
        assertThat(options.expression()).isEqualTo("$name == \"a\" && b < 3, 4");
        assertThat(options.names()).isEmpty();
    }

    @Test
    void leavesEverythingAloneWithoutThem() throws Failure {
        assertThat(AroundOptions.parse(List.of("x", "--", "--around")).names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--around=, --around wants the name of an event",
        "--around, Missing value of option",
        "--around=a --context=-1, --context wants a number of events",
        "--around=a --context=5parsecs, --context wants a number of events",
        "--context=5, --context is for --around",
    })
    void refusesWhatMakesNoSense(String words, String message) {
        assertThatThrownBy(() -> AroundOptions.parse(List.of(words.split(" "))))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(message);
    }
}
