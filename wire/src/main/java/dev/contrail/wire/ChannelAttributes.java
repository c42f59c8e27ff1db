// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// How a channel keeps its records; sizes in bytes, periods in microseconds with 0 for none.
///
/// @param subBufferBytes size of a sub-buffer, a power of two
/// @param subBufferCount sub-buffers per ring, a power of two
/// @param traceFileBytes size at which a stream goes on in another file, 0 for no limit
/// @param traceFileCount files per stream, 0 for no limit
/// @param output `mmap` or `splice`: kept and shown, it changes nothing
public record ChannelAttributes(
        LossMode lossMode,
        long subBufferBytes,
        int subBufferCount,
        long switchTimerMicros,
        long readTimerMicros,
        long monitorTimerMicros,
        long traceFileBytes,
        int traceFileCount,
        String output) {}
