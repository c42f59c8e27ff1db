// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Our reader, in this process.
final class Ours {
    private Ours() {}

    static Reading read(List<String> arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        boolean hasDied = false;
        int status = 1;
        try {
            status =
                    View.main(
                            arguments.toArray(String[]::new),
                            out,
                            new PrintStream(err, true, StandardCharsets.UTF_8));
        } catch (RuntimeException | Error e) {
            hasDied = true;
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            err.writeBytes(trace.toString().getBytes(StandardCharsets.UTF_8));
        }
        return new Reading(
                status,
                out.toString(StandardCharsets.ISO_8859_1),
                err.toString(StandardCharsets.ISO_8859_1),
                hasDied);
    }
}
