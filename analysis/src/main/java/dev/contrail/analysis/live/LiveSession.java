// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A session of a relay's: its streams as they come, until it has ended. Used by one thread.
public interface LiveSession extends AutoCloseable {
    /// What to do where there is no session of that name.
    enum Missing {
        /// Look again until there is one.
        CONTINUE,
        /// Fail.
        FAIL,
        /// End, as if it had ended.
        END
    }

    /// Streams that were not yet taken.
    List<LivePackets> takeStreams();

    /// Looks what has come, where nobody knows of anything.
    void look();

    /// Waits until something may have come that was not there, but not much longer than that; where
    /// it is only found by asking, it does not wait.
    ///
    /// @return false when it does not wait
    default boolean await(long nanos) throws IOException {
        return false;
    }

    /// Whether the relay remembers how far this viewer has come.
    default boolean isRemembered() {
        return false;
    }

    /// What the viewer said when it had shown something for the last time; empty when it was not
    /// here before, or nobody remembers.
    default Optional<byte[]> mark() {
        return Optional.empty();
    }

    /// Nothing has been shown yet: the relay is to remember where that was, before something is.
    ///
    /// @param mark as in [#shown]
    default void begin(byte[] mark) {}

    /// All of that has been shown: the relay is to remember it.
    ///
    /// @param mark what the viewer wants to know when it comes back
    default void shown(List<StreamPlace> places, byte[] mark) {}

    /// Whether no stream will come any more.
    boolean isOver();

    /// What is to be told now, if there is something.
    Optional<Message> takeNote();

    /// Tells why it could not be read to its end.
    ///
    /// @throws IOException if it could not
    void check() throws IOException;

    /// Goes, so that another viewer can come at once.
    @Override
    void close() throws IOException;
}
