// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.process.OtherThread;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.jfr.EventType;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import jdk.jfr.Unsigned;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordedThreadGroup;
import org.jspecify.annotations.Nullable;

/// The fields of one of JFR's event types as ours, and how they are read. Structures are taken
/// apart, `a.b` becomes `a_b`; what is not a number becomes text.
///
/// | JFR | here |
/// |---|---|
/// | time span, time stamp | `NAME_ns`, the latter since 1970 |
/// | thread | `NAME`, and `NAME_tid` as `vtid` of records has it |
/// | class, class loader, method, array, anything else | text |
/// | `duration` | `duration_ns` |
/// | `eventThread` | `event_thread` and `java_thread_id` |
/// | `stackTrace` | `stack` |
/// | `startTime` | none: a record's time is the end of its event |
final class JfrFields {
    /// The most of a text that stands for something else.
    private static final int MOST_TEXT = 1024;

    private static final int MOST_DEPTH = 3;

    /// More than any event has, and as many as a rule of ours can name.
    private static final int MOST_FIELDS = 200;

    private static final String THREAD = "java.lang.Thread";
    private static final String STACK = "jdk.types.StackTrace";

    /// Reads one field.
    private interface Reader {
        @Nullable Object read(RecordedEvent event, JfrStack stacks, int mostFrames);
    }

    private final List<EventField> fields = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean hasDuration;

    private JfrFields() {}

    static JfrFields of(EventType type) {
        JfrFields all = new JfrFields();
        for (ValueDescriptor value : type.getFields()) {
            all.addTop(value);
        }
        return all;
    }

    List<EventField> fields() {
        return fields;
    }

    boolean hasDuration() {
        return hasDuration;
    }

    /// The values, in boxes. What cannot be read is 0, or `null`.
    @Nullable Object[] values(RecordedEvent event, JfrStack stacks, int mostFrames) {
        Object[] values = new Object[readers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(readers.get(i), fields.get(i).type(), event, stacks, mostFrames);
        }
        return values;
    }

    private static Object value(
            Reader reader, FieldType type, RecordedEvent event, JfrStack stacks, int mostFrames) {
        Object value = null;
        try {
            value = reader.read(event, stacks, mostFrames);
        } catch (RuntimeException e) {
            // a structure that is not there
        }
        return value != null ? value : nothing(type);
    }

    private static Object nothing(FieldType type) {
        switch (type) {
            case U8:
                return false;
            case S8:
                return (byte) 0;
            case S16:
                return (short) 0;
            case S32:
                return 0;
            case F32:
                return 0f;
            case F64:
                return 0d;
            case S64:
                return 0L;
            default:
                return JfrStack.NONE;
        }
    }

    /// The thread of an event as the `vtid` of a record: the system's thread id, of a virtual
    /// thread minus the low 31 bits of its Java id, 0 for none.
    static int vtid(@Nullable RecordedThread thread) {
        if (thread == null) {
            return 0;
        }
        long id = thread.getOSThreadId();
        return id > 0 ? (int) id : -(int) (thread.getJavaThreadId() & 0x7fffffff);
    }

    /// The thread of an event, as contexts tell of it.
    static OtherThread other(@Nullable RecordedThread thread) {
        if (thread == null) {
            return OtherThread.NONE;
        }
        int vtid = vtid(thread);
        String name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
        boolean isVirtual = vtid < 0;
        return new OtherThread(vtid, thread.getJavaThreadId(), name == null ? "" : name, isVirtual);
    }

    private void addTop(ValueDescriptor value) {
        switch (value.getName()) {
            case "startTime":
                return;
            case "duration":
                hasDuration = true;
                add("duration_ns", FieldType.S64, (event, s, n) -> nanos(event.getDuration()));
                return;
            case "eventThread":
                add(
                        "event_thread",
                        FieldType.STRING,
                        (event, s, n) -> text(event.getThread(), s, n));
                add(
                        "java_thread_id",
                        FieldType.S64,
                        (event, s, n) -> javaThreadId(event.getThread()));
                return;
            case "stackTrace":
                add("stack", FieldType.STRING, (event, s, n) -> s.of(event.getStackTrace(), n));
                return;
            default:
                add(value, "", "", 1);
        }
    }

    private static long javaThreadId(@Nullable RecordedThread thread) {
        return thread == null ? 0 : thread.getJavaThreadId();
    }

    /// @param path before its name, to find it in JFR's event
    /// @param prefix before its name, in ours
    private void add(ValueDescriptor value, String path, String prefix, int depth) {
        String from = path + value.getName();
        String name = prefix + value.getName();
        boolean isStructure = !value.isArray() && !value.getFields().isEmpty();
        if (!value.isArray() && value.getTypeName().equals(THREAD)) {
            add(name, FieldType.STRING, (event, s, n) -> text(event.getValue(from), s, n));
            add(name + "_tid", FieldType.S32, (event, s, n) -> vtid(event.getValue(from)));
        } else if (isStructure && !isText(value.getTypeName())) {
            if (depth < MOST_DEPTH) {
                for (ValueDescriptor member : value.getFields()) {
                    add(member, from + ".", name + "_", depth + 1);
                }
            }
        } else if (value.isArray() || isStructure) {
            add(name, FieldType.STRING, (event, s, n) -> text(event.getValue(from), s, n));
        } else {
            addPlain(value, from, name);
        }
    }

    private static boolean isText(String type) {
        switch (type) {
            case "java.lang.Class":
            case "java.lang.ThreadGroup":
            case "jdk.types.ClassLoader":
            case "jdk.types.ThreadGroup":
            case "jdk.types.Method":
            case STACK:
                return true;
            default:
                return false;
        }
    }

    private void addPlain(ValueDescriptor value, String from, String name) {
        if (value.getAnnotation(Timespan.class) != null) {
            add(name + "_ns", FieldType.S64, (event, s, n) -> nanos(event.getDuration(from)));
            return;
        }
        if (value.getAnnotation(Timestamp.class) != null) {
            add(name + "_ns", FieldType.S64, (event, s, n) -> nanos(event.getInstant(from)));
            return;
        }
        boolean isUnsigned = value.getAnnotation(Unsigned.class) != null;
        switch (value.getTypeName()) {
            case "boolean":
                add(name, FieldType.U8, (event, s, n) -> event.getBoolean(from));
                break;
            case "long":
                add(name, FieldType.S64, (event, s, n) -> event.getLong(from));
                break;
            case "int":
                if (isUnsigned) {
                    add(name, FieldType.S64, (event, s, n) -> event.getLong(from));
                } else {
                    add(name, FieldType.S32, (event, s, n) -> event.getInt(from));
                }
                break;
            case "short":
            case "byte":
                add(name, FieldType.S32, (event, s, n) -> event.getInt(from));
                break;
            case "float":
                add(name, FieldType.F32, (event, s, n) -> event.getFloat(from));
                break;
            case "double":
                add(name, FieldType.F64, (event, s, n) -> event.getDouble(from));
                break;
            default:
                add(name, FieldType.STRING, (event, s, n) -> text(event.getValue(from), s, n));
        }
    }

    private void add(String name, FieldType type, Reader reader) {
        if (readers.size() < MOST_FIELDS && names.add(name)) {
            fields.add(new EventField(name, type));
            readers.add(reader);
        }
    }

    /// JFR has the longest span for one that is not known.
    static long nanos(Duration span) {
        try {
            return span.toNanos();
        } catch (ArithmeticException e) {
            return span.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /// Nanoseconds since 1970; 0 for a time that is not known.
    static long nanos(Instant time) {
        try {
            return Math.addExact(
                    Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException e) {
            return 0;
        }
    }

    private static String text(@Nullable Object value, JfrStack stacks, int mostFrames) {
        if (value == null) {
            return JfrStack.NONE;
        }
        if (value instanceof String) {
            return (String) value;
        }
        if (value instanceof RecordedThread thread) {
            return name(thread.getJavaName(), thread.getOSName());
        }
        if (value instanceof RecordedClass type) {
            return type.getName();
        }
        if (value instanceof RecordedMethod method) {
            return JfrStack.method(method);
        }
        if (value instanceof RecordedStackTrace trace) {
            return stacks.of(trace, mostFrames);
        }
        if (value instanceof RecordedClassLoader loader) {
            return name(
                    loader.getName(), loader.getType() == null ? "" : loader.getType().getName());
        }
        if (value instanceof RecordedThreadGroup group) {
            return name(group.getName(), "");
        }
        String text;
        if (value instanceof Object[] array) {
            text = array.length > MOST_TEXT ? array.length + " elements" : Arrays.toString(array);
        } else {
            text = value instanceof RecordedObject ? "" : value.toString();
        }
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
    }

    private static String name(@Nullable String name, @Nullable String otherwise) {
        boolean isNamed = name != null && !name.isEmpty();
        String known = isNamed ? name : otherwise;
        return known == null || known.isEmpty() ? JfrStack.NONE : known;
    }
}
