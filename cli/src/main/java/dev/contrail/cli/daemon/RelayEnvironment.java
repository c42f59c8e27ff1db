// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Failure;
import dev.contrail.wire.net.KeepAlive;
import java.util.Map;

/// What variables of the environment say to the relay daemon, as to LTTng's (lttng-relayd(8)).
final class RelayEnvironment {
    static final String WORKING_DIRECTORY = "LTTNG_RELAYD_WORKING_DIRECTORY";

    private static final String KEEP_ALIVE = "LTTNG_RELAYD_TCP_KEEP_ALIVE";

    private RelayEnvironment() {}

    /// How the machine looks after connections. LTTng's daemon does not at all without
    /// `LTTNG_RELAYD_TCP_KEEP_ALIVE=1`; ours does as the machine usually does it.
    static KeepAlive keepAlive(Map<String, String> environment) throws Failure {
        KeepAlive wanted =
                new KeepAlive(
                        number(environment, KEEP_ALIVE + "_IDLE_TIME"),
                        number(environment, KEEP_ALIVE + "_PROBE_INTERVAL"),
                        number(environment, KEEP_ALIVE + "_MAX_PROBE_COUNT"));
        return "1".equals(environment.get(KEEP_ALIVE)) ? wanted : KeepAlive.USUAL;
    }

    /// @return 0 for what the machine does
    private static int number(Map<String, String> environment, String variable) throws Failure {
        String given = environment.getOrDefault(variable, "");
        if (given.isEmpty() || given.equals("-1")) {
            return 0;
        }
        // The kernel takes no more.
        if (!given.matches("\\d{1,5}") || Integer.parseInt(given) > Short.MAX_VALUE) {
            throw new Failure(
                    "%s is %s: want a number up to 32767, or 0 or -1 for what the system does"
                            .formatted(variable, given));
        }
        return Integer.parseInt(given);
    }
}
