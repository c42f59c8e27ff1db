// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.Warning;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/// What a command works with: standard streams, places, the way to the daemon.
final class Console {
    /// The entry point that the user typed.
    enum Entry {
        CONTRAIL("contrail"),
        LTTNG("lttng"),
        BABELTRACE("babeltrace2");

        private final String program;

        Entry(String program) {
            this.program = program;
        }

        /// The one that the launcher says; `contrail` when it says nothing.
        static Entry of(String program) {
            for (Entry entry : values()) {
                if (entry.program.equals(program)) {
                    return entry;
                }
            }
            return CONTRAIL;
        }

        String program() {
            return program;
        }
    }

    private final Entry entry;
    private final PrintStream out;
    private final PrintStream err;
    private final GeneralOptions options;
    private final Places places;

    Console(Entry entry, PrintStream out, PrintStream err, GeneralOptions options, Places places) {
        this.entry = entry;
        this.out = out;
        this.err = err;
        this.options = options;
        this.places = places;
    }

    Entry entry() {
        return entry;
    }

    /// The program's name, as the user typed it.
    String program() {
        return entry.program();
    }

    GeneralOptions options() {
        return options;
    }

    Places places() {
        return places;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /// A result, unless `--quiet`.
    void say(String format, Object... arguments) {
        if (!options.isQuiet()) {
            out.println(format.formatted(arguments));
        }
    }

    void warn(String format, Object... arguments) {
        if (!options.isQuiet()) {
            out.flush();
            err.println("Warning: " + format.formatted(arguments));
        }
    }

    /// Something for the user's patience: to standard error, unless `--quiet`.
    void note(String text) {
        if (!options.isQuiet()) {
            out.flush();
            err.println(text);
            err.flush();
        }
    }

    void error(String format, Object... arguments) {
        if (!options.isQuiet()) {
            out.flush();
            err.println("Error: " + format.formatted(arguments));
        }
    }

    /// A failure that the command goes on after, in the command's own form, with its hints.
    void error(Failure failure, String format, Object... arguments) {
        failure.hints().forEach(hint -> say("%s", hint));
        error(format, arguments);
    }

    /// Asks the daemon.
    ///
    /// @return the answer, when it was not refused
    /// @throws Failure with the daemon's reason and code when it was
    Reply ask(Request request) throws IOException, Failure {
        try (DaemonConnection daemon = DaemonConnection.open(places)) {
            Reply reply = daemon.ask(request, this::note);
            if (reply instanceof Reply.Refused refused) {
                throw Failure.of(refused);
            }
            return reply;
        }
    }

    /// Asks for something whose answer is no more than that it was done.
    void done(Request request) throws IOException, Failure {
        warn(((Reply.Done) ask(request)).warnings());
    }

    /// Shows warnings of the daemon's, a line each.
    void warn(List<Warning> warnings) {
        warnings.forEach(warning -> warn("%s", warning.text()));
    }

    /// The session that `-s`, an argument or the current one names.
    String session(List<String> given) throws IOException, Failure {
        return given.isEmpty() || given.getFirst() == null
                ? new CurrentSession(places, entry).name()
                : given.getFirst();
    }
}
