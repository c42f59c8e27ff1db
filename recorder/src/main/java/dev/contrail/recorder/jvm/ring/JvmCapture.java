// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a ring held at one moment, which may be nothing but an account.
final class JvmCapture implements Capture {
    private record Copied(JvmPackets packets, Pool pool, PoolSnapshot snapshot) {}

    private final List<Copied> copied;
    private final RingAccount account;

    private JvmCapture(List<Copied> copied, RingAccount account) {
        this.copied = copied;
        this.account = account;
    }

    static JvmCapture empty(RingAccount account) {
        return new JvmCapture(List.of(), account);
    }

    static JvmCapture of(
            JvmPackets packets, List<Pool> pools, StreamedCapture.Accountant accountant)
            throws IOException {
        var copied = new ArrayList<Copied>();
        long oldest = Pool.oldestOfMany(pools);
        for (Pool pool : pools) {
            copied.add(new Copied(packets, pool, pool.snapshot(oldest)));
        }
        PoolSnapshot all =
                copied.stream().map(Copied::snapshot).reduce(PoolSnapshot::and).orElseThrow();
        return new JvmCapture(copied, accountant.account(all, oldest(copied)));
    }

    @Override
    public Optional<RingAccount> account() {
        return Optional.of(account);
    }

    @Override
    public long oldestTicks() {
        return account.completeFromTicks();
    }

    private static long oldest(List<Copied> copied) {
        return copied.stream()
                .filter(each -> !each.pool.isPinned())
                .flatMap(each -> each.snapshot.packets().stream())
                .filter(packet -> packet.recordCount() > 0)
                .mapToLong(RingPacket::beginTicks)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public long heldBytes() {
        return copied.stream()
                .flatMap(each -> each.snapshot.packets().stream())
                .mapToLong(packet -> packet.records().capacity())
                .sum();
    }

    @Override
    public void write(PacketSink sink) throws IOException {
        for (Copied from : copied) {
            for (RingPacket packet : from.snapshot.packets()) {
                from.packets.send(sink::packet, sink, from.pool, packet);
            }
        }
        if (!copied.isEmpty()) {
            copied.get(0).packets.end(sink);
        }
    }
}
