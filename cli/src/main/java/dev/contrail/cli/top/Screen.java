// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.top.Period;
import dev.contrail.analysis.top.Table;
import dev.contrail.analysis.top.TopState;
import dev.contrail.analysis.top.TopView;
import dev.contrail.analysis.top.Wanted;
import dev.contrail.cli.top.ScreenModel.Mode;
import dev.contrail.cli.top.ScreenModel.Order;
import dev.contrail.cli.top.ScreenPainter.Facts;
import dev.tamboui.terminal.Backend;
import dev.tamboui.terminal.Terminal;
import dev.tamboui.tui.event.Event;
import dev.tamboui.tui.event.EventParser;
import dev.tamboui.tui.event.KeyEvent;
import dev.tamboui.tui.event.MouseEvent;
import dev.tamboui.tui.event.MouseEventKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The full screen: asks the state for tables, paints them, and does what keys say, all on one
/// thread.
final class Screen {
    /// How long it looks for a key before it looks whether there are new figures.
    private static final int LOOK_MILLIS = 40;

    /// Rows of each table of a process's details.
    private static final int DETAIL_ROWS = 8;

    private static final List<TopView> DETAILS =
            List.of(
                    TopView.PROCESSES,
                    TopView.THREADS,
                    TopView.SCHEDULING,
                    TopView.THREAD_SYSCALLS,
                    TopView.IO,
                    TopView.EVENTS);

    private static final int PROCESS_NAME = TopView.PROCESSES.column("name").orElseThrow();

    /// What the figures on the screen are an answer to.
    private record Asked(int intervals, TopView view, Period period, Wanted wanted, Order order) {}

    /// How long something is told.
    private static final long NOTE_NANOS = 30_000_000_000L;

    /// After so many delays without anything new it is said that there is nothing.
    private static final int QUIET_DELAYS = 2;

    /// Nobody needs to know of less.
    private static final long LEAST_BEHIND = 3_000_000_000L;

    private final String title;

    /// What is told all the time.
    private final String standing;

    private final boolean isPresent;
    private final TopState state;
    private final Feed feed;
    private final Playback playback;
    private final boolean isLive;
    private final EndSignals ending;
    private final long delayNanos;
    private final ScreenModel model;
    private final ScreenKeys keys;
    private final ScreenPainter painter;

    /// Whether the user's terminal has another size now.
    private final AtomicBoolean isResized = new AtomicBoolean();

    private @Nullable Asked shown;
    private Table cpus =
            new Table(TopView.CPUS, Period.INTERVAL, Long.MIN_VALUE, Long.MIN_VALUE, List.of());
    private long lastMessages = -1;
    private String note = "";

    /// When it was first told ([System#nanoTime]).
    private long noted;

    private int frames;

    Screen(
            TopSource source,
            TopState state,
            Feed feed,
            Playback playback,
            TopOptions options,
            Theme theme,
            EndSignals ending) {
        title = Notices.line(source.title());
        standing = Notices.line(source.note());
        isPresent = source.isPresent();
        source.damage().forEach(this::note);
        isLive = source.isLive();
        this.ending = ending;
        this.state = state;
        this.feed = feed;
        this.playback = playback;
        delayNanos = options.delayNanos().orElse(TopCommand.USUAL_DELAY);
        model = new ScreenModel(options);
        keys = new ScreenKeys(model, playback, state::hosts);
        painter = new ScreenPainter(model, theme);
    }

    /// Shows it until the user has enough.
    ///
    /// @param screen its backend is closed then, which leaves the terminal as it was
    void run(FullScreen screen) throws IOException {
        Backend backend = screen.backend();
        try (var terminal = new Terminal<>(backend)) {
            screen.enter();
            backend.onResize(() -> isResized.set(true));
            try {
                loop(terminal, screen);
            } finally {
                backend.clear(); // some terminals show what is left of it, where they have grown
            }
        }
    }

    private void loop(Terminal<Backend> terminal, FullScreen screen) throws IOException {
        long next = System.nanoTime();
        boolean isDue = true;
        while (!ending.isWanted() && !model.isOver) {
            if (hasNews(next)) {
                next = System.nanoTime() + delayNanos;
                isDue = true;
            }
            if (isResized.getAndSet(false) | screen.retake()) {
                terminal.clear();
                isDue = true;
            }
            if (isDue) {
                draw(terminal);
                isDue = false;
            }
            Event event = EventParser.readEvent(screen.backend(), LOOK_MILLIS);
            if (event != null) {
                isDue = handle(event);
            }
            if (model.isStopping) {
                model.isStopping = false;
                screen.suspend();
            }
        }
    }

    /// Whether figures are new, which those of a live session are every so often, and those of a
    /// stored trace when they are played.
    private boolean hasNews(long next) {
        if (isLive) {
            long messages = state.messages();
            boolean isTime = System.nanoTime() >= next || state.intervals() == 0;
            boolean isQuiet = System.nanoTime() - next >= QUIET_DELAYS * delayNanos;
            boolean isNew = messages != lastMessages || isQuiet;
            if (playback.isPaused() || !isTime || !isNew || state.now() == Long.MIN_VALUE) {
                return tell();
            }
            lastMessages = messages;
            state.endInterval(state.now());
        } else if (state.intervals() == frames) {
            return tell();
        }
        frames = state.intervals();
        remember();
        tell();
        return true;
    }

    /// Whether there is something that the user does not know yet, or need not know any more.
    private boolean tell() {
        String before = note;
        feed.takeNotes().forEach(this::note);
        feed.failure().ifPresent(why -> note(String.valueOf(why.getMessage())));
        if (!note.isEmpty() && System.nanoTime() - noted > NOTE_NANOS) {
            note = "";
        }
        return !note.equals(before);
    }

    private void note(String what) {
        note = Notices.line(what);
        noted = System.nanoTime();
    }

    private void remember() {
        Table cpus = state.table(TopView.CPUS, Period.INTERVAL, model.wanted);
        int usage = TopView.CPUS.column("usage").orElseThrow();
        double used =
                cpus.rows().stream().mapToDouble(row -> row.number(usage)).average().orElse(0);
        model.remember(Math.round(used * 100), Math.round(state.rate()));
        if (!model.isViewChosen && state.events() > 0) {
            TopView usual = BatchOutput.usual(state, Period.TOTAL, model.wanted);
            if (usual != model.view) {
                model.show(usual);
            }
        }
    }

    private boolean handle(Event event) {
        switch (event) {
            case KeyEvent key -> keys.press(key);
            case MouseEvent mouse when mouse.kind() == MouseEventKind.SCROLL_DOWN -> wheel(3);
            case MouseEvent mouse when mouse.kind() == MouseEventKind.SCROLL_UP -> wheel(-3);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void wheel(int rows) {
        if (model.mode == Mode.TABLE) {
            model.select(model.selectedRow() + rows);
        } else {
            model.pageTop = Math.max(0, model.pageTop + rows);
        }
    }

    private void draw(Terminal<Backend> terminal) throws IOException {
        look();
        terminal.draw(frame -> painter.paint(frame, facts(frame.width())));
    }

    /// Takes new figures, if there are any, or others are wanted.
    private void look() {
        var asked =
                new Asked(state.intervals(), model.view, model.period, model.wanted, model.order());
        if (!asked.equals(shown) || model.table() == null) {
            shown = asked;
            model.table(state.table(model.view, model.period, model.wanted));
            cpus =
                    state.table(TopView.CPUS, model.period, model.wanted)
                            .sorted(TopView.CPUS.column("host").orElseThrow(), false);
        }
    }

    private Facts facts(int width) {
        boolean hasLost = state.lostEvents() + state.lostPackets() + state.uncountedLosses() != 0;
        String lost =
                "Lost %,d events, %,d packets%s"
                        .formatted(
                                state.lostEvents(),
                                state.lostPackets(),
                                state.uncountedLosses() == 0 ? "" : " or more");
        return new Facts(
                title,
                status(),
                note.isEmpty() ? standing : note,
                lost,
                hasLost,
                state.hosts().size() > 1,
                cpus,
                model.mode == Mode.DETAILS ? details(width - 1) : List.of());
    }

    private String status() {
        String time =
                state.now() == Long.MIN_VALUE
                        ? ""
                        : BatchOutput.time(state.now()).substring(11, 21) + "  ";
        if (feed.isEnded()) {
            return time + (feed.failure().isPresent() ? "broken off" : "ended");
        }
        String speed = isLive ? "" : " x" + speed();
        return time
                + (playback.isPaused()
                        ? "paused" + speed
                        : isLive ? "live" + behind() : "playing" + speed);
    }

    /// How much it is late, where that can be known.
    private String behind() {
        long nanos = System.currentTimeMillis() * 1_000_000 - state.now();
        return !isPresent || state.now() == Long.MIN_VALUE || nanos < LEAST_BEHIND
                ? ""
                : ", %,d s behind".formatted(nanos / 1_000_000_000);
    }

    private String speed() {
        double speed = playback.speed();
        return speed == Math.rint(speed)
                ? String.format(Locale.ROOT, "%,d", (long) speed)
                : String.format(Locale.ROOT, "%.3g", speed);
    }

    private List<List<String>> details(int width) {
        var all = new ArrayList<List<String>>();
        for (TopView view : DETAILS) {
            Table table =
                    state.table(view, model.period, model.detailed).sorted(view.order(), false);
            if (table.rows().isEmpty()) {
                continue;
            }
            if (view == TopView.PROCESSES) {
                model.detailedName = table.rows().getFirst().text(PROCESS_NAME);
            }
            var lines = new ArrayList<String>();
            int rows = table.rows().size();
            lines.add(
                    rows <= DETAIL_ROWS
                            ? view.title()
                            : "%s: the first %d of %,d".formatted(view.title(), DETAIL_ROWS, rows));
            lines.addAll(
                    TableText.of(
                                    table,
                                    table.limited(DETAIL_ROWS).rows(),
                                    view.order(),
                                    false,
                                    false,
                                    width)
                            .lines());
            all.add(lines);
        }
        return all;
    }
}
