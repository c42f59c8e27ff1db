// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.Period;
import dev.contrail.analysis.top.Table;
import dev.contrail.analysis.top.TopColumn;
import dev.contrail.analysis.top.TopView;
import dev.contrail.cli.top.ScreenModel.Order;
import dev.tamboui.buffer.Buffer;
import dev.tamboui.layout.Rect;
import dev.tamboui.style.Style;
import dev.tamboui.terminal.Frame;
import dev.tamboui.text.CharWidth;
import dev.tamboui.widgets.sparkline.Sparkline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Paints the whole screen, of any size.
final class ScreenPainter {
    /// What the figures of [ScreenModel#remember] are: hundredths of a percent of all processors,
    /// events a second.
    static final int CPU_FIGURE = 0;

    static final int RATE_FIGURE = 1;

    private static final int CURVE = 16;
    private static final int LEAST_BAR = 18;

    /// Lines of a note.
    private static final int MOST_NOTE = 3;

    private final ScreenModel model;
    private final Theme theme;

    ScreenPainter(ScreenModel model, Theme theme) {
        this.model = model;
        this.theme = theme;
    }

    /// Figures of the moment that are always in sight.
    ///
    /// @param title what is looked at
    /// @param status whether it is live, played, paused, over
    /// @param note what is to be said, above the last line; may be empty
    /// @param lost what was lost, in words
    /// @param hasLost whether anything was
    /// @param cpus the processors' table
    record Facts(
            String title,
            String status,
            String note,
            String lost,
            boolean hasLost,
            boolean hasHosts,
            Table cpus,
            List<List<String>> details) {}

    void paint(Frame frame, Facts facts) {
        Buffer buffer = frame.buffer();
        int width = frame.width();
        int height = frame.height();
        if (width < 1 || height < 1) {
            return;
        }
        int line = 0;
        String title = " contrail top  " + facts.title();
        String status = facts.status() + " ";
        int left = width - CharWidth.of(status);
        if (left > 13) {
            put(buffer, left, line, status, theme.title());
            title = CharWidth.substringByWidth(title, Math.min(CharWidth.of(title), left - 1));
        }
        put(buffer, 0, line, title, theme.title());
        line++;
        line = bars(buffer, line, width, height, facts);
        line = curves(frame, line, facts);
        line = tabs(buffer, line, width);
        List<String> note = note(facts.note(), width, height);
        int rows = Math.max(0, height - line - 1 - note.size());
        for (int i = 0; i < note.size(); i++) {
            put(buffer, 0, line + rows + i, note.get(i), theme.bad());
        }
        switch (model.mode) {
            case HELP -> page(buffer, line, rows, help());
            case DETAILS -> page(buffer, line, rows, details(facts));
            case TABLE, SEARCH, FILTER -> table(buffer, line, rows, width, facts);
        }
        if (height > 1) {
            footer(buffer, height - 1, width);
        }
    }

    /// Text within a line.
    private static void put(Buffer buffer, int x, int y, String text, Style style) {
        int room = buffer.width() - x;
        if (y < buffer.height() && room > 0) {
            String shown =
                    CharWidth.of(text) <= room ? text : CharWidth.substringByWidth(text, room);
            buffer.setString(x, y, shown, style);
        }
    }

    private int bars(Buffer buffer, int from, int width, int height, Facts facts) {
        List<Table.Row> cpus = facts.cpus().rows();
        int across = Math.max(1, width / Math.max(LEAST_BAR, Math.min(40, width / 2)));
        int most = Math.max(1, height / 5);
        int needed = (cpus.size() + across - 1) / across;
        while (needed > most && width / (across + 1) >= LEAST_BAR) {
            across++;
            needed = (cpus.size() + across - 1) / across;
        }
        int lines = Math.min(most, needed);
        int bar = width / across;
        int usage = TopView.CPUS.column("usage").orElseThrow();
        for (int i = 0; i < cpus.size() && i < lines * across; i++) {
            Table.Row row = cpus.get(i);
            double used = row.number(usage);
            String name = (facts.hasHosts() ? row.text(0) + " " : "") + (long) row.number(1);
            String percent = String.format(Locale.ROOT, "%5.1f%%", used);
            int room = bar - CharWidth.of(name) - percent.length() - 4;
            int full = (int) Math.round(Math.clamp(used / 100, 0, 1) * Math.max(0, room));
            int x = i / lines * bar;
            int y = from + i % lines;
            put(buffer, x, y, name + "[", theme.plain());
            x += CharWidth.of(name) + 1;
            put(buffer, x, y, "|".repeat(full), used >= 80 ? theme.busy() : theme.good());
            put(buffer, x + Math.max(0, room), y, percent + "]", theme.plain());
        }
        if (cpus.size() > lines * across && lines > 0) {
            int hidden = cpus.size() - lines * across;
            put(buffer, width - 12, from + lines - 1, " +%d more".formatted(hidden), theme.quiet());
        }
        return from + lines;
    }

    private int curves(Frame frame, int line, Facts facts) {
        Buffer buffer = frame.buffer();
        long[] cpu = model.history(CPU_FIGURE, CURVE);
        long[] rate = model.history(RATE_FIGURE, CURVE);
        int x = 1;
        if (buffer.width() >= 100 && line < buffer.height()) {
            x = curve(frame, x, line, "CPU", cpu, 10_000);
            x = curve(frame, x, line, "events/s", rate, -1);
        } else {
            String both =
                    String.format(
                            Locale.ROOT,
                            "CPU %.1f%%  events/s %,d  ",
                            last(cpu) / 100.0,
                            last(rate));
            put(buffer, x, line, both, theme.plain());
            x += both.length();
        }
        put(buffer, x, line, facts.lost(), facts.hasLost() ? theme.bad() : theme.plain());
        return line + 1;
    }

    private int curve(Frame frame, int from, int line, String name, long[] data, long most) {
        put(frame.buffer(), from, line, name, theme.plain());
        int x = from + name.length() + 1;
        var curve = Sparkline.builder().data(data);
        frame.renderWidget(
                (most < 0 ? curve.autoMax() : curve.max(most)).build(),
                new Rect(x, line, CURVE, 1));
        String number =
                most < 0
                        ? String.format(Locale.ROOT, " %,d  ", last(data))
                        : String.format(Locale.ROOT, " %.1f%%  ", last(data) / 100.0);
        put(frame.buffer(), x + CURVE, line, number, theme.plain());
        return x + CURVE + number.length();
    }

    private static long last(long[] data) {
        return data.length == 0 ? 0 : data[data.length - 1];
    }

    private int tabs(Buffer buffer, int line, int width) {
        String about = about();
        int room = width - (about.isEmpty() ? 0 : CharWidth.of(about) + 1);
        List<String> tabs = Tabs.of(model.view, room).texts();
        int x = 0;
        for (int i = 0; i < tabs.size(); i++) {
            boolean isShown = i == model.view.ordinal();
            put(buffer, x, line, tabs.get(i), isShown ? theme.marked() : theme.plain());
            x += tabs.get(i).length();
        }
        put(buffer, x + 1, line, about, theme.busy());
        return line + 1;
    }

    /// What the table is about, where that is not all of the last interval.
    private String about() {
        String about = model.period == Period.TOTAL ? " since the begin" : "";
        if (!model.wanted.process().isEmpty()) {
            about += "  only " + model.wanted.process();
        }
        if (!model.wanted.host().isEmpty()) {
            about += "  host " + model.wanted.host();
        }
        return about;
    }

    private void table(Buffer buffer, int line, int rows, int width, Facts facts) {
        Table table = model.table();
        if (rows < 1 || table == null) {
            return;
        }
        model.page = Math.max(1, rows - 1);
        int selected = model.selectedRow();
        model.scroll(selected);
        int end = Math.min(table.rows().size(), model.top + rows - 1);
        List<Table.Row> seen = table.rows().subList(Math.min(model.top, end), end);
        Order order = model.order();
        TableText text =
                TableText.of(
                        table, seen, order.column(), order.isReversed(), facts.hasHosts(), width);
        for (int i = 0; i < text.lines().size(); i++) {
            boolean isSelected = i > 0 && model.top + i - 1 == selected;
            put(
                    buffer,
                    0,
                    line + i,
                    text.lines().get(i),
                    i == 0 ? theme.title() : isSelected ? theme.marked() : theme.plain());
        }
        if (table.rows().isEmpty()) {
            put(buffer, 1, line + 1, nothing(facts), theme.quiet());
        }
    }

    private String nothing(Facts facts) {
        boolean isInterval = model.period == Period.INTERVAL;
        boolean hasKernel = !facts.cpus().rows().isEmpty();
        return switch (model.view) {
            case LOST -> "Nothing was lost.";
            case EVENTS -> isInterval ? "No event in the last interval." : "No event yet.";
            default ->
                    isInterval && hasKernel
                            ? "Nothing in the last interval; t shows all since the begin."
                            : "Nothing yet: the kernel's events say this, which root may record.";
        };
    }

    private void page(Buffer buffer, int line, int rows, List<String> text) {
        model.pageTop = Math.clamp(model.pageTop, 0, Math.max(0, text.size() - rows));
        for (int i = 0; i < rows && model.pageTop + i < text.size(); i++) {
            put(buffer, 1, line + i, text.get(model.pageTop + i), theme.plain());
        }
    }

    private List<String> help() {
        var text = new ArrayList<String>();
        text.add("The columns of this view:");
        for (TopColumn column : model.view.columns()) {
            text.add("  %-10s %s".formatted(column.title(), column.help()));
        }
        text.add("");
        text.add("Keys:");
        ScreenKeys.HELP.forEach(each -> text.add("  " + each));
        return text;
    }

    private List<String> details(Facts facts) {
        var text = new ArrayList<String>();
        text.add(
                "Process %d %s on %s"
                        .formatted(
                                model.detailed.pid(), model.detailedName, model.detailed.host()));
        facts.details()
                .forEach(lines -> {
                    text.add("");
                    text.addAll(lines);
                });
        return text;
    }

    private void footer(Buffer buffer, int line, int width) {
        String text =
                switch (model.mode) {
                    case SEARCH ->
                            " Search: "
                                    + model.typed
                                    + (model.isMissing ? "_  no row has that" : "_");
                    case FILTER -> " Only processes: " + model.typed + "_";
                    case HELP, DETAILS -> " Escape: back  Up, Down: scroll";
                    case TABLE ->
                            " ? help  / search  f filter  Enter details  < > order"
                                    + "  Space pause  q quit";
                };
        put(
                buffer,
                0,
                line,
                text + " ".repeat(Math.max(0, width - CharWidth.of(text))),
                theme.quiet());
    }

    /// What is to be said, in as many lines as there may be for that.
    private static List<String> note(String text, int width, int height) {
        var lines = new ArrayList<String>();
        String rest = text;
        int most = Math.clamp(height / 8, 1, MOST_NOTE);
        while (!rest.isEmpty() && width > 2 && lines.size() < most) {
            String line = CharWidth.substringByWidth(rest, width - 2);
            if (line.length() < rest.length() && lines.size() + 1 < most) {
                int blank = line.lastIndexOf(' ');
                line = blank > width / 2 ? line.substring(0, blank) : line;
            } else if (line.length() < rest.length()) {
                line = CharWidth.substringByWidth(rest, width - 3) + "…";
            }
            lines.add(" " + line);
            rest = line.length() >= rest.length() ? "" : rest.substring(line.length()).strip();
        }
        return lines;
    }
}
