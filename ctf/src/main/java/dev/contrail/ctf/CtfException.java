// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.Objects;

/// Trace data that breaks the format. The message says where, what was found and what was wanted.
public final class CtfException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param where file, packet, byte offset: as much as is known
    public CtfException(String where, String what) {
        super(where + ": " + what);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /// A name for a message, cut when hostile metadata made it longer than 60 characters.
    public static String shortened(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "…";
    }
}
