// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The last line of a terminal, written over and over. Any thread may use it.
public final class LiveLine implements AutoCloseable {
    /// To the line's begin, then nothing to its end.
    private static final String ERASE = "\r\033[K";

    private final PrintStream terminal;
    private boolean isShown;
    private boolean isClosed;

    /// Nothing is shown yet.
    public LiveLine(PrintStream terminal) {
        this.terminal = terminal;
    }

    /// Shows a text in the place of the one before.
    public synchronized void show(String text) {
        if (!isClosed) {
            terminal.print(ERASE + text);
            terminal.flush();
            isShown = true;
        }
    }

    /// Takes the text away, so that something else can be printed.
    public synchronized void erase() {
        if (isShown) {
            terminal.print(ERASE);
            terminal.flush();
            isShown = false;
        }
    }

    /// Takes the line away for good.
    @Override
    public synchronized void close() {
        erase();
        isClosed = true;
    }

    /// The terminal for other text, which takes the place of the line.
    public PrintStream around() {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int one) {
                        write(new byte[] {(byte) one}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        synchronized (LiveLine.this) {
                            erase();
                            terminal.write(bytes, offset, length);
                        }
                    }

                    @Override
                    public void flush() throws IOException {
                        terminal.flush();
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }
}
