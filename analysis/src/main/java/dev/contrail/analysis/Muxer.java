// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Merges streams in the order of time.
///
/// Messages of equal time come as babeltrace2 orders them: by trace, then stream class, then stream
/// (`ctf.md` section 10). A message without time comes at once. Within a stream, its order holds,
/// even where its time goes back.
final class Muxer implements MessageIterator {
    private static final Comparator<StreamSource> BY_IDENTITY =
            Comparator.comparing((StreamSource source) -> source.stream().trace(), Muxer::compare)
                    .thenComparing(
                            source -> source.stream().streamClass().id(), Long::compareUnsigned)
                    .thenComparing(source -> source.stream().id(), Long::compareUnsigned)
                    .thenComparing(source -> source.stream().name());

    /// A stream with the place of its present message.
    private static final class Head {
        private final MessageIterator source;
        private final int rank;
        private long nanos;

        Head(MessageIterator source, int rank) {
            this.source = source;
            this.rank = rank;
        }

        boolean isBefore(Head other) {
            return nanos < other.nanos || nanos == other.nanos && rank < other.rank;
        }
    }

    private final List<MessageIterator> sources;
    private final PriorityQueue<Head> waiting =
            new PriorityQueue<>(
                    (one, other) -> one.isBefore(other) ? -1 : other.isBefore(one) ? 1 : 0);
    private Head present;
    private long lastNanos = Long.MIN_VALUE;
    private boolean isBegun;

    Muxer(List<StreamSource> sources) {
        this.sources = List.copyOf(sorted(sources));
    }

    private Muxer(Collection<? extends MessageIterator> sources) {
        this.sources = List.copyOf(sources);
    }

    /// Merges parts of streams, which are in the order of [#sorted].
    static Muxer ofSorted(List<? extends MessageIterator> parts) {
        return new Muxer((Collection<? extends MessageIterator>) parts);
    }

    /// The streams in the order in which their messages of equal time come.
    static List<StreamSource> sorted(List<StreamSource> sources) {
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
        if (!isBegun) {
            isBegun = true;
            for (int rank = 0; rank < sources.size(); rank++) {
                var head = new Head(sources.get(rank), rank);
                if (advance(head)) {
                    waiting.add(head);
                }
            }
            present = waiting.poll();
        } else if (present != null) {
            Head head = present;
            boolean isMore = advance(head);
            Head rival = waiting.peek();
            if (!isMore) {
                present = waiting.poll();
            } else if (rival != null && rival.isBefore(head)) {
                present = waiting.poll();
                waiting.add(head);
            }
        }
        if (present == null) {
            return false;
        }
        lastNanos = Math.max(lastNanos, present.nanos);
        return true;
    }

    private boolean advance(Head head) throws IOException {
        if (!head.source.next()) {
            return false;
        }
        long nanos = head.source.nanos();
        head.nanos = nanos == Long.MIN_VALUE ? lastNanos : nanos;
        return true;
    }

    @Override
    public Message current() {
        return present.source.current();
    }

    @Override
    public long nanos() {
        return present.source.nanos();
    }

    @Override
    public void close() throws IOException {
        for (MessageIterator source : sources) {
            source.close();
        }
    }
}
