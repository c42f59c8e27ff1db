// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.tamboui.buffer.DiffResult;
import dev.tamboui.layout.Position;
import dev.tamboui.layout.Size;
import dev.tamboui.terminal.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/// A terminal that keeps what is drawn, and has keys pressed.
final class PaperTerminal implements Backend {
    private static final int NO_KEY = -2;

    private final LinkedBlockingDeque<Integer> keys = new LinkedBlockingDeque<>();
    private final List<String> done = new ArrayList<>();
    private String[][] cells;
    private boolean hasStyles;
    private Runnable resized = () -> {};

    PaperTerminal(int width, int height) {
        cells = new String[height][width];
    }

    synchronized void resize(int width, int height) {
        cells = new String[height][width];
        resized.run();
    }

    void press(String text) {
        text.chars().forEach(keys::add);
    }

    /// The screen's lines, without blanks at their ends.
    synchronized List<String> lines() {
        var lines = new ArrayList<String>();
        for (String[] row : cells) {
            var line = new StringBuilder();
            for (String each : row) {
                line.append(each == null ? " " : each);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    String text() {
        return String.join("\n", lines());
    }

    /// What was done besides drawing, such as `raw` and `close`.
    synchronized List<String> done() {
        return List.copyOf(done);
    }

    synchronized boolean hasStyles() {
        return hasStyles;
    }

    @Override
    public synchronized void draw(DiffResult changes) {
        for (int i = 0; i < changes.size(); i++) {
            int x = changes.getX(i);
            int y = changes.getY(i);
            if (y < cells.length && x < cells[y].length) {
                cells[y][x] = changes.getCell(i).symbol();
                hasStyles |= changes.getCell(i).style().fg().isPresent();
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public synchronized void clear() {
        cells = new String[cells.length][cells[0].length];
    }

    @Override
    public synchronized Size size() {
        return new Size(cells[0].length, cells.length);
    }

    @Override
    public void showCursor() {
        tell("show cursor");
    }

    @Override
    public void hideCursor() {
        tell("hide cursor");
    }

    @Override
    public Position getCursorPosition() {
        return new Position(0, 0);
    }

    @Override
    public void setCursorPosition(Position position) {}

    @Override
    public void enterAlternateScreen() {
        tell("alternate");
    }

    @Override
    public void leaveAlternateScreen() {
        tell("normal");
    }

    @Override
    public void enableRawMode() {
        tell("raw");
    }

    @Override
    public void disableRawMode() {
        tell("cooked");
    }

    @Override
    public synchronized void onResize(Runnable handler) {
        resized = handler;
    }

    @Override
    public int read(int millis) {
        try {
            Integer key = keys.poll(millis, TimeUnit.MILLISECONDS);
            return key == null ? NO_KEY : key;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NO_KEY;
        }
    }

    @Override
    public int peek(int millis) {
        int key = read(millis);
        if (key != NO_KEY) {
            keys.addFirst(key);
        }
        return key;
    }

    @Override
    public void close() {
        tell("close");
    }

    private synchronized void tell(String what) {
        done.add(what);
    }
}
