// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Failure;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How long daemons wait for who is at the other end of a connection, as LTTng's variable says.
final class NetworkTimeout {
    static final String VARIABLE = "LTTNG_NETWORK_SOCKET_TIMEOUT";

    private NetworkTimeout() {}

    /// @return 0 for as long as it takes
    static long nanos(Map<String, String> environment) throws Failure {
        String given = environment.getOrDefault(VARIABLE, "");
        if (given.isEmpty() || given.equals("-1")) {
            return 0;
        }
        if (!given.matches("\\d{1,9}")) {
            throw new Failure(
                    "%s is %s: want milliseconds, or 0 or -1 for no end of patience"
                            .formatted(VARIABLE, given));
        }
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(given));
    }
}
