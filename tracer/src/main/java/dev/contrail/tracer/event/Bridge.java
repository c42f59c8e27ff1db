// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.EventDescription;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

/// The event of a bridge: something that the program does anyway, as logging, which our code sees
/// and records in those pools whose rules want it. No program binds it, no daemon is told of it as
/// of an event class: an order of the bridge's own describes it in a pool and brings the rules.
///
/// A bridge is an interface of one method, whose first parameter says where the event goes, and the
/// others are its fields; the code that records it is generated as any other's.
///
/// ```java
/// interface JulEvent {
///     void event(Target target, String message, int level);
/// }
///
/// Bridge<JulEvent> bridge = // link thread
///         Bridge.bind(MethodHandles.lookup(), JulEvent.class, "lttng_jul:event", "msg", "int_loglevel");
/// Target target = new Target(pool, eventId); // described there: bridge.description(eventId)
/// bridge.event.event(target, "ready", 800); // any thread
/// ```
///
/// What the program must be asked for (a message, a name) is read before the call: a record is of
/// primitive values and strings. While the program's own code runs on behalf of the bridge, the
/// bridge needs a guard of its own against events of that code, as `logging.LogRecords` has.
public final class Bridge<T> {
    /// Records, in each target of the list that it is given.
    public final T event;

    private final EventSignature signature;

    private Bridge(T event, EventSignature signature) {
        this.event = event;
        this.signature = signature;
    }

    /// @param lookup into the package of `type`, in this module
    /// @param name `PROVIDER:EVENT`
    /// @param fields the names of the fields
    /// @throws IllegalArgumentException when `type` is not as said above, or there are not as many
    ///   fields
    public static <T> Bridge<T> bind(
            MethodHandles.Lookup lookup, Class<T> type, String name, String... fields) {
        Method[] methods = type.getMethods();
        boolean isOne = methods.length == 1 && methods[0].getParameterCount() > 0;
        if (!isOne || methods[0].getParameterTypes()[0] != Target.class) {
            throw new IllegalArgumentException(
                    type + " has not one method that begins with a target");
        }
        EventSignature signature = EventSignature.of(name, methods[0], fields);
        try {
            return new Bridge<>(InterfaceBinder.bindBridge(lookup, type, methods[0]), signature);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// The event as a pool has to describe it before the first record.
    public EventDescription description(int eventId) {
        return new EventDescription(
                eventId, signature.name(), signature.logLevel(), signature.fields());
    }
}
