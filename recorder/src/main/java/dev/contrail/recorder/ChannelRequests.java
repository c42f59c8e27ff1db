// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.session.Channel;
import dev.contrail.recorder.session.ChannelDefaults;
import dev.contrail.recorder.session.Replies;
import dev.contrail.recorder.session.ServedDomain.Followed;
import dev.contrail.recorder.session.Session;
import dev.contrail.tracer.filter.ExpressionParser;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.method.MethodPattern;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// What the requests about channels and event rules do. Owned by the control thread.
final class ChannelRequests {
    /// The name of a file is at most 255 bytes: the channel's, numbers, `.idx`.
    static final int MAX_NAME_BYTES = 215;

    /// Of all filters of a channel: they are told an application in one frame.
    static final int MAX_FILTER_CHARACTERS = 1 << 18;

    private static final String DEFAULT_CHANNEL = "channel0";

    private final Sessions sessions;

    ChannelRequests(Sessions sessions) {
        this.sessions = sessions;
    }

    CompletableFuture<Reply> enableChannel(Request.EnableChannel request) throws RefusedException {
        Session session = sessions.session(request.session());
        return reply(session, () -> enableChannel(session, request), Reply.Done::new);
    }

    private CompletableFuture<Followed> enableChannel(
            Session session, Request.EnableChannel request) throws RefusedException {
        DomainName domain = domain(request.domain(), request.channel());
        if (domain.hasLoggers() && !request.channel().equals(domain.logChannel())) {
            throw new RefusedException(
                    LttngError.INVALID_CHANNEL_NAME,
                    "%s events have one channel: want %s"
                            .formatted(domain.word(), domain.logChannel()));
        }
        Optional<Channel> known = session.channel(domain, request.channel());
        if (known.isPresent()) {
            if (known.get().isEnabled()) {
                throw new RefusedException(
                        domain == DomainName.KERNEL
                                ? LttngError.KERN_CHAN_EXIST
                                : LttngError.UST_CHAN_EXIST);
            }
            return session.enable(known.get(), true);
        }
        if (session.state().wasStarted()) {
            throw new RefusedException(LttngError.TRACE_ALREADY_STARTED);
        }
        ChannelAttributes attributes =
                ChannelDefaults.complete(
                        domain,
                        session.mode() == SessionMode.SNAPSHOT,
                        request.hasLossMode(),
                        request.attributes());
        return addChannel(session, domain, request.channel(), attributes);
    }

    CompletableFuture<Reply> disableChannel(Request.DisableChannel request)
            throws RefusedException {
        Session session = sessions.session(request.session());
        DomainName domain = domain(request.domain(), request.channel());
        return reply(
                session,
                () ->
                        session.enable(
                                session.channel(domain, request.channel())
                                        .orElseThrow(() -> noChannel(session, domain)),
                                false),
                Reply.Done::new);
    }

    CompletableFuture<Reply> enableEvent(Request.EnableEvent request) throws RefusedException {
        Session session = sessions.session(request.session());
        DomainName domain = request.domain();
        sessions.domain(domain);
        checkFilter(domain, request.rule().filter());
        if (request.rule().type() == PointType.METHOD) {
            check(request.rule());
        }
        return reply(
                session,
                () ->
                        channelForRule(session, domain, request.channel())
                                .thenComposeAsync(
                                        channel -> enableRule(session, channel, request.rule()),
                                        sessions.control().now()),
                warnings -> new Reply.RuleEnabled(wanted(domain, request.channel()), warnings));
    }

    /// That an application can compile it: what fits no event is no error.
    private static void checkFilter(DomainName domain, String filter) throws RefusedException {
        if (filter.isEmpty()) {
            return;
        }
        if (domain == DomainName.KERNEL) {
            throw new RefusedException(
                    LttngError.UNK, "Filters of kernel events are not implemented yet");
        }
        try {
            ExpressionParser.parse(filter);
        } catch (FilterException e) {
            throw new RefusedException(
                    LttngError.FILTER_INVAL,
                    "%s: %s".formatted(LttngError.FILTER_INVAL.text(), e.problem()));
        }
    }

    /// All filters of a channel fit into one order to an application.
    private static boolean isTooMuch(List<EventRule> rules) {
        long characters = 0;
        for (EventRule rule : rules) {
            characters += rule.isEnabled() ? rule.filter().length() : 0;
        }
        return characters > MAX_FILTER_CHARACTERS;
    }

    private static void check(EventRule rule) throws RefusedException {
        try {
            MethodPattern.of(rule.pattern());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(LttngError.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static CompletableFuture<Followed> enableRule(
            Session session, Channel channel, EventRule rule) {
        List<EventRule> rules = new ArrayList<>(channel.rules());
        boolean isKnown = false;
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).sameAs(rule)) {
                if (rules.get(i).isEnabled()) {
                    return CompletableFuture.failedFuture(
                            new RefusedException(
                                    LttngError.UST_EVENT_ENABLED,
                                    "%s event already enabled"
                                            .formatted(lttngName(channel.domain()))));
                }
                rules.set(i, rule);
                isKnown = true;
            }
        }
        if (!isKnown) {
            rules.add(rule);
        }
        if (isTooMuch(rules)) {
            return CompletableFuture.failedFuture(
                    new RefusedException(
                            LttngError.FILTER_INVAL,
                            "The filters of channel %s have more than %d characters in all"
                                    .formatted(channel.name(), MAX_FILTER_CHARACTERS)));
        }
        return session.replaceRules(channel, rules);
    }

    private CompletableFuture<Channel> channelForRule(
            Session session, DomainName domain, String name) throws RefusedException {
        String wanted = wanted(domain, name);
        if (name.isEmpty()) {
            checkOnlyDefault(session, domain);
        }
        Optional<Channel> known = session.channel(domain, wanted);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        if (session.state().wasStarted()) {
            throw new RefusedException(LttngError.TRACE_ALREADY_STARTED);
        }
        return addChannel(
                        session,
                        domain,
                        wanted,
                        ChannelDefaults.of(domain, session.mode() == SessionMode.SNAPSHOT))
                .thenApplyAsync(
                        _ -> session.channel(domain, wanted).orElseThrow(),
                        sessions.control().now());
    }

    CompletableFuture<Reply> disableEvent(Request.DisableEvent request) throws RefusedException {
        Session session = sessions.session(request.session());
        return reply(session, () -> disableEvent(session, request), Reply.Done::new);
    }

    private static CompletableFuture<Followed> disableEvent(
            Session session, Request.DisableEvent request) throws RefusedException {
        if (request.channel().isEmpty()) {
            checkOnlyDefault(session, request.domain());
        }
        Channel channel =
                session.channel(request.domain(), wanted(request.domain(), request.channel()))
                        .orElseThrow(() -> noChannel(session, request.domain()));
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
                    request.domain() == DomainName.KERNEL
                            ? LttngError.NO_EVENT
                            : LttngError.UST_EVENT_NOT_FOUND,
                    "%s event not found".formatted(lttngName(request.domain())));
        }
        return session.replaceRules(channel, rules);
    }

    CompletableFuture<Reply> addContext(Request.AddContext request) throws RefusedException {
        Session session = sessions.session(request.session());
        DomainName domain = request.domain();
        if (domain == DomainName.KERNEL) {
            throw new RefusedException(
                    LttngError.KERN_CONTEXT_FAIL,
                    "contexts of kernel channels are not implemented yet");
        }
        return reply(
                session,
                () ->
                        channelsForContext(session, request)
                                .thenComposeAsync(
                                        channels ->
                                                addContext(session, channels, request.context()),
                                        sessions.control().now()),
                Reply.Done::new);
    }

    /// One that is named, or all; the default one where there is none yet.
    private CompletableFuture<List<Channel>> channelsForContext(
            Session session, Request.AddContext request) throws RefusedException {
        if (session.state().wasStarted()) {
            throw new RefusedException(LttngError.TRACE_ALREADY_STARTED);
        }
        DomainName domain = domain(request.domain(), request.channel());
        if (!domain.hasLoggers() && !request.channel().isEmpty()) {
            Channel named =
                    session.channel(domain, request.channel())
                            .orElseThrow(() -> noChannel(session, domain));
            return CompletableFuture.completedFuture(List.of(named));
        }
        List<Channel> known = session.channels(domain);
        return known.isEmpty()
                ? channelForRule(session, domain, "").thenApply(List::of)
                : CompletableFuture.completedFuture(known);
    }

    private CompletableFuture<Followed> addContext(
            Session session, List<Channel> channels, String context) {
        if (channels.stream().anyMatch(each -> each.contexts().contains(context))) {
            return CompletableFuture.failedFuture(
                    new RefusedException(LttngError.UST_CONTEXT_EXIST));
        }
        CompletableFuture<Followed> done = session.addContext(channels.getFirst(), context);
        for (Channel each : channels.subList(1, channels.size())) {
            done =
                    done.thenComposeAsync(
                            _ -> session.addContext(each, context), sessions.control().now());
        }
        return done;
    }

    private CompletableFuture<Followed> addChannel(
            Session session, DomainName domain, String name, ChannelAttributes attributes)
            throws RefusedException {
        checkName(name);
        var channel = new Channel(session.nextChannelId(), name, domain, attributes);
        return session.addChannel(channel, sessions.domain(domain));
    }

    /// The channel's files bear its name.
    private static void checkName(String name) throws RefusedException {
        if (name.startsWith(".") || name.contains("/")) {
            throw new RefusedException(
                    LttngError.INVALID_CHANNEL_NAME,
                    "Invalid channel name: Channel names may not start with '.', and may not"
                            + " contain '/'");
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_NAME_BYTES) {
            throw new RefusedException(
                    LttngError.INVALID,
                    "The channel's name is %d bytes long: want at most %d, as its files bear it"
                            .formatted(length, MAX_NAME_BYTES));
        }
    }

    /// Does it in its turn, keeps the session's new state, and then waits for those who follow.
    private CompletableFuture<Reply> reply(
            Session session,
            Callable<CompletableFuture<Followed>> change,
            Function<List<Warning>, Reply> reply) {
        return session.unlessDestroyed(
                session.inOrder(() -> sessions.saved(session, change.call().thenApply(List::of)))
                        .thenCompose(Replies::problems)
                        .thenApply(reply));
    }

    /// A rule without a channel's name means the default one, as long as there is no other.
    private static void checkOnlyDefault(Session session, DomainName domain)
            throws RefusedException {
        if (!domain.hasLoggers()
                && session.channels(domain).stream()
                        .anyMatch(each -> !each.name().equals(DEFAULT_CHANNEL))) {
            throw new RefusedException(LttngError.NEED_CHANNEL_NAME);
        }
    }

    /// As in LTTng, where the channel of a log system is one of user space and has its name.
    private static DomainName domain(DomainName asked, String channel) {
        if (asked == DomainName.USERSPACE) {
            for (DomainName each : DomainName.values()) {
                if (each.hasLoggers() && channel.equals(each.logChannel())) {
                    return each;
                }
            }
        }
        return asked;
    }

    private static String wanted(DomainName domain, String channel) {
        return domain.hasLoggers()
                ? domain.logChannel()
                : channel.isEmpty() ? DEFAULT_CHANNEL : channel;
    }

    private static RefusedException noChannel(Session session, DomainName domain) {
        boolean hasNone =
                domain == DomainName.KERNEL
                        ? session.channels(domain).isEmpty()
                        : EnumSet.complementOf(EnumSet.of(DomainName.KERNEL)).stream()
                                .allMatch(each -> session.channels(each).isEmpty());
        return hasNone
                ? new RefusedException(LttngError.NO_CHANNEL)
                : new RefusedException(
                        LttngError.UST_CHAN_NOT_FOUND,
                        "%s channel not found".formatted(lttngName(domain)));
    }

    private static String lttngName(DomainName domain) {
        return domain == DomainName.KERNEL ? "Kernel" : "UST";
    }
}
