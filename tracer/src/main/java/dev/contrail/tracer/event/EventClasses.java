// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The event classes of this process. They are never forgotten, and their numbers not reused; what
/// is bound twice alike is one.
public final class EventClasses {
    /// Ids in records have 16 bits.
    private static final int MAX_CLASSES = 1 << 16;

    private record Key(String name, int logLevel, List<EventField> fields, String origin) {}

    private static final Map<Key, EventPoint> BY_KEY = new HashMap<>();
    private static final List<EventPoint> BY_ID = new ArrayList<>();

    /// Pools whose daemons decide about each class.
    private static final List<WriterPool> OPEN = new ArrayList<>();

    private EventClasses() {}

    /// From now on the events of new classes are counted until the daemon of `pool` has decided
    /// about them: see [EventPoint#decided].
    public static synchronized void opened(WriterPool pool) {
        OPEN.add(pool);
    }

    /// Finds or makes an event class.
    public static EventPoint of(String name, int logLevel, List<EventField> fields) {
        return of(name, logLevel, fields, "");
    }

    /// @param origin see [EventPoint#origin]
    public static synchronized EventPoint of(
            String name, int logLevel, List<EventField> fields, String origin) {
        Key key = new Key(name, logLevel, List.copyOf(fields), origin);
        EventPoint known = BY_KEY.get(key);
        if (known != null) {
            return known;
        }
        if (BY_ID.size() == MAX_CLASSES) {
            throw new IllegalArgumentException(
                    name + " is one event class too many: " + MAX_CLASSES + " are bound");
        }
        EventPoint made = new EventPoint(BY_ID.size(), name, logLevel, fields, origin);
        for (WriterPool pool : OPEN) {
            made.await(pool);
        }
        BY_ID.add(made); // first: where there is no memory for the next, the number is taken
        BY_KEY.put(key, made);
        return made;
    }

    /// The event class with that number. Generated classes find theirs by it.
    public static synchronized EventPoint point(int classId) {
        return BY_ID.get(classId);
    }

    /// Those with numbers from `firstId` on.
    public static synchronized List<EventPoint> from(int firstId) {
        return List.copyOf(BY_ID.subList(Math.min(firstId, BY_ID.size()), BY_ID.size()));
    }

    public static synchronized int count() {
        return BY_ID.size();
    }

    /// Takes `pool` out of every event, also of those to come.
    public static void disableAll(WriterPool pool) {
        closed(pool);
        for (EventPoint point : from(0)) {
            point.disable(pool);
        }
    }

    private static synchronized void closed(WriterPool pool) {
        OPEN.remove(pool);
    }
}
