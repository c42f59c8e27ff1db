// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Sink;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.ctf.CtfException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// A sink that is built in: all that the rest of the reader knows of it, as do help, completion and
/// manual pages.
///
/// @param className what `--component` calls it
/// @param format what `--output-format` calls it; empty when it has no such name
/// @param runName what `--run-args` calls it where `--output-format` names it; empty when
///   babeltrace2 has no such format, and it cannot be said so
/// @param description a sentence for `list-plugins`
/// @param parameters the names of those that it takes
/// @param output what it writes
/// @param isSliced whether what it writes of a slice of time does not depend on those before, but
///   for a text's first delta
/// @param factory makes one
record BuiltInSink(
        String className,
        String format,
        String runName,
        String description,
        List<String> parameters,
        Output output,
        boolean isSliced,
        Factory factory) {
    BuiltInSink {
        parameters = List.copyOf(parameters);
    }

    /// What a sink writes.
    enum Output {
        /// Lines, while it reads.
        LINES,
        /// Most of it when all is read.
        RESULT,
        /// Files in a folder, which `--output` names.
        FOLDER,
        /// Nothing.
        NOTHING,
        /// What traces declare; no event is read for it.
        DECLARATIONS
    }

    /// Makes a sink for one run, or for one slice of it.
    @FunctionalInterface
    interface Factory {
        /// @param sources what is read
        /// @param streams those whose messages will come
        /// @param out where text goes
        /// @param notices where warnings go
        Sink open(
                ViewOptions options,
                OpenSources sources,
                List<StreamSource> streams,
                OutputStream out,
                Notices notices)
                throws UsageException, IOException, CtfException;
    }
}
