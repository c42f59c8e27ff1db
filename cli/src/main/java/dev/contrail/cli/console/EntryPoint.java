// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

/// The entry point that the user typed.
public enum EntryPoint {
    CONTRAIL("contrail"),
    LTTNG("lttng"),
    BABELTRACE("babeltrace2");

    private final String program;

    EntryPoint(String program) {
        this.program = program;
    }

    /// The one that the launcher says; `contrail` when it says nothing.
    public static EntryPoint of(String program) {
        for (EntryPoint entry : values()) {
            if (entry.program.equals(program)) {
                return entry;
            }
        }
        return CONTRAIL;
    }

    /// The program's name.
    public String program() {
        return program;
    }
}
