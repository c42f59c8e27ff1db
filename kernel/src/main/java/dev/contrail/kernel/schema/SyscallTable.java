// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Numbers, names and fields of the system calls of this machine (`lttng-kernel-syscalls.tsv`).
public final class SyscallTable {
    private static final String NOT_IN_LTTNG = "(not in LTTng";
    private static final int NUMBER_LIMIT = 1024;

    private final Map<String, Syscall> byName = new TreeMap<>();

    /// One system call.
    ///
    /// @param isKnownToLttng else its arguments go into the entry as the kernel's format says
    /// @param arguments names in the kernel's order
    public record Syscall(
            String name,
            int number,
            boolean isKnownToLttng,
            List<LttngField> entryFields,
            List<LttngField> exitFields,
            List<String> arguments) {
        public Syscall {
            entryFields = List.copyOf(entryFields);
            exitFields = List.copyOf(exitFields);
            arguments = List.copyOf(arguments);
        }
    }

    private SyscallTable() {}

    /// The table for a machine, as `os.arch` names it.
    static SyscallTable load(String architecture) {
        int numberColumn = architecture.equals("aarch64") ? 2 : 1;
        var table = new SyscallTable();
        try {
            for (String[] columns : Tables.rows("lttng-kernel-syscalls.tsv", 6)) {
                if (columns[numberColumn].equals("-")) {
                    continue;
                }
                int number = Integer.parseInt(columns[numberColumn]);
                if (number < 0 || number >= NUMBER_LIMIT) {
                    throw new IOException(columns[0] + ": number " + number);
                }
                table.add(columns, number);
            }
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
        return table;
    }

    /// Ordered by name.
    public Map<String, Syscall> byName() {
        return Collections.unmodifiableMap(byName);
    }

    private void add(String[] columns, int number) {
        boolean isKnown = !columns[3].startsWith(NOT_IN_LTTNG);
        List<LttngField> entry = isKnown ? LttngField.list(columns[3]) : List.of();
        List<LttngField> exit = LttngField.list(columns[4]);
        var arguments = new ArrayList<String>();
        switch (columns[5]) {
            case "-" -> {}
            case "?" -> entry.forEach(field -> arguments.add(field.name()));
            default -> arguments.addAll(List.of(columns[5].split(", ")));
        }
        byName.put(columns[0], new Syscall(columns[0], number, isKnown, entry, exit, arguments));
    }
}
