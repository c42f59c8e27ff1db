// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import jdk.jfr.Unsigned;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrFieldsTest {
    @Name("com.shop.Everything")
    static class Everything extends Event {
        boolean flag = true;
        byte small = -3;
        short middling = -300;
        int number = -70_000;
        long large = 1L << 40;
        float single = 1.5f;
        double twice = 2.5;
        char letter = 'x';
        String text = "größer";
        String none = null;
        @Unsigned int unsigned = -1;

        @Timespan(Timespan.MILLISECONDS)
        long span = 25;

        @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
        long since = 1_000;

        Thread who = Thread.currentThread();
        Class<?> type = Thread.class;
    }

    private static Map<String, Object> read(RecordedEvent event) {
        JfrFields fields = JfrFields.of(event.getEventType());
        Object[] values = fields.values(event, new JfrStack(), JfrStack.MOST_FRAMES);
        Map<String, Object> read = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            EventField field = fields.fields().get(i);
            read.put(field.name(), values[i]);
            assertThat(kind(values[i])).as(field.name()).isEqualTo(field.type());
        }
        return read;
    }

    private static FieldType kind(Object value) {
        return value instanceof String
                ? FieldType.STRING
                : value instanceof Long
                        ? FieldType.S64
                        : value instanceof Integer
                                ? FieldType.S32
                                : value instanceof Boolean
                                        ? FieldType.U8
                                        : value instanceof Float ? FieldType.F32 : FieldType.F64;
    }

    @Test
    void eachFieldIsReadAsItsType(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("a.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(Everything.class).withStackTrace();
            recording.start();
            Everything event = new Everything();
            event.begin();
            event.commit();
            recording.stop();
            recording.dump(file);
        }
        RecordedEvent event = RecordingFile.readAllEvents(file).get(0);
        Map<String, Object> read = read(event);
        assertThat(JfrType.eventName(event.getEventType())).isEqualTo("jfr:com.shop.Everything");
        assertThat(read)
                .containsEntry("flag", true)
                .containsEntry("small", -3)
                .containsEntry("middling", -300)
                .containsEntry("number", -70_000)
                .containsEntry("large", 1L << 40)
                .containsEntry("single", 1.5f)
                .containsEntry("twice", 2.5)
                .containsEntry("letter", "x")
                .containsEntry("text", "größer")
                .containsEntry("none", "null")
                .containsEntry("unsigned", 0xffffffffL)
                .containsEntry("span_ns", 25_000_000L)
                .containsEntry("since_ns", 1_000_000_000L)
                .containsEntry("who", Thread.currentThread().getName())
                .containsEntry("type", "java.lang.Thread")
                .containsEntry("event_thread", Thread.currentThread().getName())
                .containsEntry("java_thread_id", Thread.currentThread().getId())
                .doesNotContainKey("startTime");
        assertThat((int) read.get("who_tid")).isEqualTo(JfrFields.vtid(event.getThread()));
        assertThat((String) read.get("stack"))
                .startsWith("at " + JfrFieldsTest.class.getName() + ".eachFieldIsReadAsItsType:");
        assertThat((long) read.get("duration_ns")).isNotNegative();
    }

    @Test
    void everyEventTypeOfTheJdkHasFieldsOfOurs() {
        List<EventType> types = FlightRecorder.getFlightRecorder().getEventTypes();
        assertThat(types).hasSizeGreaterThan(100);
        for (EventType type : types) {
            List<EventField> fields = JfrType.fields(type);
            assertThat(fields).extracting(EventField::name).doesNotHaveDuplicates();
            assertThat(fields).as(type.getName()).hasSizeLessThanOrEqualTo(200);
        }
    }
}
