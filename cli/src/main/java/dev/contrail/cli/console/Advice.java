// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.analysis.Suggestion;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.ChannelView;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// What `contrail` says after the daemon's reason for a refusal: how to go on, or what was probably
/// meant.
final class Advice {
    /// Asks the daemon that has refused.
    @FunctionalInterface
    interface Daemon {
        Reply ask(Request request) throws IOException;
    }

    private Advice() {}

    static Failure after(Reply.Refused refused, Request request, Daemon daemon) throws IOException {
        Failure failure = Failure.of(refused);
        return refused.error() == LttngError.NEED_ROOT_SESSIOND
                ? failure.withMessage("recording the kernel needs root: sudo contrail …")
                : failure.withMessage(
                        failure.getMessage() + more(refused.error(), request, daemon));
    }

    /// What to add to the reason; mostly nothing.
    private static String more(LttngError error, Request request, Daemon daemon)
            throws IOException {
        return switch (error) {
            case EXIST_SESS ->
                    ": choose another, or end that session with contrail destroy" + name(request);
            case START_SESSION_ONCE -> ": contrail start" + name(request);
            case NOT_SNAPSHOT_SESSION ->
                    ": contrail create --snapshot makes one that keeps its records in memory";
            case SNAPSHOT_OUTPUT_EXIST ->
                    ": contrail snapshot list-output shows it, del-output removes it";
            case TRACE_ALREADY_STARTED ->
                    request instanceof Request.EnableChannel
                                    || request instanceof Request.EnableEvent
                            ? ": no channel can be added any more; contrail create begins another"
                                    + " session"
                            : "";
            case NEED_CHANNEL_NAME ->
                    ", which is one of " + String.join(", ", channels(request, daemon));
            case UST_CHAN_NOT_FOUND, NO_CHANNEL ->
                    Suggestion.words(channel(request), channels(request, daemon));
            case UST_EVENT_NOT_FOUND, NO_EVENT ->
                    Suggestion.words(
                            request instanceof Request.DisableEvent event ? event.pattern() : "",
                            rules(request, daemon));
            case INVALID ->
                    request instanceof Request.DeleteOutput
                            ? ": contrail snapshot list-output shows those that there are"
                            : "";
            default -> "";
        };
    }

    private static String name(Request request) {
        return switch (request) {
            case Request.CreateSession create -> " " + TerminalText.word(create.name());
            case Request.OfSession of -> " " + TerminalText.word(of.session());
            default -> "";
        };
    }

    private static String channel(Request request) {
        return switch (request) {
            case Request.EnableEvent event -> event.channel();
            case Request.DisableEvent event -> event.channel();
            case Request.DisableChannel channel -> channel.channel();
            default -> "";
        };
    }

    private static List<String> channels(Request request, Daemon daemon) throws IOException {
        return described(request, daemon).map(ChannelView::name).distinct().toList();
    }

    private static List<String> rules(Request request, Daemon daemon) throws IOException {
        return described(request, daemon)
                .flatMap(channel -> channel.rules().stream())
                .filter(EventRule::isEnabled)
                .map(EventRule::pattern)
                .toList();
    }

    /// The channels of the request's domain, as the session has them now.
    private static Stream<ChannelView> described(Request request, Daemon daemon)
            throws IOException {
        DomainName domain =
                switch (request) {
                    case Request.EnableEvent event -> event.domain();
                    case Request.DisableEvent event -> event.domain();
                    case Request.DisableChannel channel -> channel.domain();
                    default -> DomainName.USERSPACE;
                };
        if (request instanceof Request.OfSession of
                && daemon.ask(new Request.DescribeSession(of.session()))
                        instanceof Reply.Sessions(List<SessionView> sessions, var _)) {
            return sessions.stream()
                    .flatMap(session -> session.channels().stream())
                    .filter(channel -> channel.domain() == domain);
        }
        return Stream.of();
    }
}
