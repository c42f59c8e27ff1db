// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.code.PrivateLookup;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import java.util.Set;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The class and method that a log statement is in.
///
/// A record knows them when the caller named itself (`logp`, `entering`) or a handler before us has
/// asked; whether it does is in a private field, which only an agent may see. Otherwise the stack
/// tells, for one to ten microseconds: so a program that logs at full speed has it looked at for
/// the first [#MOST_A_SECOND] records of each second only, a hundredth of a processor at most, and
/// `?` is recorded for the rest. `contrail.log.caller=no` spares it all.
final class Caller {
    private static final boolean IS_WANTED =
            !"no"
                    .equals(
                            System.getProperty(
                                    "contrail.log.caller", System.getenv("CONTRAIL_LOG_CALLER")));

    /// Records of a process whose caller is looked for in one second.
    static final int MOST_A_SECOND = 1000;

    private static final long SECOND_MILLIS = 1000;

    /// The second that `looked` counts in. Racy, both: a few more or less do no harm.
    private static long second;

    private static int looked;

    /// From our own frame to the caller's, as a rule.
    private static final int USUAL_DEPTH = 9;

    /// Where frames of loggers end, at the latest.
    private static final int MAX_DEPTH = 64;

    /// The JDK makes a class for the frames of a walk at the 128th.
    private static final int CALLS_UNTIL_SETTLED = 200;

    private static final StackWalker STACK = StackWalker.getInstance(Set.of(), USUAL_DEPTH);

    private static final String[] LOGGERS = {
        "java.util.logging.",
        "sun.util.logging.",
        "jdk.internal.logger.",
        "java.lang.System$Logger",
        "java.lang.Contrail",
        "org.jboss.logmanager.",
        "org.jboss.logging.",
        "org.apache.juli.logging.",
        "org.apache.commons.logging.",
        "org.apache.logging.",
        "org.slf4j.",
        "ch.qos.logback.classic.",
        "dev.contrail.tracer.tap.",
        "dev.contrail.tracer.logging."
    };

    private static final @Nullable VarHandle IS_UNKNOWN = open();

    private Caller() {}

    static boolean isKnown(LogRecord record) {
        return IS_UNKNOWN != null && !(boolean) IS_UNKNOWN.get(record);
    }

    /// Looks for nobody's caller: see [FirstStatement].
    static void rehearse() {
        for (int i = 0; i < CALLS_UNTIL_SETTLED; i++) {
            find();
        }
        try {
            boolean none = IS_UNKNOWN != null && (boolean) IS_UNKNOWN.get((LogRecord) null);
        } catch (NullPointerException e) {
            // the call is linked now
        }
    }

    /// Whether the stack is to be looked at for a record of that time.
    static boolean isWanted(long millis) {
        if (!IS_WANTED) {
            return false;
        }
        long now = millis / SECOND_MILLIS;
        if (now != second) {
            second = now;
            looked = 0;
        }
        return looked < MOST_A_SECOND && ++looked > 0;
    }

    private static @Nullable VarHandle open() {
        Instrumentation agent = LogRoutes.agent();
        if (agent == null) {
            return null;
        }
        try {
            return PrivateLookup.into(agent, LogRecord.class)
                    .findVarHandle(LogRecord.class, "needToInferCaller", boolean.class);
        } catch (Exception e) {
            return null; // another JDK: the stack tells
        }
    }

    /// The first frame below those of the loggers; null when there is none.
    static StackWalker.@Nullable StackFrame find() {
        return STACK.walk(Caller::firstOutside);
    }

    private static StackWalker.@Nullable StackFrame firstOutside(
            Stream<StackWalker.StackFrame> frames) {
        Iterator<StackWalker.StackFrame> each = frames.iterator();
        for (int i = 0; i < MAX_DEPTH && each.hasNext(); i++) {
            StackWalker.StackFrame frame = each.next();
            if (!isLogger(frame.getClassName())) {
                return frame;
            }
        }
        return null;
    }

    private static boolean isLogger(String name) {
        for (String prefix : LOGGERS) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
