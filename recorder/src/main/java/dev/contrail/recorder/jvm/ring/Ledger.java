// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import java.util.function.Supplier;

/// An account without memory of its own, in the form of a ring that holds nothing: a channel's
/// rings that are no more, or JVMs that have none. Any thread that may ask for the account.
public final class Ledger implements Ring {
    private final int channelId;
    private final Supplier<RingAccount> account;

    /// @param account as it is now
    public Ledger(int channelId, Supplier<RingAccount> account) {
        this.channelId = channelId;
        this.account = account;
    }

    @Override
    public int channelId() {
        return channelId;
    }

    @Override
    public double drain(PacketSink sink, boolean isFinal) {
        return 0;
    }

    @Override
    public Capture capture() {
        return JvmCapture.empty(account());
    }

    @Override
    public RingAccount account() {
        return account.get();
    }
}
