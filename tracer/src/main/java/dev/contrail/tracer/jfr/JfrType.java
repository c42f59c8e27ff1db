// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.ring.EventField;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/// One of JFR's event types that somebody wants, and the event class that its events are recorded
/// as.
final class JfrType {
    private static final String JDK = "jdk.";
    private static final String SAMPLED = "sampledThread";

    private final String name;
    private final String defaultThreshold;
    private final JfrFields fields;
    private final EventPoint point;

    /// Frames of a stack trace that are told.
    private volatile int mostFrames = JfrStack.MOST_FRAMES;

    private JfrType(String name, String defaultThreshold, JfrFields fields, EventPoint point) {
        this.name = name;
        this.defaultThreshold = defaultThreshold;
        this.fields = fields;
        this.point = point;
    }

    /// Makes the event class, if there is none yet.
    static JfrType of(EventType type) {
        String threshold = "";
        for (SettingDescriptor setting : type.getSettingDescriptors()) {
            if (setting.getName().equals("threshold")) {
                threshold = setting.getDefaultValue();
            }
        }
        JfrFields fields = JfrFields.of(type);
        EventPoint point = EventClasses.of(eventName(type), Level.INFO, fields.fields());
        return new JfrType(type.getName(), threshold, fields, point);
    }

    /// `jfr:NAME`, without the `jdk.` of the JDK's own.
    static String eventName(EventType type) {
        String name = type.getName();
        return JfrRule.PREFIX + (name.startsWith(JDK) ? name.substring(JDK.length()) : name);
    }

    static List<EventField> fields(EventType type) {
        return JfrFields.of(type).fields();
    }

    /// As JFR calls it.
    String name() {
        return name;
    }

    /// As JFR writes it, `20 ms`; empty when it has none.
    String defaultThreshold() {
        return defaultThreshold;
    }

    void mostFrames(int frames) {
        mostFrames = frames;
    }

    /// Samplers have a thread of their own, and tell whose the event is.
    private static @Nullable RecordedThread thread(RecordedEvent event) {
        RecordedThread thread = event.getThread();
        return thread == null && event.hasField(SAMPLED)
                ? event.<RecordedThread>getValue(SAMPLED)
                : thread;
    }

    /// Reads an event, which JFR uses again afterwards.
    LateRecord read(RecordedEvent event, JfrStack stacks) {
        return new LateRecord(
                name,
                point,
                JfrFields.nanos(event.getEndTime()),
                fields.hasDuration() ? JfrFields.nanos(event.getDuration()) : Long.MAX_VALUE,
                JfrFields.other(thread(event)),
                fields.values(event, stacks, mostFrames));
    }
}
