// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.TraceStream;
import dev.contrail.ctf.CtfVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/// Words warnings about what the tracer lost as babeltrace2 2.0.4 does.
final class LossText {
    private final TextOptions options;

    LossText(TextOptions options) {
        this.options = options;
    }

    String of(Message.DiscardedEvents lost) {
        return warning(lost.stream(), lost.count(), "event", lost.beginNanos(), lost.endNanos());
    }

    String of(Message.DiscardedPackets lost) {
        return warning(lost.stream(), lost.count(), "packet", lost.beginNanos(), lost.endNanos());
    }

    private String warning(
            TraceStream stream, long count, String what, OptionalLong begin, OptionalLong end) {
        String lost =
                count == 0
                        ? "may have discarded " + what + "s"
                        : "discarded %s %s%s"
                                .formatted(
                                        Long.toUnsignedString(count), what, count == 1 ? "" : "s");
        String when =
                isKnown(begin) && isKnown(end)
                        ? "between [%s] and [%s]"
                                .formatted(time(begin.getAsLong()), time(end.getAsLong()))
                        : "(unknown time range)";
        Optional<String> uid = stream.trace().uid();
        String kind =
                stream.trace().metadata().trace().version() == CtfVersion.CTF_2 ? "UID" : "UUID";
        return "Tracer %s %s in trace \"%s\" (%s) within stream \"%s\" (stream class ID: %s, stream ID: %s)."
                .formatted(
                        lost,
                        when,
                        stream.trace().name(),
                        uid.isPresent() ? kind + ": " + uid.get() : "no " + kind,
                        stream.name(),
                        Long.toUnsignedString(stream.streamClass().id()),
                        Long.toUnsignedString(stream.id()));
    }

    private static boolean isKnown(OptionalLong nanos) {
        return nanos.isPresent() && ClockTime.isInRange(nanos.getAsLong());
    }

    private String time(long nanos) {
        var text = new TextBuffer();
        var bytes = new ByteArrayOutputStream();
        try {
            new TimeText(options, new byte[0]).write(text, nanos);
            text.flush(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toString(StandardCharsets.US_ASCII);
    }
}
