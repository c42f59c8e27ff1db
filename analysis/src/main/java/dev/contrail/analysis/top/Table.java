// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A view at one moment. Nothing of it changes any more.
///
/// @param begin of the time that it is about, nanoseconds since the origin
/// @param end of that time
public record Table(TopView view, Period period, long begin, long end, List<Row> rows) {
    public Table {
        rows = List.copyOf(rows);
    }

    /// One row.
    ///
    /// @param cells as the view's columns are: `String`, `Long`, `Double`, or null for what is not
    ///   known
    public record Row(@Nullable Object... cells) {
        /// The text of a cell; empty for what is no text.
        public String text(int column) {
            return cells[column] instanceof String text ? text : "";
        }

        /// The number in a cell; 0 for what is none.
        public double number(int column) {
            return cells[column] instanceof Number number ? number.doubleValue() : 0;
        }

        /// What the row is about, in its view.
        public List<Object> key(TopView view) {
            var key = new ArrayList<Object>();
            for (int i = 0; i < view.keys(); i++) {
                Object cell = cells[i];
                key.add(cell == null ? "" : cell);
            }
            return key;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Row row && Arrays.equals(cells, row.cells);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(cells);
        }

        @Override
        public String toString() {
            return Arrays.toString(cells);
        }
    }

    /// Seconds that it is about.
    public double seconds() {
        return (end - begin) / 1e9;
    }

    /// The same rows in the order of a column: the most first, names from A to Z.
    ///
    /// @param isReversed the other way round
    public Table sorted(int column, boolean isReversed) {
        Comparator<Row> order =
                view.columns().get(column).unit().isAmount()
                        ? Comparator.comparingDouble((Row row) -> -row.number(column))
                        : Comparator.comparing((Row row) -> row.text(column))
                                .thenComparingDouble(row -> row.number(column));
        var sorted = new ArrayList<>(rows);
        sorted.sort(
                (isReversed ? order.reversed() : order)
                        .thenComparing(row -> row.key(view), Table::compareKeys));
        return new Table(view, period, begin, end, sorted);
    }

    private static int compareKeys(List<Object> one, List<Object> other) {
        for (int i = 0; i < one.size(); i++) {
            boolean areNumbers = one.get(i) instanceof Long && other.get(i) instanceof Long;
            int order =
                    areNumbers
                            ? Long.compare((Long) one.get(i), (Long) other.get(i))
                            : one.get(i).toString().compareTo(other.get(i).toString());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /// The first rows only.
    public Table limited(int most) {
        return new Table(view, period, begin, end, rows.subList(0, Math.min(most, rows.size())));
    }
}
