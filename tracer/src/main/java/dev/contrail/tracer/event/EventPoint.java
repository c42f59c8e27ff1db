// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An event class of this process, and which pools want it. Public because generated classes call
/// it; not for anybody else.
///
/// The link thread changes the list of targets, all threads read it: one read tells whether an
/// event is wanted, and where.
public final class EventPoint {
    private final int classId;
    private final String name;
    private final int logLevel;
    private final List<EventField> fields;
    private final String origin;

    /// One that nobody ever wants.
    public static final EventPoint NEVER = new EventPoint(-1, "", 0, List.of(), "");

    /// The pools that want it now, in a list that never changes; null when there is none. A field,
    /// as those of [Target]: an event that fails because there is no stack can still be counted.
    public volatile @Nullable Target target;

    EventPoint(int classId, String name, int logLevel, List<EventField> fields, String origin) {
        this.classId = classId;
        this.name = name;
        this.logLevel = logLevel;
        this.fields = List.copyOf(fields);
        this.origin = origin;
    }

    /// This process's own number for it.
    public int classId() {
        return classId;
    }

    /// `PROVIDER:EVENT`.
    public String name() {
        return name;
    }

    public int logLevel() {
        return logLevel;
    }

    public List<EventField> fields() {
        return fields;
    }

    /// What it is of, when rules have to say more than its name: a method's descriptor, and how its
    /// events are set. Empty for what the program binds itself.
    public String origin() {
        return origin;
    }

    public EventDescription description(int eventId) {
        return new EventDescription(eventId, name, logLevel, fields);
    }

    /// Counts the events until [#decided]: a stand-in takes the place of `pool`, whose daemon does
    /// not know this class yet.
    synchronized void await(WriterPool pool) {
        target = Target.counting(pool, target);
    }

    /// The daemon wants the event in `pool`: what was counted until that is recorded is lost there.
    public synchronized void owe(WriterPool pool) {
        WriterPool standIn = Target.standIn(pool, target);
        if (standIn != null) {
            pool.owe(standIn);
        }
    }

    /// Records the event in `pool` too. The event has been described there.
    public void enable(WriterPool pool, int eventId) {
        enable(pool, eventId, null);
    }

    /// The same for those events that `filter` accepts, which is of this class's fields; null: all.
    public synchronized void enable(WriterPool pool, int eventId, @Nullable TargetFilter filter) {
        owe(pool);
        Target rest = Target.succeeded(Target.standIn(pool, target), Target.without(pool, target));
        target = new Target(pool, eventId, filter, rest);
    }

    /// Whether a session records it, not only counts.
    public boolean isEnabled() {
        for (Target each = target; each != null; each = each.next) {
            if (!each.isCounting()) {
                return true;
            }
        }
        return false;
    }

    public synchronized void disable(WriterPool pool) {
        target = Target.without(pool, target);
    }

    /// The daemon of `pool` has said all that it wants of this class.
    public synchronized void decided(WriterPool pool) {
        target = Target.withoutStandIn(pool, target);
    }
}
