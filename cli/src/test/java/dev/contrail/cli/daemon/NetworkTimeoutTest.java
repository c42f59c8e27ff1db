// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.console.Failure;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTimeoutTest {
    @ParameterizedTest
    @CsvSource({"'',0", "0,0", "-1,0", "1,1000000", "2500,2500000000"})
    void isGivenInMillisecondsAndWithoutEnd(String given, long nanos) throws Failure {
        assertThat(NetworkTimeout.nanos(Map.of(NetworkTimeout.VARIABLE, given))).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-2", "1.5", "9999999999", " "})
    void whatIsNoNumberIsRefused(String given) {
        assertThatThrownBy(() -> NetworkTimeout.nanos(Map.of(NetworkTimeout.VARIABLE, given)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(NetworkTimeout.VARIABLE + " is " + given);
    }
}
