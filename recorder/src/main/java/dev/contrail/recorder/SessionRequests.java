// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.wire.control.ChannelAttributes;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.EventRule;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What each request does. Owned by the control thread; what takes time is a [Later], which the
/// client's thread waits for.
final class SessionRequests {
    /// The rest of an answer, to be awaited off the control thread.
    @FunctionalInterface
    interface Later {
        Reply await() throws RefusedException, InterruptedException;
    }

    private static final String DEFAULT_CHANNEL = "channel0";
    private static final String JUL_CHANNEL = "lttng_jul_channel";

    private final SessionDaemon daemon;

    SessionRequests(SessionDaemon daemon) {
        this.daemon = daemon;
    }

    Later handle(Request request) throws IOException, RefusedException {
        return switch (request) {
            case Request.CreateSession(
                            String name,
                            Request.Mode mode,
                            String output,
                            String home) ->
                    now(created(daemon.create(name, mode, output, home)));
            case Request.DestroySession(String name) -> destroy(daemon.session(name));
            case Request.StartSession(String name) -> start(named(name));
            case Request.StopSession(String name) -> stop(named(name));
            case Request.EnableChannel enable -> enableChannel(enable);
            case Request.DisableChannel(String name, DomainName domain, String channel) ->
                    disableChannel(daemon.session(name), domain, channel);
            case Request.EnableEvent enable -> enableEvent(enable);
            case Request.DisableEvent disable -> disableEvent(disable);
            case Request.FollowProcess(String name, long pid) -> {
                daemon.session(name).follow(pid);
                yield done("");
            }
            case Request.ListSessions() -> {
                var views = new ArrayList<SessionView>();
                for (Session session : daemon.sessions().sequencedValues().reversed()) {
                    views.add(SessionReport.withoutAccounts(session));
                }
                yield now(new Reply.Sessions(views));
            }
            case Request.DescribeSession(String name) -> describe(named(name));
            case Request.ListPoints(var domain, var type) ->
                    now(new Reply.Points(daemon.domain(domain).points(domain, type)));
            case Request.RecordSnapshot record -> recordSnapshot(record);
            case Request.AddOutput(String name, String output, String directory, long max) -> {
                Session session = snapshotSession(name);
                SnapshotOutput added = session.outputs().add(output, directory, max);
                daemon.save(session);
                yield now(new Reply.Outputs(List.of(added)));
            }
            case Request.DeleteOutput(String name, String idOrName) -> {
                Session session = snapshotSession(name);
                SnapshotOutput deleted = session.outputs().delete(idOrName);
                daemon.save(session);
                yield now(new Reply.Outputs(List.of(deleted)));
            }
            case Request.ListOutputs(String name) ->
                    now(new Reply.Outputs(snapshotSession(name).outputs().list()));
        };
    }

    private static Reply created(Session session) {
        return new Reply.Done(session.name(), List.of(session.output()));
    }

    private Later destroy(Session session) throws IOException, RefusedException {
        Later stopped = session.isActive() ? stop(session) : done("");
        // Off the list at once: its name is free, nobody else can reach it.
        daemon.sessions().remove(session.name());
        return () -> {
            stopped.await();
            await(session.consumer().end());
            var destroyed = new CompletableFuture<Void>();
            daemon.execute(() -> {
                try {
                    session.destroy();
                    daemon.forget(session);
                    destroyed.complete(null);
                } catch (IOException e) {
                    destroyed.completeExceptionally(e);
                }
            });
            await(destroyed);
            return new Reply.Done(session.name(), List.of());
        };
    }

    private Later start(Session session) throws IOException, RefusedException {
        if (session.mode() == Request.Mode.DISK) {
            checkWritable(session.output());
        }
        var followed = session.start();
        daemon.save(session);
        return () -> new Reply.Done(session.name(), warnings(followed));
    }

    private Later stop(Session session) throws IOException, RefusedException {
        var followed = session.stop();
        daemon.save(session);
        return () -> {
            List<String> warnings = new ArrayList<>(warnings(followed));
            if (session.mode() != Request.Mode.SNAPSHOT) {
                await(session.consumer().stopDraining());
            }
            SessionView view = await(SessionReport.of(session, daemon.clock()));
            long discarded =
                    view.channels().stream().mapToLong(SessionView.ChannelView::discarded).sum();
            if (!view.problem().isEmpty()) {
                warnings.add(view.problem());
            }
            return new Reply.Done(Long.toString(discarded), warnings);
        };
    }

    private Later enableChannel(Request.EnableChannel request)
            throws IOException, RefusedException {
        Session session = daemon.session(request.session());
        DomainName domain = request.domain();
        Optional<Channel> known = session.channel(domain, request.channel());
        if (known.isPresent()) {
            Channel channel = known.get();
            if (channel.isEnabled()) {
                throw new RefusedException(
                        ErrorCode.CHANNEL_EXISTS,
                        "%s channel already exist"
                                .formatted(domain == DomainName.KERNEL ? "Kernel" : "UST"));
            }
            channel.enable(true);
            return followed(session, channel.name(), List.of(session.apply(channel)));
        }
        if (session.state().wasStarted()) {
            throw new RefusedException("Tracing has already been started once");
        }
        ChannelAttributes attributes =
                ChannelDefaults.complete(
                        domain,
                        session.mode() == Request.Mode.SNAPSHOT,
                        request.hasLossMode(),
                        request.attributes());
        return addChannel(session, domain, request.channel(), attributes);
    }

    private Later addChannel(
            Session session, DomainName domain, String name, ChannelAttributes attributes)
            throws IOException, RefusedException {
        var channel = new Channel(session.nextChannelId(), name, domain, attributes);
        var followed = session.addChannel(channel, daemon.domain(domain));
        return followed(session, name, List.of(followed));
    }

    private Later disableChannel(Session session, DomainName domain, String name)
            throws IOException, RefusedException {
        Channel channel =
                session.channel(domain, name)
                        .orElseThrow(() -> noChannel(ErrorCode.CHANNEL_EXISTS, domain));
        channel.enable(false);
        return followed(session, name, List.of(session.apply(channel)));
    }

    private static RefusedException noChannel(int code, DomainName domain) {
        return new RefusedException(
                code,
                "%s channel not found".formatted(domain == DomainName.KERNEL ? "Kernel" : "UST"));
    }

    private Later enableEvent(Request.EnableEvent request) throws IOException, RefusedException {
        Session session = daemon.session(request.session());
        Channel channel = channelForRule(session, request.domain(), request.channel());
        EventRule rule = request.rule();
        List<EventRule> rules = new ArrayList<>(channel.rules());
        boolean isKnown = false;
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).sameAs(rule)) {
                if (rules.get(i).isEnabled()) {
                    throw new RefusedException(
                            ErrorCode.EVENT_ENABLED,
                            "%s event already enabled"
                                    .formatted(
                                            request.domain() == DomainName.KERNEL
                                                    ? "Kernel"
                                                    : "UST"));
                }
                rules.set(i, rule);
                isKnown = true;
            }
        }
        if (!isKnown) {
            rules.add(rule);
        }
        return followed(session, channel.name(), List.of(session.replaceRules(channel, rules)));
    }

    private Channel channelForRule(Session session, DomainName domain, String name)
            throws IOException, RefusedException {
        daemon.domain(domain);
        String wanted =
                domain == DomainName.JUL ? JUL_CHANNEL : name.isEmpty() ? DEFAULT_CHANNEL : name;
        if (name.isEmpty()) {
            checkOnlyDefault(session, domain);
        }
        Optional<Channel> known = session.channel(domain, wanted);
        if (known.isPresent()) {
            return known.get();
        }
        if (session.state().wasStarted()) {
            throw new RefusedException(
                    80,
                    session.channels(domain).isEmpty()
                            ? "The command tried to enable an event in a new domain for a session"
                                    + " that has already been started once."
                            : "Tracing has already been started once");
        }
        addChannel(
                session,
                domain,
                wanted,
                ChannelDefaults.of(domain, session.mode() == Request.Mode.SNAPSHOT));
        return session.channel(domain, wanted).orElseThrow();
    }

    /// A rule without a channel's name means the default one, as long as there is no other.
    private static void checkOnlyDefault(Session session, DomainName domain)
            throws RefusedException {
        if (domain != DomainName.JUL
                && session.channels(domain).stream()
                        .anyMatch(each -> !each.name().equals(DEFAULT_CHANNEL))) {
            throw new RefusedException(
                    ErrorCode.NEEDS_CHANNEL_NAME,
                    "Non-default channel exists within session: channel name needs to be"
                            + " specified with '-c name'");
        }
    }

    private Later disableEvent(Request.DisableEvent request) throws IOException, RefusedException {
        Session session = daemon.session(request.session());
        String name =
                request.domain() == DomainName.JUL
                        ? JUL_CHANNEL
                        : request.channel().isEmpty() ? DEFAULT_CHANNEL : request.channel();
        if (request.channel().isEmpty()) {
            checkOnlyDefault(session, request.domain());
        }
        Channel channel =
                session.channel(request.domain(), name)
                        .orElseThrow(
                                () -> noChannel(ErrorCode.CHANNEL_NOT_FOUND, request.domain()));
        List<EventRule> rules = new ArrayList<>();
        boolean isFound = request.pattern().isEmpty();
        for (EventRule rule : channel.rules()) {
            boolean isMeant =
                    request.pattern().isEmpty()
                            || rule.pattern().equals(request.pattern())
                                    && rule.type() == request.type();
            isFound |= isMeant;
            rules.add(isMeant ? rule.enabled(false) : rule);
        }
        if (!isFound) {
            throw new RefusedException(
                    request.domain() == DomainName.KERNEL ? 36 : 56,
                    "%s event not found"
                            .formatted(request.domain() == DomainName.KERNEL ? "Kernel" : "UST"));
        }
        return followed(session, channel.name(), List.of(session.replaceRules(channel, rules)));
    }

    private Later describe(Session session) {
        CompletableFuture<SessionView> view = SessionReport.of(session, daemon.clock());
        return () -> new Reply.Sessions(List.of(await(view)));
    }

    private Later recordSnapshot(Request.RecordSnapshot request)
            throws IOException, RefusedException {
        Session session = snapshotSession(request.session());
        if (!session.state().wasStarted()) {
            throw new RefusedException("Session needs to be started once");
        }
        String base = request.directory();
        String name = request.name();
        long maxBytes = request.maxBytes();
        if (base.isEmpty()) {
            if (session.outputs().list().isEmpty()) {
                throw new RefusedException("No snapshot output: add one, or name a directory");
            }
            SnapshotOutput output = session.outputs().list().getFirst();
            base = output.directory();
            name = name.isEmpty() ? output.name() : name;
            maxBytes = maxBytes == 0 ? output.maxBytes() : maxBytes;
        }
        int number = session.outputs().takeNumber();
        daemon.save(session);
        Path directory =
                Path.of(
                        base,
                        "%s-%s-%d"
                                .formatted(
                                        name.isEmpty() ? "snapshot" : name,
                                        SessionDaemon.directoryTime(daemon.clock()),
                                        number));
        checkWritable(directory.toString());
        var snapshot = new Snapshot(session, directory, maxBytes, daemon.clock());
        var written = session.consumer().ask(snapshot);
        return () -> new Reply.Recorded(directory.toString(), await(written));
    }

    /// A session, or LTTng's answer of most commands where there is none.
    private Session named(String name) throws RefusedException {
        Session session = daemon.sessions().get(name);
        if (session == null) {
            throw new RefusedException(ErrorCode.SESSION_NOT_FOUND, "Session name not found");
        }
        return session;
    }

    private Session snapshotSession(String name) throws RefusedException {
        Session session = daemon.sessions().get(name);
        if (session == null) {
            throw new RefusedException("Session name not found");
        }
        if (session.mode() != Request.Mode.SNAPSHOT) {
            throw new RefusedException(
                    "Snapshot command can't be applied to a non-snapshot session");
        }
        return session;
    }

    private Later followed(
            Session session, String value, List<CompletableFuture<List<String>>> followed)
            throws IOException {
        daemon.save(session);
        return () -> new Reply.Done(value, warnings(followed));
    }

    /// Refuses before anything is recorded that could not be kept.
    private static void checkWritable(String output) throws RefusedException {
        Path directory = Path.of(output);
        try {
            PrivateFiles.directory(directory);
        } catch (IOException e) {
            throw new RefusedException(
                    "Cannot make the output directory %s: %s".formatted(directory, e.getMessage()));
        }
        if (!Files.isWritable(directory)) {
            throw new RefusedException(
                    "The output directory %s is not writable".formatted(directory));
        }
    }

    private static List<String> warnings(List<CompletableFuture<List<String>>> followed)
            throws RefusedException, InterruptedException {
        var warnings = new ArrayList<String>();
        for (CompletableFuture<List<String>> each : followed) {
            warnings.addAll(await(each));
        }
        return warnings;
    }

    static <T> T await(CompletableFuture<T> future) throws RefusedException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            String reason = e.getCause() == null ? null : e.getCause().getMessage();
            throw new RefusedException(reason == null ? e.toString() : reason);
        }
    }

    private static Later done(String value) {
        return now(new Reply.Done(value, List.of()));
    }

    private static Later now(Reply reply) {
        return () -> reply;
    }
}
