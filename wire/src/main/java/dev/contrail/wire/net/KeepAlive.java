// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/// When the machine looks whether a host still is there that has said nothing.
///
/// @param idleSeconds of silence before that; 0 for what the machine does usually, as for the
///   others
/// @param intervalSeconds between two looks
/// @param probes without an answer before the connection ends
public record KeepAlive(int idleSeconds, int intervalSeconds, int probes) {
    /// As the machine does it.
    public static final KeepAlive USUAL = new KeepAlive(0, 0, 0);

    void set(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true); // hosts may vanish
        if (idleSeconds > 0) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
        }
        if (intervalSeconds > 0) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
        }
        if (probes > 0) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, probes);
        }
    }
}
