// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.tamboui.backend.jline3.JLineBackend;
import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/// The terminal on standard input and output. Used by one thread.
///
/// JLine asks a terminal what it can do when it opens it, TamboUI whenever it takes it, and both
/// take keys that are pressed meanwhile for the answer. This one tells the terminal what is wanted:
/// it skips what it does not know.
final class UserTerminal extends JLineBackend {
    /// That what is one character to the reader has the width of one, DEC private mode 2027.
    private static final String WHOLE_CHARACTERS = "\033[?2027h";

    private static final String SEPARATE_CHARACTERS = "\033[?2027l";

    /// How it was when we took it; null while it is not ours.
    private @Nullable Attributes before;

    UserTerminal() throws IOException {
        System.setProperty("org.jline.terminal.graphemeCluster", "false"); // that it does not ask
        super();
    }

    /// Takes keys as they are pressed, Ctrl-C too. Also takes it anew, where a shell had it
    /// meanwhile without our having given it back.
    @Override
    public void enableRawMode() throws IOException {
        Terminal terminal = jlineTerminal();
        Attributes found = terminal.enterRawMode();
        if (before == null) {
            before = found;
        }
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(LocalFlag.ISIG, false);
        terminal.setAttributes(raw);
        writeRaw(WHOLE_CHARACTERS);
    }

    @Override
    public void disableRawMode() throws IOException {
        if (before != null) {
            writeRaw(SEPARATE_CHARACTERS);
            flush();
            jlineTerminal().setAttributes(before);
            before = null;
        }
    }
}
