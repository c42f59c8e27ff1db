// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.Capture;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.RingAccount;
import dev.contrail.tracer.ring.Pool;
import dev.contrail.tracer.ring.PoolSnapshot;
import dev.contrail.tracer.ring.RingPacket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A ring that is too large to be held in memory: its blocks are copied while they are written.
final class StreamedCapture implements Capture {
    /// Makes the account of what was written.
    @FunctionalInterface
    interface Accountant {
        RingAccount account(PoolSnapshot written, long oldestTicks) throws IOException;
    }

    private final JvmPackets packets;
    private final List<Pool> pools;
    private final Accountant accountant;
    private Optional<RingAccount> account = Optional.empty();
    private long oldestTicks = Long.MAX_VALUE;

    StreamedCapture(JvmPackets packets, List<Pool> pools, Accountant accountant) {
        this.packets = packets;
        this.pools = pools;
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
        Optional<PoolSnapshot> written = Optional.empty();
        for (Pool pool : pools) {
            PoolSnapshot one =
                    pool.stream(packet -> {
                        oldestTicks = Math.min(oldestTicks, oldest(packet));
                        packets.send(sink::packet, sink, pool, packet);
                    });
            written = Optional.of(written.map(before -> before.and(one)).orElse(one));
        }
        packets.end(sink);
        PoolSnapshot all = written.orElseThrow();
        account = Optional.of(accountant.account(all, horizon(all, oldestTicks)));
    }

    /// The account of pools now, without copying their content.
    static RingAccount survey(List<Pool> pools, Accountant accountant) throws IOException {
        long[] oldest = {Long.MAX_VALUE};
        Optional<PoolSnapshot> seen = Optional.empty();
        for (Pool pool : pools) {
            PoolSnapshot one =
                    pool.survey(packet -> oldest[0] = Math.min(oldest[0], oldest(packet)));
            seen = Optional.of(seen.map(before -> before.and(one)).orElse(one));
        }
        PoolSnapshot all = seen.orElseThrow();
        return accountant.account(all, horizon(all, oldest[0]));
    }

    private static long oldest(RingPacket packet) {
        return packet.recordCount() > 0 ? packet.beginTicks() : Long.MAX_VALUE;
    }

    private static long horizon(PoolSnapshot seen, long oldest) {
        return oldest == Long.MAX_VALUE ? oldest : Math.max(oldest, seen.horizonTicks());
    }
}
