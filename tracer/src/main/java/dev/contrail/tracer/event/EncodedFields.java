// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.write.Cell;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.Text;
import dev.contrail.tracer.ring.write.ThreadSlot;
import org.jspecify.annotations.Nullable;

/// The fields of an event, with bytes in the place of strings. Public because generated classes
/// call it; not for anybody else.
public final class EncodedFields {
    /// True while the thread encodes: what it calls may itself emit an event that has to be
    /// encoded.
    private static final ThreadLocal<boolean[]> IS_ENCODING =
            ThreadLocal.withInitial(() -> new boolean[1]);

    /// Where the record goes.
    public final Target target;

    private final Object[] values;
    private final int need;
    private final int cuts;

    private EncodedFields(Target target, Object[] values, int need, int cuts) {
        this.target = target;
        this.values = values;
        this.need = need;
        this.cuts = cuts;
    }

    /// Encodes the strings of an event, long ones and such as are not plain ASCII, before the
    /// record is begun. What does not fit the pool's blocks goes to its companion for large
    /// records; what does not fit that is cut, with a mark, to fit the pool's. Allocates.
    ///
    /// @param values the fields, in boxes
    /// @return null when the event is lost, and counted
    public static @Nullable EncodedFields of(Target target, Object[] values) {
        ThreadSlot slot = ThreadSlot.current();
        boolean wasInside = slot.isInside;
        slot.isInside = true;
        try {
            EncodedFields encoded = guarded(target, target.large(), values);
            if (encoded == null) {
                target.countLost();
            }
            return encoded;
        } finally {
            slot.isInside = wasInside; // no call: there may be no stack for one
        }
    }

    /// The same for the target's own pool, whatever has to be cut. Does not count.
    static @Nullable EncodedFields fitting(Target target, Object[] values) {
        return guarded(target, null, values);
    }

    private static @Nullable EncodedFields guarded(
            Target target, @Nullable Target large, Object[] values) {
        try {
            boolean[] isEncoding = IS_ENCODING.get();
            if (!isEncoding[0]) {
                isEncoding[0] = true;
                try {
                    return encode(target, large, values);
                } finally {
                    isEncoding[0] = false; // no call: there may be no stack for one
                }
            }
        } catch (Throwable e) {
            // there may be no memory for it
        }
        return null;
    }

    private static @Nullable EncodedFields encode(
            Target target, @Nullable Target large, Object[] values) {
        EncodedFields whole = whole(target, values);
        if (whole != null) {
            return whole;
        }
        if (large != null) {
            whole = whole(large, values);
        }
        return whole != null ? whole : cut(target, values);
    }

    /// Null when a record of the target's pool is too small.
    private static @Nullable EncodedFields whole(Target target, Object[] given) {
        int room = target.pool.room();
        Object[] values = given.clone();
        int need = fixed(given);
        for (int i = 0; i < values.length; i++) {
            if (!isText(given[i])) {
                continue;
            }
            byte[] text = Text.encodeWhole((String) given[i], room - need - 1);
            if (text == null) {
                return null;
            }
            values[i] = text;
            need += Text.room(text);
        }
        return need > room ? null : new EncodedFields(target, values, need, 0);
    }

    /// Cuts the longest strings so that the room of the target's pool is enough.
    private static EncodedFields cut(Target target, Object[] given) {
        int texts = 0;
        for (Object value : given) {
            if (isText(value)) {
                texts++;
            }
        }
        int most = Math.max(0, target.pool.room() - fixed(given) - texts); // without their zeros
        Object[] values = given.clone();
        int[] sizes = new int[texts];
        for (int i = 0, text = 0; i < values.length; i++) {
            if (!isText(given[i])) {
                continue;
            }
            byte[] whole = Text.encodeWhole((String) given[i], most);
            values[i] = whole;
            sizes[text++] = whole == null ? most + 1 : whole.length;
        }
        int limit = Text.fairLimit(sizes, most);
        int need = fixed(given);
        int cuts = 0;
        for (int i = 0; i < values.length; i++) {
            if (!isText(given[i])) {
                continue;
            }
            byte[] text = (byte[]) values[i];
            if (text == null || text.length > limit) {
                values[i] = text = Text.encode((String) given[i], limit);
                cuts++;
            }
            need += Text.room(text);
        }
        return new EncodedFields(target, values, need, cuts);
    }

    /// Only a string is ever null.
    private static boolean isText(Object value) {
        return value == null || value instanceof String;
    }

    private static int fixed(Object[] values) {
        int fixed = 0;
        for (Object value : values) {
            if (!isText(value)) {
                fixed += size(value);
            }
        }
        return fixed;
    }

    private static int size(Object box) {
        if (box instanceof Long || box instanceof Double) {
            return 8;
        }
        if (box instanceof Integer || box instanceof Float) {
            return 4;
        }
        return box instanceof Short || box instanceof Character ? 2 : 1;
    }

    /// What the record takes of payload.
    public int need() {
        return need;
    }

    /// Writes them at `start`, where the payload of the record in `cell` begins.
    ///
    /// @return the position after them
    public int put(Cell cell, int start) {
        int at = put(start);
        if (cuts > 0) {
            cell.countCut(cuts);
        }
        return at;
    }

    /// The same, whose record it may be.
    public int put(int start) {
        int at = start;
        for (Object value : values) {
            at = put(at, value);
        }
        return at;
    }

    private static int put(int at, Object value) {
        if (value instanceof byte[] encoded) {
            return Text.put(at, encoded);
        }
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
