// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The event that says what a stack's number stands for. It is recorded in channels that have the
/// context [#CONTEXT], whatever their rules are.
public final class StackEvents {
    /// As `add-context` knows it; LTTng has `callstack-user` for what is native.
    public static final String CONTEXT = "callstack-java";

    public static final String NAME = "jvm:stack";

    /// `stack` is a line a frame, `at CLASS.METHOD(FILE:LINE)`, the innermost first; of a throwable
    /// those that are its own, causes having theirs. `depth` is the number of frames.
    private static final List<EventField> FIELDS =
            List.of(
                    new EventField("id", FieldType.U32),
                    new EventField("depth", FieldType.S32),
                    new EventField("stack", FieldType.STRING));

    private static @Nullable EventPoint point;

    private StackEvents() {}

    /// There is a session daemon: it can have the event. Link thread.
    public static synchronized void announce() {
        if (point == null) {
            point = EventClasses.of(NAME, Level.DEBUG_LINE, FIELDS);
        }
    }

    static synchronized @Nullable EventPoint point() {
        return point;
    }
}
