// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

/// Reads a field of an event from an object that a method has been given. It calls no code of the
/// program's. Public because generated classes call it.
public abstract class ValueReader {
    /// A number or a truth value; of a floating-point number the bits of it as a `double`.
    public long number(Object from) {
        throw new UnsupportedOperationException();
    }

    public String text(Object from) {
        throw new UnsupportedOperationException();
    }
}
