// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.InterfaceBinder;
import dev.contrail.tracer.link.ApplicationLink;
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
/// file, when it was compiled with `-parameters`, or from [Field].
public final class Tracer {
    private Tracer() {}

    /// Implements `events`. Bind once, into a `static final` field. Where tracing cannot work, the
    /// implementation does nothing.
    ///
    /// @throws IllegalArgumentException when a method cannot be an event; the message says which,
    ///   and what to do
    public static <T> T bind(Class<T> events) {
        Objects.requireNonNull(events, "events");
        Tracer.class.getModule().addReads(events.getModule());
        try {
            return bind(MethodHandles.privateLookupIn(events, MethodHandles.lookup()), events);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "%s: open its package to %s, or use Tracer.bind(MethodHandles.lookup(), …)"
                            .formatted(events.getName(), Tracer.class.getModule()),
                    e);
        }
    }

    /// The same for an interface in a module that does not open its package: `lookup` comes from
    /// that package.
    ///
    /// @throws IllegalArgumentException as above
    public static <T> T bind(MethodHandles.Lookup lookup, Class<T> events) {
        int known = EventClasses.count();
        T bound = InterfaceBinder.bind(lookup, events);
        ApplicationLink link = ApplicationLink.started();
        for (EventPoint point : EventClasses.from(known)) link.announce(point);
        return bound;
    }
}
