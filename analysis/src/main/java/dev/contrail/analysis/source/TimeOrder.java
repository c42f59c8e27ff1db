// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.TraceStream;
import java.math.BigDecimal;
import java.util.Optional;

/// Whether the times of a stream's events go back. They should not: babeltrace2 2.0.4 stops there.
/// We go on in the order of recording, and say so once for each stream.
final class TimeOrder {
    private long latestNanos = Long.MIN_VALUE;
    private int count;

    /// The latest before the packet.
    private long beforePacket = Long.MIN_VALUE;

    /// A packet begins.
    ///
    /// @param isAgain whether it is the one before, which has grown: its events come again
    void beginPacket(boolean isAgain) {
        if (isAgain) {
            latestNanos = beforePacket;
        } else {
            beforePacket = latestNanos;
        }
    }

    /// Whether an event's time is before that of the event before it.
    boolean goesBack(long nanos) {
        boolean isBack = nanos < latestNanos;
        if (!isBack) {
            latestNanos = nanos;
        }
        return isBack;
    }

    /// What to say of an event that [#goesBack]: only of the first.
    Optional<Message.Remark> remark(EventRecord event) {
        long before = latestNanos;
        latestNanos = event.nanos();
        if (count++ > 0) {
            return Optional.empty();
        }
        String what =
                "%s: event `%s` at %s s is earlier than the one before it, at %s s; the stream's"
                        + " events are shown in the order of recording";
        return Optional.of(
                new Message.Remark(
                        what.formatted(
                                event.decoder().place(),
                                event.name(),
                                seconds(event.nanos()),
                                seconds(before))));
    }

    /// What to say at the end of the stream, if its time went back more than once.
    Optional<Message.Remark> more(TraceStream stream) {
        String what = "%s: time goes back %d times in all";
        return count > 1
                ? Optional.of(new Message.Remark(what.formatted(stream.name(), count)))
                : Optional.empty();
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).toPlainString();
    }
}
