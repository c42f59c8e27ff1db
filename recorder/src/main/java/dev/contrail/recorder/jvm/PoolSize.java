// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.tracer.link.FromDaemon;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.LossMode;
import java.util.List;

/// How a channel's memory in one process is cut into blocks: as much as LTTng would take for a
/// user, sub-buffer size × count × processors.
record PoolSize(PoolMode mode, int blockBytes, int blockCount) {
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int SMALLEST_BLOCK_BYTES = 4 * 1024;
    private static final int FEWEST_BLOCKS = 16;

    static PoolSize of(ChannelPlan channel) {
        ChannelAttributes attributes = channel.attributes();
        long bytes =
                attributes.subBufferBytes()
                        * attributes.subBufferCount()
                        * Runtime.getRuntime().availableProcessors();
        int blockBytes = BLOCK_BYTES;
        while (bytes / blockBytes < FEWEST_BLOCKS && blockBytes > SMALLEST_BLOCK_BYTES) {
            blockBytes /= 2;
        }
        return new PoolSize(
                attributes.lossMode() == LossMode.OVERWRITE ? PoolMode.OVERWRITE : PoolMode.DISCARD,
                blockBytes,
                (int) Math.min(Integer.MAX_VALUE / blockBytes, bytes / blockBytes));
    }

    FromDaemon.OpenPool order(long number, long sessionId, int channelId, List<String> contexts) {
        return new FromDaemon.OpenPool(
                number, sessionId, channelId, mode, blockBytes, blockCount, contexts);
    }
}
