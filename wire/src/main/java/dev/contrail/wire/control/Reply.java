// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.Warning;
import java.nio.ByteBuffer;
import java.util.List;

/// What the session daemon answers.
public sealed interface Reply {

    /// It was done.
    record Done(List<Warning> warnings) implements Reply {}

    /// A session was made.
    ///
    /// @param name as asked for, or made up
    /// @param output as in [SessionView]
    record Created(String name, String output) implements Reply {}

    /// An event rule was added to `channel`, which may be a default one.
    record RuleEnabled(String channel, List<Warning> warnings) implements Reply {}

    /// Recording has stopped.
    ///
    /// @param discarded records that are missing in the trace
    /// @param notStored of these, the ones that could not be written: a full disk, perhaps
    record Stopped(long discarded, long notStored, List<Warning> warnings) implements Reply {}

    /// It was not done.
    ///
    /// @param reason without a full stop
    record Refused(LttngError error, String reason) implements Reply {}

    /// @param problems of the daemon as a whole
    record Sessions(List<SessionView> sessions, List<Warning> problems) implements Reply {}

    record Points(List<InstrumentationPoint> points) implements Reply {}

    /// A snapshot was written.
    ///
    /// @param directory that it was written to, or the relay, as in [SessionView]
    /// @param atRelay its directory below the relay's output directory; empty where that is not
    ///   known, or it went to none
    record Recorded(String directory, String atRelay, List<SessionView.AccountView> accounts)
            implements Reply {
        public Recorded {
            accounts = List.copyOf(accounts);
        }
    }

    record Outputs(List<SnapshotOutput> outputs) implements Reply {}

    /// Not the answer yet: a sign, every second, that the daemon lives and works on it.
    record Working() implements Reply {}

    /// Where snapshots go.
    ///
    /// @param maxBytes 0 for no limit
    record SnapshotOutput(int id, String name, String directory, long maxBytes) {}

    /// The message as a frame's body.
    default byte[] encode() {
        var out = new MessageWriter();
        switch (this) {
            case Done(List<Warning> warnings) -> out.number(1).list(warnings, WarningCodec::encode);
            case Refused(LttngError error, String reason) ->
                    out.number(2).number(error.number()).text(reason);
            case Sessions(List<SessionView> sessions, List<Warning> problems) ->
                    out.number(3)
                            .list(sessions, (to, session) -> session.encode(to))
                            .list(problems, WarningCodec::encode);
            case Points(List<InstrumentationPoint> points) ->
                    out.number(4).list(points, WordCodec::encode);
            case Recorded(
                            String directory,
                            String atRelay,
                            List<SessionView.AccountView> accounts) ->
                    out.number(5)
                            .text(directory)
                            .text(atRelay)
                            .list(accounts, SessionView::encodeAccount);
            case Outputs(List<SnapshotOutput> outputs) ->
                    out.number(6)
                            .list(
                                    outputs,
                                    (to, output) ->
                                            to.number(output.id)
                                                    .text(output.name)
                                                    .text(output.directory)
                                                    .number(output.maxBytes));
            case Working() -> out.number(7);
            case Stopped(long discarded, long notStored, List<Warning> warnings) ->
                    out.number(8)
                            .number(discarded)
                            .number(notStored)
                            .list(warnings, WarningCodec::encode);
            case Created(String name, String output) -> out.number(9).text(name).text(output);
            case RuleEnabled(String channel, List<Warning> warnings) ->
                    out.number(10).text(channel).list(warnings, WarningCodec::encode);
        }
        return out.toBytes();
    }

    /// The message in a frame's body.
    static Reply decode(ByteBuffer untrusted) throws ProtocolException {
        var in = new MessageReader(untrusted);
        long type = in.number();
        Reply reply =
                switch ((int) type) {
                    case 1 -> new Done(in.list(WarningCodec::decode));
                    case 2 -> new Refused(LttngError.of(in.count()), in.text());
                    case 3 ->
                            new Sessions(
                                    in.list(SessionView::decode), in.list(WarningCodec::decode));
                    case 4 -> new Points(in.list(WordCodec::decodePoint));
                    case 5 ->
                            new Recorded(in.text(), in.text(), in.list(SessionView::decodeAccount));
                    case 6 ->
                            new Outputs(
                                    in.list(from ->
                                            new SnapshotOutput(
                                                    from.count(),
                                                    from.text(),
                                                    from.text(),
                                                    from.number())));
                    case 7 -> new Working();
                    case 8 -> new Stopped(in.number(), in.number(), in.list(WarningCodec::decode));
                    case 9 -> new Created(in.text(), in.text());
                    case 10 -> new RuleEnabled(in.text(), in.list(WarningCodec::decode));
                    default -> throw new ProtocolException("unknown reply " + type);
                };
        in.end();
        return reply;
    }
}
