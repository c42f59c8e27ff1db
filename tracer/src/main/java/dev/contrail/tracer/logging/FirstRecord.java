// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/// Waits for the application's first log record, which loads `LogRecord`. Transforms nothing.
final class FirstRecord implements ClassFileTransformer {
    private static final String TRIGGER = "java/util/logging/LogRecord";

    private final Instrumentation agent;

    private FirstRecord(Instrumentation agent) {
        this.agent = agent;
    }

    static void watch(Instrumentation agent) {
        agent.addTransformer(new FirstRecord(agent));
    }

    @Override
    public byte[] transform(
            ClassLoader loader,
            String className,
            Class<?> redefined,
            ProtectionDomain domain,
            byte[] file) {
        if (loader == null && TRIGGER.equals(className)) {
            JulState.markSeen();
            agent.removeTransformer(this);
            try {
                JulHandlers.install();
            } catch (Throwable e) {
                // The link thread tries again.
            }
        }
        return null;
    }
}
