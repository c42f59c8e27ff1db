// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import dev.contrail.tracer.link.ApplicationLink;
import dev.contrail.tracer.link.Host;
import java.lang.instrument.Instrumentation;

/// Starts the tracer before the application, when this jar is given with `-javaagent`.
final class Agent {
    private Agent() {}

    /// Connects to the session daemons and, when one answers, waits for its first orders: at most
    /// `LTTNG_UST_REGISTER_TIMEOUT` milliseconds (3000; 0: not at all, -1: for ever).
    static void start(Instrumentation instrumentation) {
        ApplicationLink link = Host.agent(instrumentation);
        if (link != null) {
            link.awaitReady();
        }
    }
}
