// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

/// The account of a pool: `recorded + lost()` events were emitted.
///
/// @param recorded event records committed
/// @param noBlock lost because every block was in use
/// @param tooLarge lost because the record is larger than a block
/// @param failed lost because an exception struck while the record was being written
/// @param contended lost because every cell was taken
/// @param overwritten recorded, then given up for newer records before anybody read them
/// @param clamped records whose clock had stepped back
/// @param inFlight cells in which a record is being written
/// @param cut strings that were cut to fit
public record PoolTotals(
        long recorded,
        long noBlock,
        long tooLarge,
        long failed,
        long contended,
        long overwritten,
        long clamped,
        int inFlight,
        long cut) {
    /// Events that were never recorded.
    public long lost() {
        return noBlock + tooLarge + failed + contended;
    }

    /// The account of both.
    public PoolTotals plus(PoolTotals other) {
        return new PoolTotals(
                recorded + other.recorded,
                noBlock + other.noBlock,
                tooLarge + other.tooLarge,
                failed + other.failed,
                contended + other.contended,
                overwritten + other.overwritten,
                clamped + other.clamped,
                inFlight + other.inFlight,
                cut + other.cut);
    }
}
