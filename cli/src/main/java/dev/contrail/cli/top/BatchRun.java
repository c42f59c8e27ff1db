// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.top.Period;
import dev.contrail.analysis.top.TopState;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.ctf.Reason;
import java.io.IOException;

/// Prints tables of what is read: of a stored trace once or interval by interval of its time, of a
/// live session every so often.
final class BatchRun {
    private static final long LOOK_NANOS = 10_000_000;

    /// The first table waits so long for something that it can show: a relay is sent what is
    /// recorded after a while only.
    private static final long FIRST_NANOS = 4_000_000_000L;

    private final TopOptions options;
    private final TopSource source;
    private final Console console;
    private final EndSignals ending;
    private final TopState state;
    private final BatchOutput output;
    private final long firstNanos;
    private int printed;
    private boolean isWhole = true;

    BatchRun(TopOptions options, TopSource source, Console console, EndSignals ending) {
        this(options, source, console, ending, FIRST_NANOS);
    }

    /// @param firstNanos how long the first table waits for something
    BatchRun(
            TopOptions options,
            TopSource source,
            Console console,
            EndSignals ending,
            long firstNanos) {
        this.firstNanos = firstNanos;
        this.options = options;
        this.source = source;
        this.console = console;
        this.ending = ending;
        state = source.state();
        output = new BatchOutput(console.out(), options);
    }

    /// @return the exit status
    int run() throws IOException {
        source.damage().forEach(this::tell);
        if (source.isLive()) {
            follow();
        } else if (options.delayNanos().isPresent()) {
            intervals(options.delayNanos().getAsLong());
        } else {
            whole();
        }
        return (isWhole ? ExitStatus.SUCCESS : ExitStatus.ERROR).number();
    }

    private void whole() throws IOException {
        MessageIterator reader = source.messages();
        while (reader.next() && !ending.isWanted()) {
            take(reader.current());
        }
        output.print(state, Period.TOTAL);
    }

    private void intervals(long interval) throws IOException {
        MessageIterator reader = source.messages();
        long end = Long.MIN_VALUE;
        while (!isEnough() && reader.next()) {
            boolean isTimed =
                    reader.current() instanceof Message.EventRecord event && event.hasTime();
            while (isTimed && end != Long.MIN_VALUE && reader.nanos() >= end && !isEnough()) {
                print(end);
                end += interval;
            }
            take(reader.current());
            if (isTimed && end == Long.MIN_VALUE) {
                end = reader.nanos() + interval;
            }
        }
        if (!isEnough() && state.now() != Long.MIN_VALUE) {
            print(state.now());
        }
    }

    private void print(long end) {
        state.endInterval(end);
        output.print(state, Period.INTERVAL);
        printed++;
    }

    private boolean isEnough() {
        return ending.isWanted()
                || options.count().isPresent() && printed >= options.count().getAsInt();
    }

    private void follow() throws IOException {
        long delay = options.delayNanos().orElse(TopCommand.USUAL_DELAY);
        try (Feed feed = source.live(state)) {
            boolean isEnded = false;
            while (!isEnded && !isEnough()) {
                if (hasBegun(feed, printed == 0 ? Math.max(delay, firstNanos) : delay)) {
                    ending.await(delay); // from the first event on
                }
                isEnded = ending.isWanted() || feed.isEnded();
                feed.takeNotes().forEach(each -> console.error("%s", Notices.line(each)));
                isWhole &= feed.damaged() == 0;
                print(state.now());
            }
            feed.failure().ifPresent(why -> tell(Reason.of(why)));
        }
    }

    /// Waits until something has come, so long.
    private boolean hasBegun(Feed feed, long delay) {
        long begin = System.nanoTime();
        while (state.now() == Long.MIN_VALUE
                && !feed.isEnded()
                && System.nanoTime() - begin < delay) {
            if (ending.await(LOOK_NANOS)) {
                return false;
            }
        }
        return state.now() != Long.MIN_VALUE;
    }

    private void take(Message message) {
        if (message instanceof Message.Damage(String what)) {
            tell(what);
        }
        state.accept(message);
    }

    private void tell(String what) {
        isWhole = false;
        console.error("%s", Notices.line(what));
    }
}
