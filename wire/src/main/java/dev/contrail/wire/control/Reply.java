// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import java.nio.ByteBuffer;
import java.util.List;

/// What the session daemon answers.
public sealed interface Reply {

    /// It was done.
    ///
    /// @param value what was asked for, such as the name of the session created; may be empty
    /// @param warnings a line for each thing that the user should know, such as an application that
    ///   has not followed
    record Done(String value, List<String> warnings) implements Reply {}

    /// Recording has stopped.
    ///
    /// @param discarded records that are missing in the trace
    /// @param notStored of these, the ones that could not be written: a full disk, perhaps
    record Stopped(long discarded, long notStored, List<String> warnings) implements Reply {}

    /// It was not done.
    ///
    /// @param reason without a full stop
    record Refused(LttngError error, String reason) implements Reply {}

    /// @param problems a line for each thing that the user should know of the daemon as a whole
    record Sessions(List<SessionView> sessions, List<String> problems) implements Reply {}

    record Points(List<InstrumentationPoint> points) implements Reply {}

    /// A snapshot was written to `directory`.
    record Recorded(String directory, List<SessionView.AccountView> accounts) implements Reply {}

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
            case Done(String value, List<String> warnings) ->
                    out.number(1).text(value).texts(warnings);
            case Refused(LttngError error, String reason) ->
                    out.number(2).number(error.number()).text(reason);
            case Sessions(List<SessionView> sessions, List<String> problems) ->
                    out.number(3)
                            .list(sessions, (to, session) -> session.encode(to))
                            .texts(problems);
            case Points(List<InstrumentationPoint> points) ->
                    out.number(4).list(points, (to, point) -> point.encode(to));
            case Recorded(String directory, List<SessionView.AccountView> accounts) ->
                    out.number(5).text(directory).list(accounts, SessionView::encodeAccount);
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
            case Stopped(long discarded, long notStored, List<String> warnings) ->
                    out.number(8).number(discarded).number(notStored).texts(warnings);
        }
        return out.toBytes();
    }

    /// The message in a frame's body.
    static Reply decode(ByteBuffer untrusted) throws ProtocolException {
        var in = new MessageReader(untrusted);
        long type = in.number();
        Reply reply =
                switch ((int) type) {
                    case 1 -> new Done(in.text(), in.texts());
                    case 2 -> new Refused(LttngError.of(in.count()), in.text());
                    case 3 -> new Sessions(in.list(SessionView::decode), in.texts());
                    case 4 -> new Points(in.list(InstrumentationPoint::decode));
                    case 5 -> new Recorded(in.text(), in.list(SessionView::decodeAccount));
                    case 6 ->
                            new Outputs(
                                    in.list(from ->
                                            new SnapshotOutput(
                                                    from.count(),
                                                    from.text(),
                                                    from.text(),
                                                    from.number())));
                    case 7 -> new Working();
                    case 8 -> new Stopped(in.number(), in.number(), in.texts());
                    default -> throw new ProtocolException("unknown reply " + type);
                };
        in.end();
        return reply;
    }
}
