// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.kernel.tracefs.Tracefs;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Runs tests only where tracefs can be used, and removes what they leave behind. Mounts nothing.
public final class TracefsCondition
        implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {
    /// The user that instances of tests belong to by name: nobody's, so that no daemon adopts them.
    static final int TEST_UID = 999_999;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        KernelProbe probe = Probed.PROBE;
        if (probe.problem().isEmpty()) {
            return ConditionEvaluationResult.enabled("tracefs is usable");
        }
        if (context.getTestMethod().isEmpty()) {
            System.err.println(
                    "kernel tracing tests skipped: tracefs not writable (run as root, or mount"
                            + " tracefs and chown an instance, see contrail doctor): "
                            + probe.problem());
        }
        return ConditionEvaluationResult.disabled(probe.problem());
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        removeLeftOvers();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        removeLeftOvers();
    }

    private static void removeLeftOvers() throws IOException {
        var tracefs = new Tracefs(Tracefs.mountPoint().orElseThrow());
        for (String name : tracefs.instanceNames()) {
            if (name.startsWith("contrail." + TEST_UID + ".")) {
                Optional<Instance> left = Instance.unclaimed(tracefs, name);
                if (left.isPresent()) {
                    left.get().remove();
                }
            }
        }
    }

    /// Probes once.
    private static final class Probed {
        static final KernelProbe PROBE = KernelProbe.run();
    }
}
