// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.tap.ListedParameters;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The classes that the program has loaded, as far as rules mean them, and how they are changed.
/// One thread; code of class loaders and of other agents may run in it.
final class LoadedClasses {
    /// Classes that are changed at once: the program stands still meanwhile.
    private static final int BATCH = 16;

    private final Instrumentation agent;
    private final MethodTransformer transformer;
    private final Arrivals arrivals;
    private final boolean losesParameters;

    LoadedClasses(Instrumentation agent, MethodTransformer transformer, Arrivals arrivals) {
        this.agent = agent;
        this.transformer = transformer;
        this.arrivals = arrivals;
        this.losesParameters = ParameterNames.areLost(agent);
    }

    /// Those that have come since the last call, and may not be as rules want them.
    List<Class<?>> arrived() {
        List<Class<?>> found = arrivals.look(agent.getAllLoadedClasses(), transformer::matching);
        found.removeIf(each -> !agent.isModifiableClass(each));
        return found;
    }

    /// Refuses a rule that matches too many of them, or none that can be changed; tells one that
    /// matches none what may have been meant.
    void refuseTooMany(WantedMethods rule) {
        Set<String> names = new LinkedHashSet<>();
        String untouchable = "";
        String near = "";
        for (Class<?> each : agent.getAllLoadedClasses()) {
            if (!each.isArray() && rule.pattern.isNear(each.getName())) {
                near = each.getName();
            }
            if (!each.isArray() && rule.pattern.matchesClass(each.getName())) {
                if (!Untouchable.is(each.getName())) {
                    names.add(each.getName());
                } else {
                    untouchable = each.getName();
                }
            }
        }
        if (names.size() > WantedMethods.MOST) {
            rule.refuse(WantedMethods.tooMany(String.valueOf(names.size()), "classes"));
        } else if (names.isEmpty() && untouchable.isEmpty() && !near.isEmpty()) {
            rule.foundNear(near);
        } else if (names.isEmpty() && !untouchable.isEmpty()) {
            rule.refuse(
                    "methods of %s are not recorded: %s"
                            .formatted(untouchable, Untouchable.reason(untouchable)));
        }
    }

    /// The loaded classes that may have methods of such rules, and are not yet as they are wanted.
    ///
    /// @param isRefused also of rules that are refused
    List<Class<?>> loaded(List<WantedMethods> rules, boolean isRefused) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> each : agent.getAllLoadedClasses()) {
            String name = each.getName();
            boolean isMeant = false;
            for (WantedMethods rule : rules) {
                isMeant |= rule.pattern.matchesClass(name) && (isRefused || !rule.isRefused());
            }
            if (isMeant
                    && !Untouchable.is(name)
                    && !arrivals.isAsWanted(each, transformer.matching(name))
                    && agent.isModifiableClass(each)) {
                found.add(each);
            }
        }
        return found;
    }

    /// Has them changed as rules want it; what fails is said of these.
    void retransform(List<Class<?>> classes) {
        for (int i = 0; i < classes.size(); i += BATCH) {
            List<Class<?>> batch = keeping(classes.subList(i, Math.min(i + BATCH, classes.size())));
            String problem = tryRetransform(batch);
            for (int j = 0; j < batch.size() && !problem.isEmpty(); j++) {
                remark(batch.get(j), tryRetransform(batch.subList(j, j + 1)));
            }
            transformer.keep(Map.of()); // it holds classes
        }
    }

    /// Of these classes those whose lists of parameters will be kept: where that cannot be had the
    /// class stays as it is.
    private List<Class<?>> keeping(List<Class<?>> classes) {
        if (!losesParameters) {
            return classes;
        }
        List<Class<?>> found = new ArrayList<>();
        Map<Class<?>, Map<String, List<ListedParameters.Parameter>>> kept = new HashMap<>();
        for (Class<?> each : classes) {
            try {
                kept.put(each, ParameterNames.of(each));
                found.add(each);
            } catch (Throwable e) { // a class that a parameter is of is missing
                remark(each, "the names of its parameters would be lost: " + e);
            }
        }
        transformer.keep(kept);
        return found;
    }

    private String tryRetransform(List<Class<?>> classes) {
        try {
            agent.retransformClasses(classes.toArray(new Class<?>[0]));
            return "";
        } catch (Throwable e) { // also a VerifyError: the class is as it was before
            return e.toString();
        }
    }

    private void remark(Class<?> type, String problem) {
        for (WantedMethods each : transformer.wanted()) {
            if (!problem.isEmpty() && each.matches(type.getName())) {
                each.remark(type.getName() + " cannot be changed: " + problem);
            }
        }
    }
}
