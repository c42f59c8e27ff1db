// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import java.io.IOException;

/// The ring buffers of one channel in one traced thing: all CPUs of a kernel, or one process.
///
/// Owned by the session's consumer thread, but for what [#isSpilled] says.
public interface Ring {
    /// The channel that feeds it.
    int channelId();

    /// Whose it is, for messages: `Shop (1234)`, `kernel`. Any thread.
    default String who() {
        return "ring of channel " + channelId();
    }

    /// Whether it is one program's. Any thread.
    default boolean isOfProgram() {
        return false;
    }

    /// Sends what is complete to `sink`, in order, each packet once.
    ///
    /// @param isFinal also sends what is not complete: recording has stopped, or a partial packet
    ///   is wanted
    /// @return how full the fullest buffer was when it was looked at, 0 to 1
    double drain(PacketSink sink, boolean isFinal) throws IOException;

    /// Up to when the last [#drain] has found everything, where records come that are older than
    /// the clock says; `Long.MAX_VALUE` where none do.
    default long floorTicks() {
        return Long.MAX_VALUE;
    }

    /// How much of it was filled since the last drain: 1 for all of it, or more. Asked often, so it
    /// costs microseconds. Negative: it need not be asked, somebody else takes care.
    default double fill() throws IOException {
        return -1;
    }

    /// Whether a thread of its own takes everything out of it into a spill: [#drain] then stores
    /// what is in the spill, belongs to the session's sender thread, and may go on while [#account]
    /// is asked for.
    default boolean isSpilled() {
        return false;
    }

    /// Of one that is spilled, in a live session: takes out everything that was recorded before the
    /// call, also what is not complete, and marks how far that is. Nothing recorded later is stored
    /// before the next mark.
    ///
    /// @return whether it is all out: memory may be short
    default boolean mark() throws IOException {
        return true;
    }

    /// Stores what was taken out before the last [#mark]. Streams that the sink does not know are
    /// made known before that, all of them.
    ///
    /// @return whether all of it is stored
    default boolean drainMarked(PacketSink sink) throws IOException {
        return true;
    }

    /// Bytes that wait in its spill. Any thread.
    default long spilledBytes() {
        return 0;
    }

    /// Copies what the ring holds, at memory speed, without stopping a writer or consuming.
    Capture capture() throws IOException;

    /// The account until now.
    RingAccount account() throws IOException;

    /// Whether its writer is gone and everything was drained: the consumer then calls [#discard].
    default boolean isFinished() {
        return false;
    }

    /// Gives the ring's memory back, after its content was saved.
    default void discard() throws IOException {}
}
