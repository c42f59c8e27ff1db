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
    int MAX_BYTES = 512;

    /// The most that a string takes, its zero byte included.
    int MAX_STRING_BYTES = 64;

    EventContext NONE =
            new EventContext() {
                @Override
                public List<EventField> fields() {
                    return List.of();
                }

                @Override
                public int put(int at) {
                    return at;
                }
            };

    /// Always the same.
    List<EventField> fields();

    /// Writes all fields, packed, at `at` in [Memory], strings as [Text#putCut] does. The thread is
    /// in the middle of a record: this may not block, load a class or call foreign code. Called
    /// again when a record has to be begun anew.
    ///
    /// @return the position after them
    int put(int at);

    /// The most that [#put] writes of such fields.
    ///
    /// @throws IllegalArgumentException when that is more than [#MAX_BYTES]
    static int mostBytes(List<EventField> fields) {
        int sum = 0;
        for (EventField field : fields) {
            sum += field.type() == FieldType.STRING ? MAX_STRING_BYTES : field.type().sizeBytes();
        }
        if (sum > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a context of up to %d bytes, want 0 to %d".formatted(sum, MAX_BYTES));
        }
        return sum;
    }
}
