// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.lang.instrument.Instrumentation;
import java.util.Objects;

/// What the agent of this JVM was given.
public final class TestAgent {
    private TestAgent() {}

    public static Instrumentation instrumentation() {
        return Objects.requireNonNull(LogRoutes.agent());
    }
}
