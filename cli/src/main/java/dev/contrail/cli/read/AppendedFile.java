// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.convert.ResumedOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Standard output where it is a file that is appended to, as with `>>`.
final class AppendedFile {
    private static final Path OUTPUT = Path.of("/proc/self/fd/1");
    private static final Path FACTS = Path.of("/proc/self/fdinfo/1");
    private static final Pattern FLAGS = Pattern.compile("(?m)^flags:\\s+([0-7]+)$");

    /// `O_APPEND` of Linux.
    private static final int APPEND = 02000;

    private AppendedFile() {}

    /// What a viewer that comes again can take back of it: nothing where it is something else.
    static ResumedOutput ofStandardOutput() {
        try {
            Matcher flags = FLAGS.matcher(Files.readString(FACTS));
            boolean isAppended =
                    flags.find() && (Integer.parseInt(flags.group(1), 8) & APPEND) != 0;
            return isAppended && Files.isRegularFile(OUTPUT)
                    ? ResumedOutput.to(OUTPUT)
                    : ResumedOutput.NONE;
        } catch (IOException e) {
            return ResumedOutput.NONE; // there is none
        }
    }
}
