// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/// Signals to this process, which do not end it while they are handled.
///
/// `sun.misc.Signal` is the one way, and in a module that stays; but javac warns of each use, and
/// that warning cannot be turned off.
public final class Signals {
    /// What was done with a signal before.
    @FunctionalInterface
    public interface Before {
        /// Does that again from now on.
        void restore();
    }

    /// What to do with a signal, as a `sun.misc.SignalHandler`.
    @FunctionalInterface
    private interface Reaction {
        Object of(Class<?> handlerType, int signal) throws ReflectiveOperationException;
    }

    private Signals() {}

    /// Handles a signal from now on. One that was ignored from the start stays ignored.
    ///
    /// @param name such as `INT`
    /// @param handler gets the signal's number
    public static Before handle(String name, IntConsumer handler) {
        return react(
                name,
                (type, signal) ->
                        Proxy.newProxyInstance(
                                Signals.class.getClassLoader(),
                                new Class<?>[] {type},
                                (_, _, _) -> {
                                    handler.accept(signal);
                                    return null;
                                }));
    }

    /// Lets a signal have no effect from now on.
    ///
    /// @param name such as `TSTP`
    public static Before ignore(String name) {
        return react(
                name,
                (type, _) -> {
                    Field ignored = type.getField("SIG_IGN");
                    return ignored.get(null);
                });
    }

    private static Before react(String name, Reaction reaction) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = type.getConstructor(String.class).newInstance(name);
            int number = (int) type.getMethod("getNumber").invoke(signal);
            Method handle = type.getMethod("handle", type, handlerType);
            Object before = handle.invoke(null, signal, reaction.of(handlerType, number));
            return () -> {
                try {
                    handle.invoke(null, signal, before);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("SIG" + name + " cannot be handled", e);
                }
            };
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled", e);
        }
    }
}
