// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/// Classes whose methods are left alone, and why.
final class Untouchable {
    /// Names, or beginnings of names that end with a dot or a dollar, and the reason.
    private static final String[][] REASONS = {
        {"dev.contrail.tracer.", "it is the tracer's own"},
        {"java.lang.ContrailProbe", "it is the tracer's own"},
        {"java.lang.invoke.", "recording an event calls it"},
        {"java.lang.foreign.", "recording an event calls it"},
        {"java.nio.", "recording an event calls it"},
        {"java.lang.ThreadLocal", "recording an event calls it"},
        {"java.lang.ThreadLocal$", "recording an event calls it"},
        {"java.lang.Thread", "recording an event calls it"},
        {"java.lang.Thread$", "recording an event calls it"},
        {"java.lang.VirtualThread", "recording an event calls it"},
        {"java.lang.VirtualThread$", "recording an event calls it"},
        {"java.lang.BaseVirtualThread", "recording an event calls it"},
        {"java.lang.Object", "everything calls it"},
        {"java.lang.Class", "recording an event calls it"},
        {"java.lang.String", "recording an event calls it"},
        {"java.lang.System", "recording an event calls it"},
        {"java.lang.Double", "recording an event calls it"},
        {"java.lang.ref.", "the garbage collector and the JVM call it"},
        {"java.lang.reflect.", "preparing an event calls it"},
        {"java.lang.instrument.", "it is how classes are changed"},
        {"jdk.internal.", "it is the inside of the JDK"},
        {"sun.", "it is the inside of the JDK"},
    };

    private Untouchable() {}

    /// Empty when there is none.
    ///
    /// @param name with dots
    static String reason(String name) {
        for (String[] each : REASONS) {
            boolean isBeginning = each[0].endsWith(".") || each[0].endsWith("$");
            if (isBeginning ? name.startsWith(each[0]) : name.equals(each[0])) {
                return each[1];
            }
        }
        return "";
    }

    static boolean is(@Nullable String name) {
        return name == null || !reason(name).isEmpty();
    }

    /// Of a method; empty when there is none.
    static String reason(int access, boolean isReplaced) {
        if (Modifier.isNative(access)) {
            return "it is native";
        }
        if (Modifier.isAbstract(access)) {
            return "it is abstract: name the classes that implement it";
        }
        return isReplaced ? "the JVM has code of its own for it" : "";
    }
}
