// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.PointType;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.SessionMode;
import java.nio.ByteBuffer;

/// What a client asks of the session daemon. A `session` is its name; the client resolves the
/// current one. The daemon answers each with one [Reply].
public sealed interface Request {
    /// What is asked of one session.
    sealed interface OfSession extends Request {
        /// Its name.
        String session();
    }

    /// @param name empty for a generated one
    /// @param output absolute directory, a relay as [dev.contrail.wire.RelayEndpoints] shows it, or
    ///   empty for the default
    /// @param liveMicros how often a viewer is shown what is new, in microseconds; 0 when the
    ///   session is not live
    /// @param isSynced whether what a relay of ours acknowledges shall survive a loss of power
    /// @param home where default traces go: the client's `LTTNG_HOME` or home directory
    record CreateSession(
            String name,
            SessionMode mode,
            String output,
            long liveMicros,
            boolean isSynced,
            String home)
            implements Request {}

    record DestroySession(String session) implements OfSession {}

    record StartSession(String session) implements OfSession {}

    /// @param isLast whether it is not started again: what waits for a relay that is away is lost
    ///   then
    record StopSession(String session, boolean isLast) implements OfSession {}

    /// @param attributes with -1 or an empty text for what the user left open
    record EnableChannel(
            String session,
            DomainName domain,
            String channel,
            boolean hasLossMode,
            ChannelAttributes attributes)
            implements OfSession {}

    record DisableChannel(String session, DomainName domain, String channel) implements OfSession {}

    /// @param channel empty for the default one
    record EnableEvent(String session, DomainName domain, String channel, EventRule rule)
            implements OfSession {}

    /// @param channel empty for all of the domain
    /// @param context by LTTng's name, as `vpid` or `$app.PROVIDER:NAME`
    record AddContext(String session, DomainName domain, String channel, String context)
            implements OfSession {}

    /// @param pattern the rule's pattern, or empty for all rules
    record DisableEvent(
            String session, DomainName domain, String channel, PointType type, String pattern)
            implements OfSession {}

    /// Restricts the kernel's events to these processes and their children, before the start.
    record FollowProcess(String session, long pid) implements OfSession {}

    /// Takes the state dump of a started session again.
    record RegenerateStateDump(String session) implements OfSession {}

    record ListSessions() implements Request {}

    record DescribeSession(String session) implements OfSession {}

    /// @param asksPrograms also what programs have to be asked for, which starts their JFR: not
    ///   without need
    record ListPoints(DomainName domain, PointType type, boolean asksPrograms) implements Request {}

    /// @param name first part of the directory's name, empty for the output's
    /// @param directory absolute, a relay as [dev.contrail.wire.RelayEndpoints] shows it, or empty
    ///   for the session's output
    /// @param maxBytes 0 for no limit
    record RecordSnapshot(String session, String name, String directory, long maxBytes)
            implements OfSession {}

    record AddOutput(String session, String name, String directory, long maxBytes)
            implements OfSession {}

    record DeleteOutput(String session, String idOrName) implements OfSession {}

    record ListOutputs(String session) implements OfSession {}

    /// Before a session or a snapshot goes to a relay that wants a token: the daemon keeps it.
    ///
    /// @param address of the relay, in numbers
    /// @param token as [dev.contrail.wire.RelayToken#text] writes it
    record KeepRelayToken(String address, String token) implements Request {
        /// Without the token.
        @Override
        public String toString() {
            return "KeepRelayToken[" + address + "]";
        }
    }

    /// Whether a relay daemon answers, and lets this daemon in.
    ///
    /// @param relay as [dev.contrail.wire.RelayEndpoints] shows it
    record CheckRelay(String relay) implements Request {}

    /// The message as a frame's body.
    default byte[] encode() {
        var out = new MessageWriter();
        switch (this) {
            case CreateSession(
                            String name,
                            SessionMode mode,
                            String output,
                            long liveMicros,
                            boolean isSynced,
                            String home) ->
                    out.number(1)
                            .text(name)
                            .word(mode)
                            .text(output)
                            .number(liveMicros)
                            .flag(isSynced)
                            .text(home);
            case DestroySession(String session) -> out.number(2).text(session);
            case StartSession(String session) -> out.number(3).text(session);
            case StopSession(String session, boolean isLast) ->
                    out.number(4).text(session).flag(isLast);
            case EnableChannel(
                            String session,
                            DomainName domain,
                            String channel,
                            boolean hasLossMode,
                            ChannelAttributes attributes) -> {
                out.number(5).text(session).word(domain).text(channel).flag(hasLossMode);
                WordCodec.encode(out, attributes);
            }
            case DisableChannel(String session, DomainName domain, String channel) ->
                    out.number(6).text(session).word(domain).text(channel);
            case EnableEvent(String session, DomainName domain, String channel, EventRule rule) -> {
                out.number(7).text(session).word(domain).text(channel);
                WordCodec.encode(out, rule);
            }
            case DisableEvent(
                            String session,
                            DomainName domain,
                            String channel,
                            PointType type,
                            String pattern) ->
                    out.number(8).text(session).word(domain).text(channel).word(type).text(pattern);
            case FollowProcess(String session, long pid) -> out.number(9).text(session).number(pid);
            case ListSessions() -> out.number(10);
            case DescribeSession(String session) -> out.number(11).text(session);
            case ListPoints(DomainName domain, PointType type, boolean asksPrograms) ->
                    out.number(12).word(domain).word(type).flag(asksPrograms);
            case RecordSnapshot(String session, String name, String directory, long maxBytes) ->
                    out.number(13).text(session).text(name).text(directory).number(maxBytes);
            case AddOutput(String session, String name, String directory, long maxBytes) ->
                    out.number(14).text(session).text(name).text(directory).number(maxBytes);
            case DeleteOutput(String session, String idOrName) ->
                    out.number(15).text(session).text(idOrName);
            case ListOutputs(String session) -> out.number(16).text(session);
            case KeepRelayToken(String address, String token) ->
                    out.number(17).text(address).text(token);
            case CheckRelay(String relay) -> out.number(18).text(relay);
            case AddContext(String session, DomainName domain, String channel, String context) ->
                    out.number(19).text(session).word(domain).text(channel).text(context);
            case RegenerateStateDump(String session) -> out.number(20).text(session);
        }
        return out.toBytes();
    }

    /// The message in a frame's body.
    static Request decode(ByteBuffer untrusted) throws ProtocolException {
        var in = new MessageReader(untrusted);
        long type = in.number();
        Request request =
                switch ((int) type) {
                    case 1 ->
                            new CreateSession(
                                    in.text(),
                                    in.word(SessionMode.values()),
                                    in.text(),
                                    in.number(),
                                    in.flag(),
                                    in.text());
                    case 2 -> new DestroySession(in.text());
                    case 3 -> new StartSession(in.text());
                    case 4 -> new StopSession(in.text(), in.flag());
                    case 5 ->
                            new EnableChannel(
                                    in.text(),
                                    in.word(DomainName.values()),
                                    in.text(),
                                    in.flag(),
                                    WordCodec.decodeAttributes(in));
                    case 6 ->
                            new DisableChannel(in.text(), in.word(DomainName.values()), in.text());
                    case 7 ->
                            new EnableEvent(
                                    in.text(),
                                    in.word(DomainName.values()),
                                    in.text(),
                                    WordCodec.decodeRule(in));
                    case 8 ->
                            new DisableEvent(
                                    in.text(),
                                    in.word(DomainName.values()),
                                    in.text(),
                                    in.word(PointType.values()),
                                    in.text());
                    case 9 -> new FollowProcess(in.text(), in.number());
                    case 10 -> new ListSessions();
                    case 11 -> new DescribeSession(in.text());
                    case 12 ->
                            new ListPoints(
                                    in.word(DomainName.values()),
                                    in.word(PointType.values()),
                                    in.flag());
                    case 13 -> new RecordSnapshot(in.text(), in.text(), in.text(), in.number());
                    case 14 -> new AddOutput(in.text(), in.text(), in.text(), in.number());
                    case 15 -> new DeleteOutput(in.text(), in.text());
                    case 16 -> new ListOutputs(in.text());
                    case 17 -> new KeepRelayToken(in.text(), in.text());
                    case 18 -> new CheckRelay(in.text());
                    case 19 ->
                            new AddContext(
                                    in.text(), in.word(DomainName.values()), in.text(), in.text());
                    case 20 -> new RegenerateStateDump(in.text());
                    default -> throw new ProtocolException("unknown request " + type);
                };
        in.end();
        return request;
    }
}
