// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import dev.contrail.tracer.link.ApplicationLink;
import dev.contrail.tracer.link.Host;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/// Starts the tracer before the application, when this jar is given with `-javaagent`, or in it
/// when it is attached.
final class Agent {
    private static final String SOCKET = "socket=";

    private Agent() {}

    /// Connects to the session daemons and, when one answers, waits for its first orders: at most
    /// `LTTNG_UST_REGISTER_TIMEOUT` milliseconds (3000; 0: not at all, -1: for ever).
    ///
    /// @param arguments null, or `socket=PATH`: where another session daemon listens, as long as
    ///   that is there
    static void start(@Nullable String arguments, Instrumentation instrumentation) {
        String socket = "";
        if (arguments != null && arguments.startsWith(SOCKET)) {
            socket = arguments.substring(SOCKET.length());
        }
        ApplicationLink link = Host.agent(instrumentation, socket);
        if (link != null) {
            link.awaitReady();
        }
    }
}
