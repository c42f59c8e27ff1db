// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

/// What may be sent so that a viewer sees events in order: what all rings have given in one round,
/// once the next round is over. A stream that is new in that next round may begin earlier than the
/// last event of this one, and viewers must know of it before.
///
/// Any thread.
final class LiveRounds {
    /// @param packets how many may be sent, since the beginning
    /// @param ticks when the rings were looked at for the last of them: what was recorded before is
    ///   among them
    record Settled(long packets, long ticks) {}

    private volatile Settled settled = new Settled(0, Long.MIN_VALUE);
    private Settled latest = settled;

    /// A round is over: so many packets were put since the beginning.
    ///
    /// @param ticks when it began
    synchronized void ended(long packets, long ticks) {
        settled = latest;
        latest = new Settled(packets, ticks);
    }

    Settled settled() {
        return settled;
    }
}
