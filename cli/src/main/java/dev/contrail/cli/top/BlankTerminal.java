// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.tamboui.buffer.DiffResult;
import dev.tamboui.layout.Position;
import dev.tamboui.layout.Size;
import dev.tamboui.terminal.Backend;

/// A terminal that shows nobody anything, and whose user presses some keys.
final class BlankTerminal implements Backend {
    private static final Size SIZE = new Size(120, 40);
    private static final int NO_KEY = -2;

    private final String keys;
    private int pressed;

    BlankTerminal(String keys) {
        this.keys = keys;
    }

    @Override
    public void draw(DiffResult changes) {}

    @Override
    public void flush() {}

    @Override
    public void clear() {}

    @Override
    public Size size() {
        return SIZE;
    }

    @Override
    public void showCursor() {}

    @Override
    public void hideCursor() {}

    @Override
    public Position getCursorPosition() {
        return new Position(0, 0);
    }

    @Override
    public void setCursorPosition(Position position) {}

    @Override
    public void enterAlternateScreen() {}

    @Override
    public void leaveAlternateScreen() {}

    @Override
    public void enableRawMode() {}

    @Override
    public void disableRawMode() {}

    @Override
    public void onResize(Runnable handler) {}

    @Override
    public int read(int millis) {
        return pressed < keys.length() ? keys.charAt(pressed++) : NO_KEY;
    }

    @Override
    public int peek(int millis) {
        return pressed < keys.length() ? keys.charAt(pressed) : NO_KEY;
    }

    @Override
    public void close() {}
}
