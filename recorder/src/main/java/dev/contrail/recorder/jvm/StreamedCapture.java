// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.Capture;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.RingAccount;
import dev.contrail.tracer.ring.Pool;
import dev.contrail.tracer.ring.PoolSnapshot;
import dev.contrail.tracer.ring.RingPacket;
import java.io.IOException;
import java.util.Optional;

/// A ring that is too large to be held in memory: its blocks are copied while they are written.
final class StreamedCapture implements Capture {
    /// Makes the account of what was written.
    @FunctionalInterface
    interface Accountant {
        RingAccount account(PoolSnapshot written, long oldestTicks) throws IOException;
    }

    private final JvmPackets packets;
    private final Pool pool;
    private final Accountant accountant;
    private Optional<RingAccount> account = Optional.empty();
    private long oldestTicks = Long.MAX_VALUE;

    StreamedCapture(JvmPackets packets, Pool pool, Accountant accountant) {
        this.packets = packets;
        this.pool = pool;
        this.accountant = accountant;
    }

    @Override
    public Optional<RingAccount> account() {
        return account;
    }

    @Override
    public long oldestTicks() {
        return oldestTicks;
    }

    @Override
    public void write(PacketSink sink) throws IOException {
        PoolSnapshot written =
                pool.stream(packet -> {
                    oldestTicks = Math.min(oldestTicks, oldest(packet));
                    packets.send(sink::packet, sink, pool, packet);
                });
        packets.end(sink);
        account = Optional.of(accountant.account(written, horizon(written, oldestTicks)));
    }

    /// The account of a pool now, without copying its content.
    static RingAccount survey(Pool pool, Accountant accountant) throws IOException {
        long[] oldest = {Long.MAX_VALUE};
        PoolSnapshot seen = pool.survey(packet -> oldest[0] = Math.min(oldest[0], oldest(packet)));
        return accountant.account(seen, horizon(seen, oldest[0]));
    }

    private static long oldest(RingPacket packet) {
        return packet.recordCount() > 0 ? packet.beginTicks() : Long.MAX_VALUE;
    }

    private static long horizon(PoolSnapshot seen, long oldest) {
        return oldest == Long.MAX_VALUE ? oldest : Math.max(oldest, seen.horizonTicks());
    }
}
