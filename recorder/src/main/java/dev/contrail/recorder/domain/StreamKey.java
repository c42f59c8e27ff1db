// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

/// Names a stream of a trace: the file `traceDirectory/CHANNEL_SUFFIX`.
///
/// @param traceDirectory relative to the output, such as `kernel` or `ust/uid/1000/64-bit`
/// @param suffix CPU number, or another word
/// @param instanceId the stream instance id in its packets; unique in the trace
/// @param fileBytes size at which the stream goes on in another file, 0 for no limit
/// @param fileCount number of such files, 0 for no limit
public record StreamKey(
        String traceDirectory,
        String channel,
        String suffix,
        long instanceId,
        long fileBytes,
        int fileCount) {
    /// The suffix of the stream that holds the kernel's state dump.
    public static final String STATE_DUMP = "statedump";

    public boolean isStateDump() {
        return suffix.equals(STATE_DUMP);
    }
}
