// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.tap.ClassFile;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A rule as it is carried out: which methods it has matched, and what is to be said of it. Any
/// thread.
final class WantedMethods {
    /// Methods of one rule, and classes that it may look into (`docs/bounds.md`).
    static final int MOST = 500;

    private static final int MOST_REMARKS = 3;

    final MethodRule rule;
    final MethodPattern pattern;

    private final Set<String> methods = ConcurrentHashMap.newKeySet();
    private final Set<String> remarks = ConcurrentHashMap.newKeySet();
    private final Set<String> unmet = ConcurrentHashMap.newKeySet();

    /// What has been found instead of a method that it matches; empty for nothing.
    private volatile String found = "";

    /// Why it is not carried out at all; empty when it is.
    private volatile String refusal = "";

    WantedMethods(MethodRule rule) {
        this.rule = rule;
        this.pattern = MethodPattern.of(rule.pattern());
        for (String setting : rule.settings()) {
            if (setting.startsWith(MethodRule.ARGUMENT)) {
                unmet.add(setting);
            }
        }
    }

    boolean isRefused() {
        return !refusal.isEmpty();
    }

    void refuse(String why) {
        refusal = why;
    }

    boolean matches(String className) {
        return !isRefused() && pattern.matchesClass(className);
    }

    boolean matches(String name, String descriptor) {
        return !isRefused() && pattern.matchesMethod(name, descriptor);
    }

    /// One more method.
    ///
    /// @return false when that is one too many
    boolean add(String method) {
        methods.add(method);
        if (methods.size() <= MOST) {
            return true;
        }
        refuse(tooMany("more than " + MOST, "methods"));
        return false;
    }

    static String tooMany(String count, String what) {
        return "it matches "
                + count
                + " "
                + what
                + ", want at most "
                + MOST
                + ": name class and method more exactly";
    }

    /// A class that it means has no method that it matches, but these.
    ///
    /// @param className with dots
    void foundWithout(String className, List<ClassFile.Method> others) {
        found = pattern.others(className, others);
    }

    /// There is no class that it means, but this one, which may have been meant.
    void foundNear(String className) {
        found = "%s is: perhaps that is meant".formatted(className);
    }

    /// The setting has been of use.
    void met(String setting) {
        unmet.remove(setting);
    }

    void remark(String text) {
        if (remarks.size() < MOST_REMARKS) {
            remarks.add(text);
        }
    }

    /// What is to be said of the rule; empty when all is as it is wished.
    String problem() {
        String name = rule.pattern() + ": ";
        if (isRefused()) {
            return name + refusal;
        }
        if (!remarks.isEmpty()) {
            return name + String.join("; ", remarks);
        }
        if (methods.isEmpty()) {
            String meant = pattern.meant().isEmpty() ? found : pattern.meant();
            return name
                    + MethodRule.NOT_YET
                    + (meant.isEmpty() ? MethodRule.ONCE_IT_IS : " (" + meant + ")");
        }
        for (String each : unmet) {
            String path = each.substring(MethodRule.ARGUMENT.length());
            return name
                    + "recorded without --arg %1$s: no method that matches has an argument %1$s%2$s"
                            .formatted(path, hint(path));
        }
        return "";
    }

    private static String hint(String path) {
        String root = path.indexOf('.') < 0 ? path : path.substring(0, path.indexOf('.'));
        if (root.equals("this")) {
            return " (static ones have none)";
        }
        boolean isNumber = root.chars().allMatch(each -> each >= '0' && each <= '9');
        if (isNumber || !root.equals(path)) {
            return isNumber && root.equals(path) ? " (the first is 0)" : " with such fields";
        }
        return " (where classes are compiled without -g, use its number)";
    }
}
