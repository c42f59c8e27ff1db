// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import java.util.List;
import java.util.Objects;

/// A command that cannot be done: the lines after `Error: `, and the exit status.
public class Failure extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final LttngError error;
    private final transient List<String> hints;
    private final String explanation;

    private Failure(
            int status, LttngError error, String message, List<String> hints, String explanation) {
        super(message);
        this.status = status;
        this.error = error;
        this.hints = hints;
        this.explanation = explanation;
    }

    private Failure(int status, LttngError error, String message, List<String> hints) {
        this(status, error, message, hints, "");
    }

    /// With the exit status of most failures.
    ///
    /// @param hints lines for standard output, where `lttng` puts its hints
    public Failure(String message, String... hints) {
        this(ExitStatus.ERROR, message, hints);
    }

    /// With that exit status.
    public Failure(ExitStatus status, String message, String... hints) {
        this(status.number(), LttngError.UNK, message, List.of(hints));
    }

    /// With the exit status that tells of an error of the daemon.
    public Failure(LttngError error, String message, String... hints) {
        this(ExitStatus.of(error), error, message, List.of(hints));
    }

    /// With a status that is not LTTng's but a shell's or a program's, such as 127.
    public Failure(int status, String message) {
        this(status, LttngError.UNK, message, List.of());
    }

    /// What the daemon has refused.
    public static Failure of(Reply.Refused refused) {
        return new Failure(refused.error(), refused.reason());
    }

    /// The same with another exit status.
    public Failure withStatus(ExitStatus other) {
        return new Failure(other.number(), error, getMessage(), hints, explanation);
    }

    /// The same in other words.
    public Failure withMessage(String message) {
        return new Failure(status, error, message, hints, explanation);
    }

    /// The same with a line that follows the message.
    public Failure explained(String line) {
        return new Failure(status, error, getMessage(), hints, line);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /// The exit status.
    public int status() {
        return status;
    }

    /// Whether that is why.
    public boolean is(LttngError one) {
        return error == one;
    }

    /// Lines for standard output, where `lttng` puts its hints.
    public List<String> hints() {
        return hints;
    }

    /// What is to be said after the message, which is in the words of `lttng` then; mostly empty.
    public String explanation() {
        return explanation;
    }
}
