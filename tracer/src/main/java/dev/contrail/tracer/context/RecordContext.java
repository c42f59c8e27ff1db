// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.write.EventContext;
import java.util.List;

/// Several values, one after the other.
final class RecordContext implements EventContext {
    private final List<EventField> fields;
    private final ContextValue[] values;

    RecordContext(List<EventField> fields, List<ContextValue> values) {
        this.fields = List.copyOf(fields);
        this.values = values.toArray(new ContextValue[0]);
    }

    @Override
    public List<EventField> fields() {
        return fields;
    }

    @Override
    public int put(int at) {
        int next = at;
        for (ContextValue value : values) {
            next = value.put(next);
        }
        return next;
    }
}
