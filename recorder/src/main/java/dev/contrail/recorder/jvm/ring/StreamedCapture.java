// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingPacket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A ring that is too large to be held in memory: its blocks are copied while they are written.
final class StreamedCapture implements Capture {
    /// Makes the account of what was copied, whose oldest record is that old.
    @FunctionalInterface
    interface Accountant {
        RingAccount account(PoolSnapshot copied, long oldestTicks) throws IOException;
    }

    private final JvmPackets packets;
    private final List<Pool> pools;
    private final Accountant accountant;
    private Optional<RingAccount> account = Optional.empty();

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
        return account.map(RingAccount::completeFromTicks).orElse(Long.MAX_VALUE);
    }

    @Override
    public void write(PacketSink sink) throws IOException {
        Optional<PoolSnapshot> written = Optional.empty();
        long[] oldest = {Long.MAX_VALUE};
        long oldestOfAll = Pool.oldestOfMany(pools);
        for (Pool pool : pools) {
            PoolSnapshot one =
                    pool.stream(
                            oldestOfAll,
                            packet -> {
                                oldest[0] = Math.min(oldest[0], oldest(pool, packet));
                                packets.send(sink::packet, sink, pool, packet);
                            });
            written = Optional.of(written.map(before -> before.and(one)).orElse(one));
        }
        packets.end(sink);
        account = Optional.of(accountant.account(written.orElseThrow(), oldest[0]));
    }

    /// The account of pools now, without copying their content.
    static RingAccount survey(List<Pool> pools, Accountant accountant) throws IOException {
        long[] oldest = {Long.MAX_VALUE};
        Optional<PoolSnapshot> seen = Optional.empty();
        for (Pool pool : pools) {
            PoolSnapshot one =
                    pool.survey(packet -> oldest[0] = Math.min(oldest[0], oldest(pool, packet)));
            seen = Optional.of(seen.map(before -> before.and(one)).orElse(one));
        }
        return accountant.account(seen.orElseThrow(), oldest[0]);
    }

    private static long oldest(Pool pool, RingPacket packet) {
        return packet.recordCount() > 0 && !pool.isPinned() ? packet.beginTicks() : Long.MAX_VALUE;
    }
}
