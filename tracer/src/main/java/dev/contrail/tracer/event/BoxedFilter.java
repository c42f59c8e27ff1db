// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Objects;

/// Asks the filter of a [Target] about an event whose fields are in boxes.
final class BoxedFilter {
    /// By the class above the filters that names the fields' types.
    private static final ClassValue<MethodHandle> ACCEPTS =
            new ClassValue<>() {
                @Override
                protected MethodHandle computeValue(Class<?> type) {
                    return accepts(type);
                }
            };

    private BoxedFilter() {}

    private static MethodHandle accepts(Class<?> type) {
        try {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals("accepts")) {
                    return MethodHandles.lookup()
                            .unreflect(method)
                            .asSpreader(Object[].class, method.getParameterCount())
                            .asType(
                                    MethodType.methodType(
                                            boolean.class, TargetFilter.class, Object[].class));
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException(type + " accepts nothing");
    }

    /// @param values boxes of the parameters' types
    static boolean accepts(TargetFilter filter, Object[] values) throws Throwable {
        Class<?> shape = Objects.requireNonNull(filter.getClass().getSuperclass());
        return (boolean) ACCEPTS.get(shape).invokeExact(filter, values);
    }
}
