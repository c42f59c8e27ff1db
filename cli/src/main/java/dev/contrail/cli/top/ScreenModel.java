// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.Period;
import dev.contrail.analysis.top.Table;
import dev.contrail.analysis.top.TopView;
import dev.contrail.analysis.top.Wanted;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the screen shows and where the user is on it. Its thread is the screen's.
final class ScreenModel {
    /// What keys mean and what is in the middle.
    enum Mode {
        TABLE,
        /// What columns and keys mean.
        HELP,
        /// All about one process.
        DETAILS,
        /// A text is typed that is looked for.
        SEARCH,
        /// A process is typed that alone is to be shown.
        FILTER
    }

    /// The order of a view's rows.
    record Order(int column, boolean isReversed) {}

    /// Intervals that are remembered for the curves.
    static final int MAX_HISTORY = 512;

    private final Map<TopView, Order> orders = new EnumMap<>(TopView.class);
    private final Deque<long[]> history = new ArrayDeque<>();

    Mode mode = Mode.TABLE;
    TopView view;

    /// Whether the user has said what to show.
    boolean isViewChosen;

    Period period = Period.INTERVAL;
    Wanted wanted;

    /// Who the selected row is about; empty for the first row.
    List<Object> selected = List.of();

    /// The first row that is shown.
    int top;

    /// The first line that is shown of help or details.
    int pageTop;

    /// Rows that the table has place for, as it was last drawn.
    int page = 10;

    /// What is typed, or was last looked for.
    String typed = "";

    String searched = "";

    /// Whether no row has what was last looked for.
    boolean isMissing;

    /// The process of the details.
    Wanted detailed = Wanted.ALL;

    String detailedName = "";
    boolean isOver;

    /// Whether the user wants the terminal back for a while.
    boolean isStopping;

    private @Nullable Table table;

    ScreenModel(TopOptions options) {
        isViewChosen = !options.views().isEmpty();
        view = isViewChosen ? options.views().getFirst() : TopOptions.USUAL.getFirst();
        wanted = options.wanted();
        for (TopView each : TopView.values()) {
            each.column(options.sort())
                    .ifPresent(column -> orders.put(each, new Order(column, options.isReversed())));
        }
    }

    Order order() {
        return orders.getOrDefault(view, new Order(view.order(), false));
    }

    void order(Order wantedOrder) {
        orders.put(view, wantedOrder);
    }

    /// Shows a view from its first row on.
    void show(TopView other) {
        view = other;
        selected = List.of();
        top = 0;
        table = null;
    }

    /// The rows as they are shown, in order; null before the first.
    @Nullable Table table() {
        return table;
    }

    /// Takes new figures.
    void table(Table fresh) {
        Order order = order();
        table = fresh.sorted(order.column(), order.isReversed());
    }

    private List<Table.Row> rows() {
        Table shown = table;
        return shown == null ? List.of() : shown.rows();
    }

    /// Which row is selected: the one that it was, wherever that is now.
    int selectedRow() {
        List<Table.Row> rows = rows();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).key(view).equals(selected)) {
                return i;
            }
        }
        return 0;
    }

    /// Selects another row, as near as there is one.
    void select(int row) {
        List<Table.Row> rows = rows();
        if (rows.isEmpty()) {
            return;
        }
        int chosen = Math.clamp(row, 0, rows.size() - 1);
        // Nobody has chosen the first one: it is whichever comes first.
        selected = chosen == 0 ? List.of() : rows.get(chosen).key(view);
        scroll(chosen);
    }

    /// Shows the selected row.
    void scroll(int row) {
        if (row < top) {
            top = row;
        } else if (row >= top + page) {
            top = row - page + 1;
        }
        top = Math.clamp(top, 0, Math.max(0, rows().size() - page));
    }

    /// Selects the next row with the text, after the selected one or from it on.
    void search(boolean isNext) {
        String text = searched.toLowerCase(Locale.ROOT);
        List<Table.Row> rows = rows();
        int from = selectedRow() + (isNext ? 1 : 0);
        isMissing = false;
        for (int i = 0; i < rows.size(); i++) {
            int at = (from + i) % rows.size();
            for (Object cell : rows.get(at).cells()) {
                if (cell != null && cell.toString().toLowerCase(Locale.ROOT).contains(text)) {
                    select(at);
                    return;
                }
            }
        }
        isMissing = true;
    }

    /// Remembers one interval for the curves.
    void remember(long... figures) {
        if (history.size() == MAX_HISTORY) {
            history.removeFirst();
        }
        history.addLast(figures);
    }

    /// One figure of the last intervals, the oldest first.
    long[] history(int figure, int most) {
        return history.stream()
                .skip(Math.max(0, history.size() - most))
                .mapToLong(each -> each[figure])
                .toArray();
    }
}
