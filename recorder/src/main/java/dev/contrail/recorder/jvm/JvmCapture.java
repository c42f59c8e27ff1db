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

/// What a ring held at one moment, which may be nothing but an account.
final class JvmCapture implements Capture {
    private record Copied(JvmPackets packets, Pool pool, PoolSnapshot snapshot) {}

    private final Optional<Copied> copied;
    private final RingAccount account;

    private JvmCapture(Optional<Copied> copied, RingAccount account) {
        this.copied = copied;
        this.account = account;
    }

    static JvmCapture empty(RingAccount account) {
        return new JvmCapture(Optional.empty(), account);
    }

    static JvmCapture of(
            JvmPackets packets, Pool pool, PoolSnapshot snapshot, RingAccount account) {
        return new JvmCapture(Optional.of(new Copied(packets, pool, snapshot)), account);
    }

    @Override
    public Optional<RingAccount> account() {
        return Optional.of(account);
    }

    @Override
    public long oldestTicks() {
        return copied.stream()
                .flatMap(each -> each.snapshot.packets().stream())
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
        if (copied.isPresent()) {
            Copied from = copied.get();
            for (RingPacket packet : from.snapshot.packets()) {
                from.packets.send(sink::packet, sink, from.pool, packet);
            }
            from.packets.end(sink);
        }
    }
}
