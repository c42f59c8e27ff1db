// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.Period;
import dev.contrail.analysis.top.Table;
import dev.contrail.analysis.top.TopColumn;
import dev.contrail.analysis.top.TopState;
import dev.contrail.analysis.top.TopView;
import dev.contrail.analysis.top.Wanted;
import dev.contrail.ctf.LocalTimeZone;
import java.io.PrintStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// Tables on standard output, plain or as JSON.
final class BatchOutput {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS");

    private static final long NANOS = 1_000_000_000L;

    private final PrintStream out;
    private final TopOptions options;

    BatchOutput(PrintStream out, TopOptions options) {
        this.out = out;
        this.options = options;
    }

    /// Prints the views that are wanted.
    void print(TopState state, Period period) {
        boolean hasHosts = state.hosts().size() > 1;
        for (TopView view : views(state, period)) {
            Table table = state.table(view, period, options.wanted());
            int column = view.column(options.sort()).orElse(view.order());
            boolean isReversed = options.isReversed() && view.column(options.sort()).isPresent();
            table = table.sorted(column, isReversed).limited(options.most());
            if (options.isJson()) {
                out.println(Json.line(table, state));
            } else {
                print(table, hasHosts, state);
            }
        }
        out.flush();
    }

    private List<TopView> views(TopState state, Period period) {
        return options.views().isEmpty()
                ? List.of(usual(state, period, options.wanted()))
                : options.views();
    }

    /// The view that says something, where the user has named none.
    static TopView usual(TopState state, Period period, Wanted wanted) {
        return TopOptions.USUAL.stream()
                .filter(each -> !state.table(each, period, wanted).rows().isEmpty())
                .findFirst()
                .orElse(TopOptions.USUAL.getFirst());
    }

    private void print(Table table, boolean hasHosts, TopState state) {
        out.println(heading(table, state));
        List<TopColumn> columns = table.view().columns();
        var lines = new ArrayList<List<String>>();
        lines.add(columns.stream().map(TopColumn::title).toList());
        for (Table.Row row : table.rows()) {
            var line = new ArrayList<String>();
            for (int i = 0; i < columns.size(); i++) {
                line.add(CellText.of(columns.get(i).unit(), row.cells()[i]));
            }
            lines.add(line);
        }
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            var text = new StringBuilder();
            for (int i = hasHosts ? 0 : 1; i < widths.length; i++) {
                boolean isLeft = columns.get(i).unit() == TopColumn.Unit.TEXT;
                String form = (isLeft ? "%-" : "%") + widths[i] + "s  ";
                text.append(form.formatted(line.get(i)));
            }
            out.println(text.toString().stripTrailing());
        }
        out.println();
    }

    private static String heading(Table table, TopState state) {
        if (table.begin() == Long.MIN_VALUE) {
            return "%s: no event yet".formatted(table.view().title());
        }
        return "%s, %s to %s (%.3f s), %s"
                .formatted(
                        table.view().title(),
                        time(table.begin()),
                        time(table.end()),
                        table.seconds(),
                        lost(state));
    }

    /// What was lost since the begin, in words.
    static String lost(TopState state) {
        return "lost since the begin: %,d events, %,d packets%s"
                .formatted(
                        state.lostEvents(),
                        state.lostPackets(),
                        state.uncountedLosses() == 0
                                ? ""
                                : ", %,d times perhaps more".formatted(state.uncountedLosses()));
    }

    static String time(long nanos) {
        return TIME.format(
                LocalTimeZone.at(
                        Instant.ofEpochSecond(
                                Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))));
    }
}
