// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// The message of a record that has more ways to format than `java.util.logging`: JBoss' knows
/// `%s`, and formats itself.
final class OwnFormat {
    private static final MethodType TYPE = MethodType.methodType(String.class);
    private static final MethodHandle NONE =
            MethodHandles.dropArguments(
                    MethodHandles.constant(String.class, null), 0, Object.class);

    private static final ClassValue<MethodHandle> METHODS =
            new ClassValue<>() {
                @Override
                protected MethodHandle computeValue(Class<?> type) {
                    try {
                        return MethodHandles.publicLookup()
                                .findVirtual(type, "getFormattedMessage", TYPE)
                                .asType(TYPE.insertParameterTypes(0, Object.class));
                    } catch (ReflectiveOperationException | RuntimeException e) {
                        return NONE;
                    }
                }
            };

    private OwnFormat() {}

    /// Null when the record has no format of its own.
    static @Nullable String of(LogRecord record) {
        if (record.getClass() == LogRecord.class) {
            return null;
        }
        try {
            return (String) METHODS.get(record.getClass()).invokeExact((Object) record);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            return null;
        }
    }
}
