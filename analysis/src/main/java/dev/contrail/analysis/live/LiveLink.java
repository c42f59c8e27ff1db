// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.Flag;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.secure.KnownRelays;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The connection of a [LiveSession], and what is to be told or done because of what came on it.
/// Used by one thread.
final class LiveLink implements AutoCloseable {
    private final ViewerConnection connection;
    private final Deque<Message> notes = new ArrayDeque<>();
    private Optional<IOException> failure = Optional.empty();
    private boolean hasNewStreams;

    private LiveLink(ViewerConnection connection) {
        this.connection = connection;
    }

    static LiveLink open(RelayUrl url, int silenceMillis) throws IOException {
        return new LiveLink(
                ViewerConnection.open(
                        url, KnownRelays.ofUser(System.getenv()).network(url), silenceMillis));
    }

    /// The relay, for messages.
    String name() {
        return connection.name();
    }

    /// As [ViewerConnection#ask].
    <R extends ViewerReply> R ask(ViewerRequest request, Class<R> type) throws IOException {
        return connection.ask(request, type);
    }

    /// Nothing more can be had: what was received before is read to its end first.
    void fail(IOException why) {
        if (failure.isEmpty()) {
            failure = Optional.of(why);
        }
    }

    boolean hasFailed() {
        return failure.isPresent();
    }

    /// Why nothing more can be had, if it is so.
    Optional<IOException> failure() {
        return failure;
    }

    void damaged(String what) {
        notes.add(new Message.Damage(what));
    }

    void remarked(String what) {
        notes.add(new Message.Remark(what));
    }

    /// What is to be told, in its order.
    Deque<Message> notes() {
        return notes;
    }

    /// Remembers whether the relay says that there are streams that it has not told.
    void noteStreams(int flags) {
        hasNewStreams |= (flags & Flag.NEW_STREAM) != 0;
    }

    /// Whether there are streams that the relay has not told, and forgets it.
    boolean takeNewStreams() {
        boolean hasNew = hasNewStreams;
        hasNewStreams = false;
        return hasNew;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
