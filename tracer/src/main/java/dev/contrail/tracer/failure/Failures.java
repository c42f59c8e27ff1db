// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What goes wrong in the program, as events, while sessions want them. Needs the agent.
public final class Failures {
    private static @Nullable Instrumentation agent;
    private static List<FailureEvents> all = List.of();

    private Failures() {}

    /// From now on there is an agent. Costs a program that nobody traces nothing.
    public static synchronized void useAgent(Instrumentation given) {
        agent = given;
    }

    /// There is a session daemon: where there is an agent, it can have the events. Link thread.
    public static synchronized void announce() {
        if (all.isEmpty() && agent != null) {
            List<FailureEvents> made = new ArrayList<>();
            made.add(UncaughtExceptions.seenBy(agent));
            JvmEvent<ErrorEvent> errors = VirtualMachineErrors.event();
            made.add(Exits.seenBy(agent, errors.point, Failures::tellFailed));
            if (VirtualThreads.areThere()) {
                made.add(VirtualThreads.seenBy(agent));
            }
            if (LockWatch.isPossible()) {
                made.add(new LockWatch());
            }
            made.addAll(
                    VirtualMachineErrors.seenBy(
                            agent, errors)); // whose problem may be there for good
            all = made;
        }
    }

    private static synchronized List<FailureEvents> all() {
        return all;
    }

    /// Sees them as long as a session wants them. After each change of what sessions want; returns
    /// when that is so, or soon. Link thread.
    public static void follow() {
        for (FailureEvents each : all()) {
            each.follow();
        }
    }

    /// Why some of them are not seen though a session wants them; empty when they are. Link thread.
    public static String problem() {
        for (FailureEvents each : all()) {
            if (!each.problem().isEmpty()) {
                return each.problem();
            }
        }
        return "";
    }

    /// Records and counts, where they were wanted, those that have only been noted until now. The
    /// link thread, and the one that halts the program, after which nobody can.
    public static void tellFailed() {
        for (FailureEvents each : all()) {
            each.tellFailed();
        }
    }
}
