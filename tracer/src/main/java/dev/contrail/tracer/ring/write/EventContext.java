// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.List;

/// What a pool's records have between header and payload: fields that the tracer adds to each. The
/// pool's first entry in the ring's metadata declares them, as the context that is common to all
/// records of its streams; who only moves records need not know.
public interface EventContext {
    /// The most that one may take, so that what an event reserves by upper bounds fits every block.
    int MAX_BYTES = 128;

    EventContext NONE =
            new EventContext() {
                @Override
                public List<EventField> fields() {
                    return List.of();
                }

                @Override
                public void put(int at) {}
            };

    /// Always the same, none of them a string.
    List<EventField> fields();

    /// Writes all fields, packed, at `at` in [Memory]. The thread is in the middle of a record:
    /// this may not block, allocate, load a class or call foreign code. Called again when a record
    /// has to be begun anew.
    void put(int at);

    /// What [#put] writes.
    ///
    /// @throws IllegalArgumentException when that is not fixed, or more than [#MAX_BYTES]
    static int bytes(EventContext context) {
        int sum = 0;
        for (EventField field : context.fields()) {
            if (field.type() == FieldType.STRING) {
                throw new IllegalArgumentException(field.name() + " is a string");
            }
            sum += field.type().sizeBytes();
        }
        if (sum > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a context of %d bytes, want 0 to %d".formatted(sum, MAX_BYTES));
        }
        return sum;
    }
}
