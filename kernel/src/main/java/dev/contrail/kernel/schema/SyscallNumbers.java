// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.schema;

import dev.contrail.kernel.schema.SyscallTable.Syscall;

/// Numbers of the system calls that change what a thread is.
public record SyscallNumbers(int cloneCall, int execve, int execveat) {

    /// The numbers that this table gives them.
    public static SyscallNumbers of(SyscallTable table) {
        return new SyscallNumbers(
                number(table, "clone"), number(table, "execve"), number(table, "execveat"));
    }

    private static int number(SyscallTable table, String name) {
        Syscall call = table.byName().get(name);
        if (call == null) {
            throw new IllegalStateException("no system call " + name);
        }
        return call.number();
    }
}
