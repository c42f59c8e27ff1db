// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import java.lang.instrument.Instrumentation;

/// Named in the manifest. Compiled for JDK 8, because an agent class that is too new for its JVM
/// aborts that JVM, and `JAVA_TOOL_OPTIONS` reaches them all. Below 17 it does nothing: the rest of
/// the tracer, which is compiled for 17, is loaded when the call is reached.
public final class Premain {
    private static final int OLDEST = 17;

    private Premain() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    private static void start(String arguments, Instrumentation instrumentation) {
        try {
            String version = System.getProperty("java.specification.version");
            if (version.startsWith("1.") || Integer.parseInt(version) < OLDEST) {
                return;
            }
            Agent.start(arguments, instrumentation);
        } catch (Throwable e) {
            System.err.println("contrail: tracing is off: " + e + why(e));
        }
    }

    /// Initialisers of classes wrap what they fail of.
    private static String why(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? "" : ": " + cause;
    }
}
