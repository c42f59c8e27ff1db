// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.Table;
import dev.contrail.analysis.top.TopColumn;
import dev.contrail.analysis.top.TopColumn.Unit;
import dev.tamboui.text.CharWidth;
import java.util.ArrayList;
import java.util.List;

/// Some rows of a table as lines of a width: the columns that fit, the most important first.
///
/// @param lines the first has the columns' titles
/// @param columns which columns there are
record TableText(List<String> lines, List<Integer> columns) {
    private static final int GAP = 1;
    private static final int LEAST_TEXT = 15;
    private static final int MOST_TEXT = 60;

    /// @param rows those that are to be seen
    /// @param sorted the column that rows are in the order of, which stays
    /// @param isReversed whether that is the other way round
    /// @param hasHosts whether there is more than one machine
    static TableText of(
            Table table,
            List<Table.Row> rows,
            int sorted,
            boolean isReversed,
            boolean hasHosts,
            int width) {
        List<TopColumn> all = table.view().columns();
        var columns = new ArrayList<Integer>();
        var texts = new ArrayList<List<String>>();
        var widths = new ArrayList<Integer>();
        for (int i = hasHosts ? 0 : 1; i < all.size(); i++) {
            TopColumn column = all.get(i);
            var text = new ArrayList<String>();
            String mark = i != sorted ? "" : isReversed ? "^" : "v";
            text.add(column.title() + mark);
            for (Table.Row row : rows) {
                text.add(CellText.of(column.unit(), row.cells()[i]));
            }
            int most = text.stream().mapToInt(CharWidth::of).max().orElse(0);
            columns.add(i);
            texts.add(text);
            widths.add(Math.clamp(most, least(column.unit()), MOST_TEXT));
        }
        fit(table, columns, texts, widths, sorted, width);
        var lines = new ArrayList<String>();
        for (int line = 0; line <= rows.size(); line++) {
            var text = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                boolean isLeft = all.get(columns.get(i)).unit() == Unit.TEXT;
                text.append(i == 0 ? "" : " ".repeat(GAP));
                text.append(cell(texts.get(i).get(line), widths.get(i), isLeft));
            }
            lines.add(text.toString());
        }
        return new TableText(List.copyOf(lines), List.copyOf(columns));
    }

    private static int least(Unit unit) {
        return switch (unit) {
            case ID, PERCENT -> 6;
            case COUNT, NANOS, BYTES -> 7;
            case RATE -> 9;
            case TEXT -> 4;
        };
    }

    private static void fit(
            Table table,
            List<Integer> columns,
            List<List<String>> texts,
            List<Integer> widths,
            int sorted,
            int width) {
        for (int i = columns.size() - 1; i >= 0 && sum(widths) > width; i--) {
            boolean isText = table.view().columns().get(columns.get(i)).unit() == Unit.TEXT;
            if (isText) {
                int over = sum(widths) - width;
                widths.set(i, Math.max(Math.min(LEAST_TEXT, widths.get(i)), widths.get(i) - over));
            }
        }
        for (int i = columns.size() - 1; i > 0 && sum(widths) > width; i--) {
            int column = columns.get(i);
            if (column >= table.view().keys() && column != sorted) {
                columns.remove(i);
                texts.remove(i);
                widths.remove(i);
            }
        }
        // What was given away for columns that are gone now goes to the texts again.
        for (int i = 0; i < columns.size() && sum(widths) < width; i++) {
            int wanted = texts.get(i).stream().mapToInt(CharWidth::of).max().orElse(0);
            widths.set(
                    i,
                    Math.max(widths.get(i), Math.min(wanted, widths.get(i) + width - sum(widths))));
        }
    }

    private static int sum(List<Integer> widths) {
        return widths.stream().mapToInt(each -> each + GAP).sum() - GAP;
    }

    private static String cell(String text, int width, boolean isLeft) {
        String shown = text;
        if (CharWidth.of(text) > width) {
            shown = CharWidth.substringByWidth(text, width - 1) + "…";
        }
        String blanks = " ".repeat(Math.max(0, width - CharWidth.of(shown)));
        return isLeft ? shown + blanks : blanks + shown;
    }
}
