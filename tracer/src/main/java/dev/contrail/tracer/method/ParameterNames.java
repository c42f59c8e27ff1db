// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.tap.ListedParameters;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of parameters that a program finds by reflection: web frameworks bind what they are
/// asked for to them. Before JDK 21 a class loses them when it is retransformed, whoever does that
/// (JDK-8240908): then they have to be put into the new class file.
final class ParameterNames {
    private ParameterNames() {}

    /// What is retransformed to see whether this JVM keeps names.
    private static final class Sample {
        private Sample() {}

        @SuppressWarnings("unused") // it is looked at only
        static void sample(int parameter) {}
    }

    /// Whether this JVM loses them.
    static boolean areLost(Instrumentation agent) {
        try {
            agent.retransformClasses(Sample.class);
            Method sample = Sample.class.getDeclaredMethod("sample", int.class);
            return !sample.getParameters()[0].isNamePresent();
        } catch (NoSuchMethodException | UnmodifiableClassException | LinkageError e) {
            return true;
        }
    }

    /// Those of a class, by name and descriptor of the methods that have any. May load the classes
    /// of parameters.
    static Map<String, List<ListedParameters.Parameter>> of(Class<?> type) {
        Map<String, List<ListedParameters.Parameter>> found = new HashMap<>();
        for (Method each : type.getDeclaredMethods()) {
            String descriptor =
                    MethodType.methodType(each.getReturnType(), each.getParameterTypes())
                            .toMethodDescriptorString();
            put(found, each, each.getName() + descriptor);
        }
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            String descriptor =
                    MethodType.methodType(void.class, each.getParameterTypes())
                            .toMethodDescriptorString();
            put(found, each, "<init>" + descriptor);
        }
        return found;
    }

    private static void put(
            Map<String, List<ListedParameters.Parameter>> found, Executable method, String key) {
        List<ListedParameters.Parameter> listed = new ArrayList<>();
        for (Parameter each : method.getParameters()) {
            if (!each.isNamePresent()) {
                return;
            }
            listed.add(new ListedParameters.Parameter(each.getName(), each.getModifiers()));
        }
        if (!listed.isEmpty()) {
            found.put(key, listed);
        }
    }
}
