// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.Trace;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Merges streams in time order.
///
/// Messages of equal time come as babeltrace2 orders them: by trace, then stream class, then stream
/// (`ctf.md` section 10). A message without time comes at once. Within a stream, its order holds,
/// even where its time goes back.
public final class Muxer implements MessageIterator {
    /// The order in which messages of equal time come.
    static final Comparator<StreamSource> BY_IDENTITY =
            Comparator.comparing((StreamSource source) -> source.stream().trace(), Muxer::compare)
                    .thenComparing(
                            source -> source.stream().streamClass().id(), Long::compareUnsigned)
                    .thenComparing(source -> source.stream().id(), Long::compareUnsigned)
                    .thenComparing(source -> source.stream().name());

    /// In the order in which messages of equal time come.
    private final MessageIterator[] sources;

    /// Of the times of the sources' present messages.
    private final Tournament times;

    private long lastNanos = Long.MIN_VALUE;
    private boolean isBegun;

    Muxer(List<StreamSource> sources) {
        this((Collection<? extends MessageIterator>) sorted(sources));
    }

    private Muxer(Collection<? extends MessageIterator> sorted) {
        sources = sorted.toArray(MessageIterator[]::new);
        times = new Tournament(sources.length);
    }

    /// Merges parts of streams, which are in the order of [#sorted].
    public static Muxer ofSorted(List<? extends MessageIterator> parts) {
        return new Muxer((Collection<? extends MessageIterator>) parts);
    }

    /// The streams in the order in which their messages of equal time come.
    public static List<StreamSource> sorted(List<StreamSource> sources) {
        return sources.stream().sorted(BY_IDENTITY).toList();
    }

    /// UUIDs compare as the bytes that they are written in.
    private static int compare(Trace one, Trace other) {
        String left = one.uid().orElse("");
        String right = other.uid().orElse("");
        int order = left.compareTo(right);
        return order != 0 ? order : one.name().compareTo(other.name());
    }

    @Override
    public boolean next() throws IOException {
        if (times.winner() < 0) {
            if (isBegun) {
                return false;
            }
            begin();
        } else {
            MessageIterator moved = present();
            if (moved.next()) {
                times.again(time(moved));
            } else {
                times.end();
            }
        }
        lastNanos = Math.max(lastNanos, times.leastValue());
        return times.winner() >= 0;
    }

    private MessageIterator present() {
        int winner = times.winner();
        if (winner < 0) {
            throw new IllegalStateException("not at a message");
        }
        return sources[winner];
    }

    private void begin() throws IOException {
        isBegun = true;
        for (int source = 0; source < sources.length; source++) {
            if (sources[source].next()) {
                times.set(source, time(sources[source]));
            } else {
                times.end(source);
            }
        }
        times.begin();
    }

    /// Of a source's present message: one without time comes at once.
    private long time(MessageIterator source) {
        long nanos = source.nanos();
        return nanos == Long.MIN_VALUE ? lastNanos : nanos;
    }

    @Override
    public Message current() {
        return present().current();
    }

    @Override
    public long nanos() {
        return present().nanos();
    }

    @Override
    public void close() throws IOException {
        for (MessageIterator source : sources) {
            source.close();
        }
    }
}
