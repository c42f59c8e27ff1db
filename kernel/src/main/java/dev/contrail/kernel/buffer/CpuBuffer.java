// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.tracefs.CpuStats;
import dev.contrail.recorder.domain.PacketSink;
import java.io.IOException;

/// One CPU's part of a ring, as a reader has it: mapped, or read where the kernel does not map.
/// Owned by the consumer thread.
public interface CpuBuffer {
    /// Sends what was recorded before the call, each record once.
    ///
    /// @param isFinal also the sub-buffer that is being written
    /// @return bytes of records that were taken out
    long drain(PacketSink sink, boolean isFinal) throws IOException;

    /// Copies what the ring holds into `copy`, without consuming.
    void copy(RingCopy copy) throws IOException;

    /// Records that somebody else has read since this was opened.
    ///
    /// @param now the kernel's account, no older than what was taken out
    long stolen(CpuStats now);

    /// Records that were taken out and are none of the channel's, whose events somebody else has
    /// enabled; less those that the kernel's account has forgotten with a ring that was cleared.
    long surplus();

    /// The stream that its packets belong to.
    CpuStream stream();

    void close() throws IOException;
}
