// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.console.Failure;
import dev.contrail.wire.net.KeepAlive;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayEnvironmentTest {
    private static final String NAME = "LTTNG_RELAYD_TCP_KEEP_ALIVE";

    @Test
    void connectionsAreLookedAfterAsLttngsVariablesSay() throws Failure {
        assertThat(
                        RelayEnvironment.keepAlive(
                                Map.of(
                                        NAME,
                                        "1",
                                        NAME + "_IDLE_TIME",
                                        "7",
                                        NAME + "_PROBE_INTERVAL",
                                        "-1",
                                        NAME + "_MAX_PROBE_COUNT",
                                        "3")))
                .isEqualTo(new KeepAlive(7, 0, 3));
        assertThat(RelayEnvironment.keepAlive(Map.of(NAME + "_IDLE_TIME", "7")))
                .isEqualTo(KeepAlive.USUAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-2", "32768", "1.5", " "})
    void whatIsNoNumberIsRefused(String given) {
        assertThatThrownBy(() -> RelayEnvironment.keepAlive(Map.of(NAME + "_IDLE_TIME", given)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(NAME + "_IDLE_TIME is " + given);
    }
}
