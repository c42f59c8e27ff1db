// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import java.util.List;
import java.util.Optional;

/// The commands of viewers (`live-protocol.md` section 2), numbered from 1 in this order.
public enum ViewerCommand {
    CONNECT(20),
    LIST_SESSIONS(0),
    ATTACH_SESSION(20),
    GET_NEXT_INDEX(8),
    GET_PACKET(20),
    GET_METADATA(8),
    GET_NEW_STREAMS(8),
    CREATE_SESSION(0),
    DETACH_SESSION(8);

    private static final List<ViewerCommand> ALL = List.of(values());

    private final int bodyBytes;

    ViewerCommand(int bodyBytes) {
        this.bodyBytes = bodyBytes;
    }

    /// The command of that number, if there is one.
    public static Optional<ViewerCommand> of(int untrustedNumber) {
        return untrustedNumber >= 1 && untrustedNumber <= ALL.size()
                ? Optional.of(ALL.get(untrustedNumber - 1))
                : Optional.empty();
    }

    /// What stands for it in a [ViewerHeader].
    public int number() {
        return ordinal() + 1;
    }

    /// How long its body is, whatever the header announces. Only that of GET_NEW_STREAMS may be
    /// missing, see [ViewerRequest.GetNewStreams].
    public int bodyBytes() {
        return bodyBytes;
    }
}
