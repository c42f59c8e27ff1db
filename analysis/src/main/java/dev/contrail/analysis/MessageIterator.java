// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;

/// A row of messages, pulled one by one: a source, a muxer or a filter.
///
/// An [Message.EventRecord] is a cursor: it is valid until the next call of [#next].
public interface MessageIterator extends AutoCloseable {

    /// Moves to the next message.
    ///
    /// @return whether there is one
    boolean next() throws IOException;

    /// The message that [#next] moved to.
    Message current();

    /// Nanoseconds since the origin at which the message belongs between those of other streams;
    /// [Long#MIN_VALUE] when it has no time: it comes at once.
    long nanos();

    @Override
    void close() throws IOException;
}
