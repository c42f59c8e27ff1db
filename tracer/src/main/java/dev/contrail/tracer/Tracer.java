// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import dev.contrail.tracer.event.InterfaceBinder;
import dev.contrail.tracer.event.Problems;
import dev.contrail.tracer.link.ErrorLine;
import dev.contrail.tracer.link.Host;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/// Turns an interface into events: each call of one of its methods is an event, recorded when a
/// session wants it and nearly free otherwise.
///
/// ```java
/// @Provider("shop")
/// public interface Checkout {
///     void paid(long orderId, int cents, String currency);
/// }
///
/// static final Checkout TRACE = Tracer.bind(Checkout.class);
///
/// TRACE.paid(4711, 1999, "EUR"); // shop:paid
/// ```
///
/// The methods return `void` and take primitive types and strings. Field names come from the class
/// file, when it was compiled with `-parameters`, or from [Field]; else they are `arg0`, `arg1`, ….
public final class Tracer {
    private Tracer() {}

    /// Implements `events`. Bind once, into a `static final` field. Binding never fails a program:
    /// where something cannot be traced, the implementation does nothing there, and a line on
    /// standard error says why, once.
    ///
    /// @throws IllegalArgumentException when `events` is not an interface
    public static <T> T bind(Class<T> events) {
        Objects.requireNonNull(events, "events");
        InterfaceBinder.check(events);
        try {
            Tracer.class.getModule().addReads(events.getModule());
            return bind(MethodHandles.privateLookupIn(events, MethodHandles.lookup()), events);
        } catch (IllegalAccessException e) {
            ErrorLine.say(
                    ErrorLine.About.BINDING,
                    "%s is not recorded: open its package to %s, or use"
                                    .formatted(events.getName(), Tracer.class.getModule())
                            + " Tracer.bind(MethodHandles.lookup(), …)");
            return InterfaceBinder.inert(events);
        } catch (Throwable e) { // no stack, no memory, no permission
            return refused(events, e);
        }
    }

    /// The same for an interface in a module that does not open its package: `lookup` comes from
    /// that package.
    ///
    /// @throws IllegalArgumentException when `events` is not an interface
    public static <T> T bind(MethodHandles.Lookup lookup, Class<T> events) {
        Objects.requireNonNull(events, "events");
        InterfaceBinder.check(events);
        try {
            Problems problems = new Problems();
            T bound = InterfaceBinder.bind(lookup, events, Host.other(), problems);
            if (!problems.text().isEmpty()) ErrorLine.say(ErrorLine.About.BINDING, problems.text());
            if (!problems.aboutNames().isEmpty())
                ErrorLine.say(ErrorLine.About.FIELD_NAMES, problems.aboutNames());
            Host.announce();
            return bound;
        } catch (Throwable e) { // no stack, no memory: not a reason to end a static initialiser
            return refused(events, e);
        }
    }

    private static <T> T refused(Class<T> events, Throwable why) {
        ErrorLine.say(ErrorLine.About.BINDING, events.getName() + " is not recorded: " + why);
        return InterfaceBinder.inert(events);
    }
}
