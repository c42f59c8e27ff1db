// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One command: its grammar as data, one request or a few, their replies rendered.
///
/// Names, options, messages and exit statuses are those of `lttng` 2.13 (`lttng-cli.md`).
public interface Command {
    /// Options and arguments. picocli's programmatic model, no annotations: the process must be
    /// done before a human notices.
    CommandSpec spec();

    /// Whether its arguments follow a grammar of their own: it then gets them as `originalArgs`.
    default boolean hasOwnGrammar() {
        return false;
    }

    /// Does it.
    ///
    /// @return the exit status
    /// @throws Failure when it cannot be done; its message is the error line
    int run(ParseResult line, Console console) throws IOException, Failure;
}
