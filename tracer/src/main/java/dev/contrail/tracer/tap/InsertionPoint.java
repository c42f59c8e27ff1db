// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

/// The instruction of a method in front of which another one is inserted.
///
/// @param at its place, from the beginning of the code
record InsertionPoint(int at) implements CodeAttributes.Movement {
    /// How many bytes are inserted.
    static final int BYTES = 4;

    @Override
    public int moved(int place) {
        return place > at ? place + BYTES : place;
    }

    /// Where an instruction has moved.
    int movedInstruction(int place) {
        return place >= at ? place + BYTES : place;
    }
}
