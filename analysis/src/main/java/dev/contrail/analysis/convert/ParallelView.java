// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.select.AroundMessages;
import dev.contrail.analysis.select.Selection;
import dev.contrail.analysis.select.TimeBound;
import dev.contrail.analysis.source.Progress;
import dev.contrail.analysis.source.Slices;
import dev.contrail.analysis.source.StreamSlice;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.text.DeltaText;
import dev.contrail.analysis.text.TextBuffer;
import dev.contrail.analysis.text.TextSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;

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

    /// Memory for text that was written out, to be used again: one for each slice under way. The
    /// last first, as it is in a cache still.
    private final BlockingDeque<HeldBytes> idle = new LinkedBlockingDeque<>();

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
        boolean isHeld = !Sinks.writes(options.sink(), BuiltInSink.Output.NOTHING);
        return Slices.cuts(sources, processors, leastBytes, isHeld).stream()
                .filter(cut -> cut <= end)
                .toList();
    }

    /// What one slice has become.
    ///
    /// @param deltas of a text sink
    private record Slice(
            HeldBytes out, String err, Optional<DeltaText> deltas, boolean isIrregular) {}

    /// Reads with the caller's thread only.
    ///
    /// @return whether everything could be read
    boolean runAlone(OutputStream out, Notices notices, Progress progress)
            throws IOException, UsageException {
        try (Sink sink = Sinks.open(options, sources, out, notices)) {
            progress.readBy(sources);
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
        var running = new ArrayDeque<Future<Slice>>();
        for (int i = 0; i < processors + 2; i++) {
            idle.add(new HeldBytes());
        }
        try (ExecutorService pool =
                Executors.newFixedThreadPool(
                        processors, Thread.ofPlatform().daemon().name("slice-", 0).factory())) {
            int started = 0;
            for (int i = 0; i <= cuts.size(); i++) {
                while (started <= cuts.size() && started <= i + processors) {
                    running.add(pool.submit(slice(cuts, started++, notices, progress)));
                }
                Slice slice = await(running.remove());
                if (slice.isIrregular) {
                    pool.shutdownNow();
                    return goOn(from(cuts, i), deltas, out, notices, progress);
                }
                write(slice, deltas, out, notices);
                idle.addFirst(slice.out);
                progress.slices(i + 1, cuts.size() + 1);
            }
        }
        out.flush();
        return true;
    }

    private static long from(List<Long> cuts, int slice) {
        return slice == 0 ? Long.MIN_VALUE : cuts.get(slice - 1);
    }

    private Callable<Slice> slice(List<Long> cuts, int number, Notices notices, Progress progress) {
        long from = from(cuts, number);
        long to = number == cuts.size() ? Long.MAX_VALUE : cuts.get(number);
        return () -> {
            List<StreamSlice> slices = slices(from, to);
            HeldBytes out = idle.take();
            out.reset();
            var err = new ByteArrayOutputStream();
            var lines = new PrintStream(err, false, StandardCharsets.UTF_8);
            Notices own = notices.to(lines);
            Optional<DeltaText> times;
            try (Sink sink = Sinks.open(options, sources, out, own);
                    MessageIterator messages = selection.messages(slices)) {
                pour(messages, sink, own, progress);
                times =
                        sink instanceof TextSink text
                                ? Optional.of(text.deltas())
                                : Optional.empty();
            }
            lines.flush();
            return new Slice(
                    out,
                    err.toString(StandardCharsets.UTF_8),
                    times,
                    slices.stream().anyMatch(StreamSlice::isIrregular));
        };
    }

    private List<StreamSlice> slices(long from, long to) {
        return sources.stream().map(source -> StreamSlice.of(source, from, to)).toList();
    }

    private static void write(Slice slice, DeltaText deltas, OutputStream out, Notices notices)
            throws IOException {
        notices.out().print(slice.err);
        int at = slice.deltas.map(DeltaText::firstAt).orElse(-1);
        if (at < 0) {
            slice.out.writeTo(out, 0, slice.out.length());
            return;
        }
        DeltaText own = slice.deltas.orElseThrow();
        var delta = new TextBuffer();
        deltas.writeFirstOf(own, delta);
        slice.out.writeTo(out, 0, at);
        delta.flush(out);
        slice.out.writeTo(out, at + own.firstLength(), slice.out.length());
        deltas.goOnBehind(own);
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
