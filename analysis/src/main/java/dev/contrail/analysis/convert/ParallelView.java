// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.TimeOverflowException;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.select.AroundMessages;
import dev.contrail.analysis.select.Selection;
import dev.contrail.analysis.select.TimeBound;
import dev.contrail.analysis.source.Progress;
import dev.contrail.analysis.source.Slices;
import dev.contrail.analysis.source.StreamSlice;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.text.DeltaText;
import dev.contrail.analysis.text.TextSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads slices of time on all processors, each into memory, and writes them one after the other:
/// byte for byte what one thread writes.
///
/// From a slice on in which something is not as the indexes say, it goes on with one thread.
final class ParallelView {
    /// One part in so many of the memory for packets is filled with those of slices.
    private static final int SHARE = 2;

    private final Selection selection;
    private final ViewOptions options;
    private final List<StreamSource> sources;

    ParallelView(Selection selection, ViewOptions options) {
        this.selection = selection;
        this.options = options;
        sources = selection.sources();
    }

    /// How many slices are read at once: as many as there are processors, or fewer where memory has
    /// no room for as many packets. Each slice holds one of every stream.
    ///
    /// @param memoryBytes most that the virtual machine takes for packets
    int threads(int processors, long memoryBytes) {
        long packetBytes =
                sources.stream().mapToLong(source -> source.packets().largestBytes()).sum();
        return (int) Math.min(processors, memoryBytes / SHARE / Math.max(1, packetBytes));
    }

    /// The cuts between slices; empty when one thread does it as well, or must.
    List<Long> cuts(int processors) {
        return cuts(processors, Slices.LEAST_BYTES);
    }

    /// @param leastBytes of a slice's packets
    List<Long> cuts(int processors, long leastBytes) {
        boolean isPossible =
                processors > 1
                        && !selection.isLive()
                        && sources.stream().allMatch(StreamSource::isSeekable)
                        && !selection.isEnding()
                        && !selection.isAround()
                        && Sinks.of(options.sink()).filter(BuiltInSink::isSliced).isPresent()
                        && options.selection().begin().filter(TimeBound::isTimeOfDay).isEmpty()
                        && options.selection().end().filter(TimeBound::isTimeOfDay).isEmpty();
        if (!isPossible) {
            return List.of();
        }
        // What comes after the range is of the last slice, which ends with the range.
        long end = options.selection().end().map(bound -> bound.resolved(0)).orElse(Long.MAX_VALUE);
        return Slices.cuts(sources, processors, leastBytes, isHeld()).stream()
                .filter(cut -> cut <= end)
                .toList();
    }

    /// Whether what a slice becomes takes memory.
    private boolean isHeld() {
        return !Sinks.writes(options.sink(), BuiltInSink.Output.NOTHING);
    }

    /// What one slice has become.
    ///
    /// @param err what was said in reading it
    private record Slice(SliceOutput out, byte[] err) {}

    /// Reads with the caller's thread only.
    ///
    /// @return whether everything could be read
    boolean runAlone(OutputStream out, ResumedOutput resumed, Notices notices, Progress progress)
            throws IOException, UsageException {
        try (Sink sink = remembered(Sinks.open(options, sources, out, notices), resumed)) {
            progress.readBy(sources);
            selection.flushing(sink);
            // Sinks that are not sliced want streams from their begin.
            boolean isAtOnce =
                    selection.isEnding()
                            && Sinks.of(options.sink()).filter(BuiltInSink::isSliced).isPresent();
            MessageIterator messages =
                    isAtOnce ? selection.messagesOfEnding() : selection.messages();
            return selection.isAround()
                    ? pourAround(messages, sink, notices, progress)
                    : pour(messages, sink, notices, progress);
        }
    }

    private Sink remembered(Sink sink, ResumedOutput resumed) {
        return selection.isRemembered() ? new RememberedSink(sink, selection, resumed) : sink;
    }

    private boolean pourAround(
            MessageIterator messages, Sink sink, Notices notices, Progress progress)
            throws IOException, UsageException {
        Runnable gap = sink instanceof TextSink text ? text::separate : () -> {};
        try (AroundMessages around = selection.around(messages, gap)) {
            boolean isWhole = pour(around, sink, notices, progress);
            if (!around.hasFound()) {
                throw new UsageException(
                        "Nothing to show around %s: no such event is in what the other options leave"
                                .formatted(selection.wanted()));
            }
            return isWhole;
        }
    }

    /// Reads slices of time with several threads.
    ///
    /// @return whether everything could be read
    boolean run(
            List<Long> cuts, int processors, OutputStream out, Notices notices, Progress progress)
            throws IOException, UsageException {
        var deltas = new DeltaText(options.text().clockCycles(), notices.isOwn());
        var turn = new Turn(out, deltas);
        var running = new ArrayDeque<Future<Slice>>();
        ExecutorService pool =
                Executors.newFixedThreadPool(
                        processors, Thread.ofPlatform().daemon().name("slice-", 0).factory());
        int ahead = isHeld() ? processors - 1 : processors;
        try {
            int started = 0;
            for (int i = 0; i <= cuts.size(); i++) {
                while (started <= cuts.size() && started <= i + ahead) {
                    running.add(pool.submit(slice(cuts, started++, turn, notices, progress)));
                }
                Slice slice = await(running.remove());
                if (slice.out.isIrregular()) {
                    pool.shutdownNow();
                    var rest = new RestOutput(out, slice.out.writtenBytes());
                    return goOn(from(cuts, i), deltas, rest, notices, progress);
                }
                notices.out().write(slice.err, 0, slice.err.length);
                slice.out.end();
                slice.out.deltas().ifPresent(deltas::goOnBehind);
                turn.pass();
                progress.slices(i + 1, cuts.size() + 1);
            }
        } finally {
            pool.shutdownNow();
            pool.close();
        }
        out.flush();
        return true;
    }

    private static long from(List<Long> cuts, int slice) {
        return slice == 0 ? Long.MIN_VALUE : cuts.get(slice - 1);
    }

    private Callable<Slice> slice(
            List<Long> cuts, int number, Turn turn, Notices notices, Progress progress) {
        long from = from(cuts, number);
        long to = number == cuts.size() ? Long.MAX_VALUE : cuts.get(number);
        return () -> {
            List<StreamSlice> slices = slices(from, to);
            var out = new SliceOutput(turn, number, slices);
            var err = new ByteArrayOutputStream();
            var lines = new PrintStream(err, false, StandardCharsets.UTF_8);
            Notices own = notices.to(lines);
            try (Sink sink = Sinks.open(options, sources, out, own);
                    MessageIterator messages = selection.messages(slices)) {
                if (sink instanceof TextSink text) {
                    out.correct(text.deltas());
                }
                pour(messages, sink, own, progress);
            }
            lines.flush();
            return new Slice(out, err.toByteArray());
        };
    }

    private List<StreamSlice> slices(long from, long to) {
        return sources.stream().map(source -> StreamSlice.of(source, from, to)).toList();
    }

    private boolean goOn(
            long from, DeltaText deltas, OutputStream out, Notices notices, Progress progress)
            throws IOException, UsageException {
        try (Sink sink = Sinks.open(options, sources, out, notices)) {
            if (sink instanceof TextSink text) {
                text.deltas().goOnBehind(deltas);
            }
            return pour(selection.messages(slices(from, Long.MAX_VALUE)), sink, notices, progress);
        }
    }

    /// Gives all messages to the sink; damage becomes an error, a remark a warning.
    ///
    /// @return whether there was none
    static boolean pour(MessageIterator messages, Sink sink, Notices notices, Progress progress)
            throws IOException {
        try {
            return pourAll(messages, sink, notices, progress);
        } catch (TimeOverflowException e) {
            throw switch (messages.current()) {
                case EventRecord event ->
                        e.of(event.stream(), "time of event " + event.name(), event.ticks());
                case Message.PacketBegin begin ->
                        e.of(begin.stream(), "packet's begin", begin.ticks());
                case Message.PacketEnd end -> e.of(end.stream(), "packet's end", end.ticks());
                case Message _ -> e;
            };
        }
    }

    private static boolean pourAll(
            MessageIterator messages, Sink sink, Notices notices, Progress progress)
            throws IOException {
        boolean isWhole = true;
        int count = 0;
        while (messages.next()) {
            Message message = messages.current();
            if (message instanceof EventRecord) {
                sink.accept(message);
                if (++count == Progress.TOLD_EVENTS) {
                    progress.passed(count);
                    count = 0;
                }
            } else if (message instanceof Message.Damage(String what)) {
                notices.error(what);
                isWhole = false;
            } else if (message instanceof Message.Remark(String what)) {
                notices.warn(what);
            } else {
                sink.accept(message);
            }
        }
        progress.passed(count);
        return isWhole;
    }

    /// What a thread has made; what it failed with is thrown as if there was no other thread.
    static <T> T await(Future<T> made) throws IOException {
        try {
            return made.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case Error failed -> throw failed; // such as that there is not enough memory
                case null, default ->
                        throw new IllegalStateException("reading a slice", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
