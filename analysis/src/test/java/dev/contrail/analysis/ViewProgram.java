// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.convert.View;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/// `view` as a program of its own, for tests that need a process.
public final class ViewProgram {
    private ViewProgram() {}

    public static void main(String[] arguments) {
        try (var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true)) {
            System.exit(View.main(arguments, new FileOutputStream(FileDescriptor.out), err));
        }
    }
}
