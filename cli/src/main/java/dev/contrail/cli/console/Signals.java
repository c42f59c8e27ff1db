// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/// Signals to this process, which do not end it while they are handled.
public final class Signals {
    /// What was done with a signal before.
    @FunctionalInterface
    public interface Before {
        /// Does that again from now on.
        void restore();
    }

    private Signals() {}

    /// Handles a signal from now on. One that was ignored from the start stays ignored.
    ///
    /// `sun.misc.Signal` is the one way, and in a module that stays; but javac warns of each use,
    /// and that warning cannot be turned off.
    ///
    /// @param name such as `INT`
    /// @param handler gets the signal's number
    public static Before handle(String name, IntConsumer handler) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = type.getConstructor(String.class).newInstance(name);
            int number = (int) type.getMethod("getNumber").invoke(signal);
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handlerType},
                            (_, _, _) -> {
                                handler.accept(number);
                                return null;
                            });
            Method handle = type.getMethod("handle", type, handlerType);
            Object before = handle.invoke(null, signal, proxy);
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
