// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.Cell;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.Memory;
import dev.contrail.tracer.ring.Text;
import dev.contrail.tracer.ring.WriterPool;
import java.util.List;

/// An event class of this process, and which pools want it. Public because generated classes call
/// it; not for anybody else.
///
/// The link thread changes the list of targets, all threads read it: one read tells whether an
/// event is wanted, and where.
public final class EventPoint {
    private static final int HEADER = 12;

    private final int classId;
    private final String name;
    private final int logLevel;
    private final List<EventField> fields;

    private volatile Target target;

    EventPoint(int classId, String name, int logLevel, List<EventField> fields) {
        this.classId = classId;
        this.name = name;
        this.logLevel = logLevel;
        this.fields = List.copyOf(fields);
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

    public EventDescription description(int eventId) {
        return new EventDescription(eventId, name, logLevel, fields);
    }

    /// The pools that want it now, in a list that never changes; null when there is none.
    public Target target() {
        return target;
    }

    /// Records the event in `pool` too. The event has been described there.
    public synchronized void enable(WriterPool pool, int eventId) {
        target = new Target(pool, eventId, Target.without(pool, target));
    }

    public synchronized void disable(WriterPool pool) {
        target = Target.without(pool, target);
    }

    /// Records an event with strings that are long or not plain ASCII: they are encoded before the
    /// record is begun, and cut, with a mark, when they do not fit the pool's blocks. Allocates.
    public void recordEncoded(Target in, Object[] arguments) {
        int need;
        try {
            need = encode(in.room(), arguments);
        } catch (Throwable e) { // there may be no memory for it
            in.countLost();
            return;
        }
        Cell cell = in.begin(need);
        if (cell == null) return;
        try {
            int at = in.header(cell) + HEADER;
            for (Object argument : arguments) at = put(at, argument);
            cell.end(at);
        } catch (Throwable e) { // no call: there may be no stack for one
            cell.failed++;
            cell.limit = 0;
            cell.inside = false;
            cell.lock = 0;
        }
    }

    /// Puts bytes in the place of strings.
    ///
    /// @return what the record takes
    private int encode(int room, Object[] arguments) {
        int fixed = HEADER;
        int texts = 0;
        for (EventField field : fields) {
            if (field.type() == FieldType.STRING) texts++;
            else fixed += field.type().sizeBytes();
        }
        int most = Math.max(0, room - fixed - texts); // of all strings, without their zeros
        int[] sizes = new int[texts];
        byte[][] encoded = new byte[arguments.length][];
        for (int i = 0, text = 0; i < arguments.length; i++) {
            if (fields.get(i).type() != FieldType.STRING) continue;
            encoded[i] = Text.encode((String) arguments[i], most);
            sizes[text++] = encoded[i].length;
        }
        int limit = Text.fairLimit(sizes, most);
        int need = fixed;
        for (int i = 0; i < arguments.length; i++) {
            if (encoded[i] == null) continue;
            if (encoded[i].length > limit) encoded[i] = Text.encode((String) arguments[i], limit);
            arguments[i] = encoded[i];
            need += Text.room(encoded[i]);
        }
        return need;
    }

    private static int put(int at, Object value) {
        if (value instanceof byte[] encoded) return Text.put(at, encoded);
        if (value instanceof Long number) {
            Memory.putLong(at, number);
            return at + 8;
        }
        if (value instanceof Double number) {
            Memory.putLong(at, Double.doubleToRawLongBits(number));
            return at + 8;
        }
        if (value instanceof Short number) {
            Memory.putShort(at, number);
            return at + 2;
        }
        if (value instanceof Character character) {
            Memory.putShort(at, (short) character.charValue());
            return at + 2;
        }
        if (value instanceof Byte number) {
            Memory.putByte(at, number);
            return at + 1;
        }
        if (value instanceof Boolean flag) {
            Memory.putByte(at, (byte) (flag ? 1 : 0));
            return at + 1;
        }
        int bits =
                value instanceof Float number ? Float.floatToRawIntBits(number) : (Integer) value;
        Memory.putInt(at, bits);
        return at + 4;
    }
}
