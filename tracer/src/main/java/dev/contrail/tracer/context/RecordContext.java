// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.write.EventContext;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.Text;
import java.util.List;

/// Several contexts, one after the other.
final class RecordContext implements EventContext {
    private final List<EventField> fields;
    private final FieldType[] types;
    private final ContextSource[] sources;

    /// @param sources of the values of the fields
    RecordContext(List<EventField> fields, List<ContextSource> sources) {
        this.fields = List.copyOf(fields);
        this.types = fields.stream().map(EventField::type).toArray(FieldType[]::new);
        this.sources = sources.toArray(new ContextSource[0]);
    }

    @Override
    public List<EventField> fields() {
        return fields;
    }

    @Override
    public int put(int at) {
        int next = at;
        for (int i = 0; i < sources.length; i++) {
            next = put(next, types[i], sources[i]);
        }
        return next;
    }

    private static int put(int at, FieldType type, ContextSource source) {
        if (type == FieldType.STRING) {
            String text = source.text();
            return Text.putCut(at, text == null ? "" : text, MAX_STRING_BYTES);
        }
        long number = source.number();
        int bytes = type.sizeBytes();
        if (bytes == 8) {
            Memory.putLong(at, number);
        } else if (bytes == 4) {
            Memory.putInt(at, (int) number);
        } else {
            Memory.putByte(at, (byte) number);
        }
        return at + bytes;
    }
}
