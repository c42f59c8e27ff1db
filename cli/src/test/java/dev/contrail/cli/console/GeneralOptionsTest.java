// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneralOptionsTest {
    @Test
    void takesThemBeforeTheCommandOnly() throws Failure {
        GeneralOptions options =
                parse("-q", "-n", "-vv", "-g", "wheel", "--sessiond-path=/x y", "create", "-q");

        assertThat(options.isQuiet()).isTrue();
        assertThat(options.mayNotSpawn()).isTrue();
        assertThat(options.verbosity()).isEqualTo(2);
        assertThat(options.group()).isEqualTo("wheel");
        assertThat(options.sessiondPath()).isEqualTo("/x y");
        assertThat(options.rest()).containsExactly("create", "-q");
    }

    @Test
    void takesThemAsGetoptDoes() throws Failure {
        GeneralOptions options = parse("-nqv", "-vgwheel", "--sess", "/x", "--", "-q");

        assertThat(options.isQuiet()).isTrue();
        assertThat(options.mayNotSpawn()).isTrue();
        assertThat(options.verbosity()).isEqualTo(2);
        assertThat(options.group()).isEqualTo("wheel");
        assertThat(options.sessiondPath()).isEqualTo("/x");
        assertThat(options.rest()).containsExactly("-q");
    }

    @Test
    void hasDefaults() throws Failure {
        GeneralOptions options = parse("list");

        assertThat(options.isQuiet()).isFalse();
        assertThat(options.group()).isEqualTo("tracing");
        assertThat(options.sessiondPath()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--bogus, unrecognized option '--bogus'",
        "-Z, invalid option -- 'Z'",
        "-g, option requires an argument -- 'g'",
        "--group, option '--group' requires an argument",
        "--bogus=3, unrecognized option '--bogus=3'",
        "--verbose=3, option '--verbose' doesn't allow an argument",
        "--quie=1, option '--quiet' doesn't allow an argument",
        "--grou, option '--group' requires an argument",
        "-nx, invalid option -- 'x'",
        "-ng, option requires an argument -- 'g'",
        "--ver, option '--ver' is ambiguous; possibilities: '--version' '--verbose'"
    })
    void refusesInTheWordsOfGetopt(String word, String message) {
        assertThatThrownBy(() -> parse(word)).hasMessage(message);
    }

    private static GeneralOptions parse(String... words) throws Failure {
        return GeneralOptions.parse(words);
    }
}
