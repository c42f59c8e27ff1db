// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.View;
import dev.contrail.analysis.ViewOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/// Standard output, which remembers that its reader has gone.
final class PipeOutput extends FileOutputStream {
    /// As for a program that SIGPIPE has ended.
    private static final int BROKEN_PIPE = 128 + 13;

    private boolean isBroken;

    private PipeOutput() {
        super(FileDescriptor.out);
    }

    /// Runs the graph into standard output.
    ///
    /// @return the exit status
    static int view(ViewOptions options, PrintStream err) {
        var out = new PipeOutput();
        int status = View.run(List.of(), options, out, err);
        return out.isBroken ? BROKEN_PIPE : status;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            super.write(bytes, offset, length);
        } catch (IOException e) {
            isBroken = "Broken pipe".equals(e.getMessage());
            throw e;
        }
    }
}
