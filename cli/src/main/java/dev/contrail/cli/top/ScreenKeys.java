// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.Period;
import dev.contrail.analysis.top.Table;
import dev.contrail.analysis.top.TopView;
import dev.contrail.analysis.top.Wanted;
import dev.contrail.cli.top.ScreenModel.Mode;
import dev.contrail.cli.top.ScreenModel.Order;
import dev.tamboui.tui.event.KeyCode;
import dev.tamboui.tui.event.KeyEvent;
import java.util.List;
import java.util.function.Supplier;

/// What keys do.
final class ScreenKeys {
    /// The keys and what they do, as help shows them.
    static final List<String> HELP =
            List.of(
                    "1 to 9, 0, Tab     another view; Shift-Tab: the one before",
                    "Up Down PgUp PgDn  another row; Home, End: the first, the last",
                    "Enter              all about the process of the row; Escape: back",
                    "Left Right, < >    rows in the order of another column; r: reversed",
                    "t                  since the begin, or only the last interval",
                    "/                  search; n: the next one; Ctrl-U: empty what is typed",
                    "f                  only processes with that number, or that in their names",
                    "h                  only the next host; after the last one all",
                    "Space              pause, and go on",
                    ".                  one interval more (stored traces)",
                    "+ -                twice, half as fast (stored traces)",
                    "?                  this page",
                    "Ctrl-Z             stop; fg goes on",
                    "q, Ctrl-C          end");

    private final ScreenModel model;
    private final Playback playback;
    private final Supplier<List<String>> hosts;

    /// @param hosts the names of all machines
    ScreenKeys(ScreenModel model, Playback playback, Supplier<List<String>> hosts) {
        this.model = model;
        this.playback = playback;
        this.hosts = hosts;
    }

    void press(KeyEvent key) {
        if (key.isCtrlC()) {
            model.isOver = true;
        } else if (key.hasCtrl() && key.isCharIgnoreCase('z')) {
            model.isStopping = true;
        } else if (model.mode == Mode.SEARCH || model.mode == Mode.FILTER) {
            type(key);
        } else if (key.code() == KeyCode.CHAR) {
            character(key.character());
        } else {
            other(key);
        }
    }

    private void type(KeyEvent key) {
        switch (key.code()) {
            case CHAR -> {
                if (key.hasCtrl() && key.character() == 'u') {
                    model.typed = "";
                } else if (!key.hasCtrl() && !key.hasAlt()) {
                    model.typed += key.character();
                }
            }
            case BACKSPACE -> {
                if (!model.typed.isEmpty()) {
                    model.typed =
                            model.typed.substring(
                                    0, model.typed.offsetByCodePoints(model.typed.length(), -1));
                }
            }
            case ENTER -> {
                if (model.mode == Mode.FILTER) {
                    model.wanted = new Wanted(model.wanted.host(), model.typed);
                }
                model.mode = Mode.TABLE;
                return;
            }
            case ESCAPE -> {
                model.mode = Mode.TABLE;
                return;
            }
            default -> {}
        }
        if (model.mode == Mode.SEARCH) {
            model.searched = model.typed;
            model.search(false);
        }
    }

    private void character(char key) {
        switch (key) {
            case 'q', 'Q' -> quit();
            case '?' -> turn(model.mode == Mode.HELP ? Mode.TABLE : Mode.HELP);
            case ' ' -> playback.pause(!playback.isPaused());
            case '.' -> playback.step();
            case '+', '=' -> playback.changeSpeed(2);
            case '-' -> playback.changeSpeed(0.5);
            case 't' -> {
                boolean isTotal = model.period == Period.TOTAL;
                model.period = isTotal ? Period.INTERVAL : Period.TOTAL;
            }
            case 'r' -> {
                Order order = model.order();
                model.order(new Order(order.column(), !order.isReversed()));
            }
            case '/' -> begin(Mode.SEARCH, "");
            case 'n' -> model.search(true);
            case 'f', '\\' -> begin(Mode.FILTER, model.wanted.process());
            case 'h' -> nextHost();
            case '<' -> nextColumn(-1);
            case '>' -> nextColumn(1);
            case 'j' -> move(1);
            case 'k' -> move(-1);
            default -> {
                int number = "1234567890".indexOf(key);
                if (number >= 0 && number < TopView.values().length) {
                    model.mode = Mode.TABLE;
                    model.isViewChosen = true;
                    model.show(TopView.values()[number]);
                }
            }
        }
    }

    /// Where there is another page in the way, that is left first.
    private void quit() {
        if (model.mode == Mode.TABLE) {
            model.isOver = true;
        }
        model.mode = Mode.TABLE;
    }

    /// Shows another page from its begin on.
    private void turn(Mode page) {
        model.mode = page;
        model.pageTop = 0;
    }

    private void begin(Mode mode, String text) {
        model.mode = mode;
        model.typed = text;
    }

    private void other(KeyEvent key) {
        switch (key.code()) {
            case UP -> move(-1);
            case DOWN -> move(1);
            case PAGE_UP -> move(-model.page);
            case PAGE_DOWN -> move(model.page);
            case HOME -> move(-1_000_000);
            case END -> move(1_000_000);
            case LEFT -> nextColumn(-1);
            case RIGHT -> nextColumn(1);
            case TAB -> {
                TopView[] all = TopView.values();
                int next = model.view.ordinal() + (key.hasShift() ? -1 : 1);
                model.mode = Mode.TABLE;
                model.isViewChosen = true;
                model.show(all[Math.floorMod(next, all.length)]);
            }
            case ENTER -> details();
            case F1 -> turn(Mode.HELP);
            case F10 -> model.isOver = true;
            case ESCAPE -> model.mode = Mode.TABLE;
            default -> {}
        }
    }

    private void move(int rows) {
        if (model.mode == Mode.TABLE) {
            model.select(model.selectedRow() + rows);
        } else {
            model.pageTop = Math.max(0, model.pageTop + rows);
        }
    }

    private void nextColumn(int by) {
        int columns = model.view.columns().size();
        Order order = model.order();
        model.order(new Order(Math.floorMod(order.column() + by, columns), order.isReversed()));
    }

    private void nextHost() {
        List<String> all = hosts.get();
        int next = all.indexOf(model.wanted.host()) + 1;
        model.wanted = new Wanted(next < all.size() ? all.get(next) : "", model.wanted.process());
    }

    private void details() {
        Table table = model.table();
        if (model.mode != Mode.TABLE || table == null || table.rows().isEmpty()) {
            return;
        }
        Table.Row row = table.rows().get(model.selectedRow());
        Integer pid = model.view.column("pid").orElse(-1);
        if (pid < 0 || !(row.cells()[pid] instanceof Long number)) {
            return; // it is about no process
        }
        model.detailed = new Wanted(row.text(0), "", number);
        model.detailedName = model.view.column("name").map(row::text).orElse("");
        turn(Mode.DETAILS);
    }
}
