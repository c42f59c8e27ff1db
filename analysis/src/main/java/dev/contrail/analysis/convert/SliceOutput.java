// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.source.StreamSlice;
import dev.contrail.analysis.text.DeltaText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// What a slice of time becomes: held in memory until it is the slice's [Turn], and handed on at
/// once from then.
///
/// Nothing is handed on of what comes after a slice was found irregular. The slice's thread only,
/// but for [#end], which comes after it.
final class SliceOutput extends OutputStream {
    private final Turn turn;
    private final int number;
    private final List<StreamSlice> slices;
    private final HeldBytes held;

    /// Of a text sink: its first delta is known in its turn.
    private Optional<DeltaText> deltas = Optional.empty();

    private boolean isHeld = true;
    private long writtenBytes;

    /// @param number of the slice, in time order
    /// @param slices whose messages these are
    SliceOutput(Turn turn, int number, List<StreamSlice> slices) {
        this.turn = turn;
        this.number = number;
        this.slices = slices;
        held = turn.takeMemory();
    }

    /// Has the first delta corrected.
    void correct(DeltaText deltas) {
        this.deltas = Optional.of(deltas);
    }

    Optional<DeltaText> deltas() {
        return deltas;
    }

    /// How many bytes have been handed on. All of them are what one thread writes.
    long writtenBytes() {
        return writtenBytes;
    }

    boolean isIrregular() {
        return slices.stream().anyMatch(StreamSlice::isIrregular);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (isIrregular()) {
            return; // it is read anew
        }
        if (isHeld && turn.isOf(number)) {
            end();
        }
        if (isHeld) {
            held.write(bytes, offset, count);
        } else {
            handOn(bytes, offset, count);
        }
    }

    /// Hands on what is held. Only in the slice's turn.
    void end() throws IOException {
        if (isHeld) {
            isHeld = false;
            held.writeTo(this::handOn);
            turn.giveBack(held);
        }
    }

    /// The first delta is in the first block.
    private void handOn(byte[] bytes, int offset, int count) throws IOException {
        int first = deltas.map(DeltaText::firstAt).orElse(-1);
        if (writtenBytes > 0 || first < 0) {
            put(bytes, offset, count);
            return;
        }
        DeltaText own = deltas.orElseThrow();
        put(bytes, offset, first);
        byte[] delta = turn.deltas().firstOf(own);
        put(delta, 0, delta.length);
        int after = first + own.firstLength();
        put(bytes, offset + after, count - after);
    }

    private void put(byte[] bytes, int offset, int count) throws IOException {
        turn.out().write(bytes, offset, count);
        writtenBytes += count;
    }
}
