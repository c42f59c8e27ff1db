// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

/// What became of the records of one ring: emitted = recorded + discarded, of the recorded ones
/// `overwritten` are gone.
///
/// @param traceDirectory where its streams lie, such as `kernel`
/// @param who the process, such as `Shop (1234)`; `kernel`
/// @param oldestTicks time of the oldest record in memory, or `Long.MAX_VALUE` for none
public record RingAccount(
        String traceDirectory,
        String who,
        long recorded,
        long discarded,
        long overwritten,
        long oldestTicks) {}
