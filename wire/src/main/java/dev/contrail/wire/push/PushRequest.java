// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

import dev.contrail.wire.CString;
import java.nio.ByteBuffer;
import java.util.List;

/// What a viewer says to a relay. Numbers are as sent, unsigned.
public sealed interface PushRequest {
    /// Which sessions are there? Answered by [PushMessage.Sessions].
    record ListSessions() implements PushRequest {}

    /// From now on, what there is of a session is to be sent. Answered by [PushMessage.Watching].
    ///
    /// @param seek where a viewer begins that has no place yet
    /// @param name of the viewer, whose place the relay is to remember; empty for one that has none
    record Watch(Seek seek, CString host, CString session, CString name) implements PushRequest {}

    /// Where to begin.
    enum Seek {
        /// With all that is there.
        BEGINNING,
        /// With what comes from now on.
        NOW,
        /// With what comes from now on, and with all of state dumps: what there was before.
        NOW_AND_STATE
    }

    /// There is room for so many bytes more of packets of a stream. A packet is sent whole once it
    /// has been begun, which it is while there is room for one byte.
    ///
    /// @param bytes 32 bits
    record Credit(long stream, long bytes) implements PushRequest {}

    /// So far everything has been shown: what the relay is to remember of a viewer with a name.
    ///
    /// @param shown by stream; those that are not named are where they were
    /// @param mark whatever the viewer wants to know when it comes back, [#MAX_MARK_BYTES] of it
    record Shown(List<StreamPlace> shown, ByteBuffer mark) implements PushRequest {
        /// Longest [#mark].
        public static final int MAX_MARK_BYTES = 255;

        public Shown {
            shown = List.copyOf(shown);
        }
    }

    /// @param stream of a [PushMessage.StreamBegun]
    record StreamPlace(long stream, StreamPosition place) {}
}
