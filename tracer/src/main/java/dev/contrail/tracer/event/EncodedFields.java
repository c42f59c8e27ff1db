// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.Memory;
import dev.contrail.tracer.ring.Text;
import java.util.List;

/// The fields of an event, with bytes in the place of strings.
final class EncodedFields {
    private static final int HEADER = 12;

    private final Object[] values;
    private final int need;
    private final int cuts;

    private EncodedFields(Object[] values, int need, int cuts) {
        this.values = values;
        this.need = need;
        this.cuts = cuts;
    }

    /// Null when a record of `room` bytes is too small.
    static EncodedFields whole(List<EventField> fields, Object[] arguments, int room) {
        Object[] values = arguments.clone();
        int need = fixed(fields);
        for (int i = 0; i < values.length; i++) {
            if (fields.get(i).type() != FieldType.STRING) continue;
            byte[] text = Text.encodeWhole((String) arguments[i], room - need - 1);
            if (text == null) return null;
            values[i] = text;
            need += Text.room(text);
        }
        return need > room ? null : new EncodedFields(values, need, 0);
    }

    /// Cuts the longest strings so that `room` is enough.
    static EncodedFields cut(List<EventField> fields, Object[] arguments, int room) {
        int texts = 0;
        for (EventField field : fields) if (field.type() == FieldType.STRING) texts++;
        int most = Math.max(0, room - fixed(fields) - texts); // of all, without their zeros
        Object[] values = arguments.clone();
        int[] sizes = new int[texts];
        for (int i = 0, text = 0; i < values.length; i++) {
            if (fields.get(i).type() != FieldType.STRING) continue;
            byte[] whole = Text.encodeWhole((String) arguments[i], most);
            values[i] = whole;
            sizes[text++] = whole == null ? most + 1 : whole.length;
        }
        int limit = Text.fairLimit(sizes, most);
        int need = fixed(fields);
        int cuts = 0;
        for (int i = 0; i < values.length; i++) {
            if (fields.get(i).type() != FieldType.STRING) continue;
            byte[] text = (byte[]) values[i];
            if (text == null || text.length > limit) {
                values[i] = text = Text.encode((String) arguments[i], limit);
                cuts++;
            }
            need += Text.room(text);
        }
        return new EncodedFields(values, need, cuts);
    }

    private static int fixed(List<EventField> fields) {
        int fixed = HEADER;
        for (EventField field : fields)
            if (field.type() != FieldType.STRING) fixed += field.type().sizeBytes();
        return fixed;
    }

    /// What the record takes.
    int need() {
        return need;
    }

    /// How many strings were cut.
    int cuts() {
        return cuts;
    }

    /// Writes them behind the header of the record at `record`.
    ///
    /// @return the position behind them
    int put(int record) {
        int at = record + HEADER;
        for (Object value : values) at = put(at, value);
        return at;
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
