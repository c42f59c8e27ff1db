// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.net.Network;
import java.io.IOException;
import java.util.Optional;

/// Whether a relay is there, before anything is recorded for it.
public final class RelayCheck {
    private RelayCheck() {}

    /// Says the first words of a producer, and leaves: the relay keeps nothing of it.
    ///
    /// @throws IOException when it cannot be reached, or lets nobody in; says where
    public static void check(RelayEndpoints relay, Network network) throws IOException {
        RelayLink control = RelayLink.open(relay.control(), network);
        try (RelayCommands _ = RelayCommands.open(control, Optional.empty())) {
            control.check();
        } catch (IOException e) {
            control.close();
            throw e;
        }
    }
}
