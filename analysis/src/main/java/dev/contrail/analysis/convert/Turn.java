// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.text.DeltaText;
import java.io.OutputStream;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Which slice of time may write, and what it goes on from.
///
/// The thread that reads slices passes it on, after the slice before has ended. The slice that has
/// the turn may use the rest with its own thread until it ends.
final class Turn {
    private final OutputStream out;
    private final DeltaText deltas;

    /// Memory that is to be used again. The last first, as it is in a cache still.
    private final Deque<HeldBytes> idle = new ConcurrentLinkedDeque<>();

    /// Writes of [#deltas] come before it, reads after.
    private volatile int number;

    Turn(OutputStream out, DeltaText deltas) {
        this.out = out;
        this.deltas = deltas;
    }

    /// Any thread.
    boolean isOf(int slice) {
        return number == slice;
    }

    /// Ends the turn of a slice that was written.
    void pass() {
        int next = number + 1;
        number = next;
    }

    OutputStream out() {
        return out;
    }

    /// The times of the slices before.
    DeltaText deltas() {
        return deltas;
    }

    /// Any thread.
    HeldBytes takeMemory() {
        HeldBytes used = idle.pollFirst();
        return used == null ? new HeldBytes() : used;
    }

    /// Any thread.
    void giveBack(HeldBytes memory) {
        memory.reset();
        idle.addFirst(memory);
    }
}
