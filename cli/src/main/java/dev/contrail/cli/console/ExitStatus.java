// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.wire.LttngError;

/// What a command ends with, as `lttng` 2.13 has it (`src/bin/lttng/command.h`, names without
/// `CMD_`). For some errors it is the error's own number instead, see [#of].
public enum ExitStatus {
    SUCCESS(0),
    ERROR(1),
    /// No such command or option.
    UNDEFINED(2),
    FATAL(3),
    WARNING(4),
    UNSUPPORTED(5);

    private final int number;

    ExitStatus(int number) {
        this.number = number;
    }

    /// What the process ends with.
    public int number() {
        return number;
    }

    /// The exit status that tells of a refusal: its number, except for what has none, and for a
    /// channel that exists already, which is no more than a warning.
    public static int of(LttngError error) {
        return switch (error) {
            case UNK -> ERROR.number;
            case KERN_CHAN_EXIST, UST_CHAN_EXIST -> WARNING.number;
            default -> error.number();
        };
    }
}
