// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// What a relay daemon is told when it starts.
///
/// @param trust directory of its certificate and of the tokens that it has given, absolute
/// @param plain addresses of this machine, besides those of loopback, where others may connect in
///   plain
/// @param output directory of the traces, absolute
/// @param isBySession whether directories are grouped by session, not by host
/// @param mayClear whether producers may have trace chunks deleted
/// @param openFiles descriptors that it may use
public record RelaySettings(
        InetSocketAddress control,
        InetSocketAddress data,
        InetSocketAddress live,
        Path trust,
        List<InetAddress> plain,
        Path output,
        boolean isBySession,
        boolean mayClear,
        int openFiles) {
    public RelaySettings {
        if (!output.isAbsolute()) {
            throw new IllegalArgumentException(output + ", want an absolute path");
        }
        plain = List.copyOf(plain);
    }
}
