// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.RelayToken;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.RelayUrl.Watched;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.Flag;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.secure.KnownRelays;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The connection of a [LiveSession], and what is to be told or done because of what came on it.
/// Used by one thread.
final class LiveLink implements AutoCloseable {
    /// Tokens by their relays' hosts that could not be kept: this process knows them.
    private static final Map<String, RelayToken> UNKEPT = new ConcurrentHashMap<>();

    private final ViewerConnection connection;
    private final Way way;
    private final Deque<Message> notes = new ArrayDeque<>();

    /// How many traces there are of a name.
    private final Map<String, Integer> traces = new HashMap<>();

    private Optional<IOException> failure = Optional.empty();
    private boolean hasNewStreams;

    private LiveLink(ViewerConnection connection, Way way) {
        this.connection = connection;
        this.way = way;
    }

    /// How a relay is reached.
    ///
    /// @param silenceMillis how long it may say nothing
    private record Way(RelayUrl url, int silenceMillis, Network network, TimeSource clock) {
        LiveLink open() throws IOException {
            return new LiveLink(ViewerConnection.open(url, network, clock, silenceMillis), this);
        }
    }

    static LiveLink open(RelayUrl url, int silenceMillis) throws IOException {
        KnownRelays known = KnownRelays.ofUser(System.getenv());
        RelayToken unkept = url.token().isPresent() ? null : UNKEPT.get(url.host());
        RelayUrl way = unkept == null ? url : url.with(unkept);
        LiveLink link = open(way, silenceMillis, known.network(way), TimeSource.SYSTEM);
        link.keepToken(known);
        return link;
    }

    /// A token that has opened the way need not be given again.
    private void keepToken(KnownRelays known) {
        RelayUrl url = way.url();
        if (url.token().isPresent()) {
            try {
                known.keep(url.host(), url.token().get());
            } catch (IOException e) {
                UNKEPT.put(url.host(), url.token().get());
                remarked(
                        "the token of %s cannot be kept: give it next time, too (%s)"
                                .formatted(url.host(), Reason.of(e)));
            }
        }
    }

    static LiveLink open(RelayUrl url, int silenceMillis, Network network, TimeSource clock)
            throws IOException {
        return new Way(url, silenceMillis, network, clock).open();
    }

    /// Another one to the same relay.
    LiveLink again() throws IOException {
        return way.open();
    }

    /// The relay, for messages.
    String name() {
        return connection.name();
    }

    /// As [ViewerConnection#ask].
    <R extends ViewerReply> R ask(ViewerRequest request, Class<R> type) throws IOException {
        return connection.ask(request, type);
    }

    /// Whether the relay says by itself what comes, see [#say] and [#hear].
    boolean isPushed() {
        return connection.isPushed();
    }

    /// As [ViewerConnection#say].
    void say(PushRequest request) throws IOException {
        connection.say(request);
    }

    /// As [ViewerConnection#hear].
    Optional<PushMessage> hear(long patienceNanos) throws IOException {
        return connection.hear(patienceNanos);
    }

    /// That there is no session of that name.
    ///
    /// @param names of those that there are
    String notFound(Watched watched, List<String> names) {
        return "relay %s: no session %s of host %s; %s%s"
                .formatted(
                        name(),
                        watched.session(),
                        watched.host(),
                        names.isEmpty()
                                ? "it has none"
                                : "it has "
                                        + names.stream()
                                                .distinct()
                                                .limit(8)
                                                .collect(Collectors.joining(", ")),
                        isPushed()
                                ? ""
                                : ". What was recorded before the relay daemon's start is in its"
                                        + " output directory");
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

    /// Whether the relay hears what is said to it: an interrupt ends only what comes from there.
    boolean canSpeak() {
        return failure.isEmpty() || failure.get() instanceof InterruptedIOException;
    }

    /// The time.
    TimeSource clock() {
        return way.clock();
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

    /// A trace of that name has come.
    void begun(String trace) {
        if (traces.merge(trace, 1, Integer::sum) == 2) {
            remarked(
                    ("there is more than one %s: two hosts have one name, or the session was recorded"
                                    + " anew; the events of all are shown")
                            .formatted(trace));
        }
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
